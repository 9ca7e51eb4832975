"""From what a source sent to messages. Pure."""

import codecs
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from adapters import Address, Attachment, Delivery, Message, Place, Unreadable, forms, ids, patient, times
from adapters.webhook import expressions, values
from adapters.webhook.mapping import Fields

#: The header of a delivery that is one report of a list already.
ITEM = "item"
JSON = "application/json"
#: Bytes of a body, but for the files in it: expressions are quick, but not that quick.
LONGEST = 2_097_152
MOST_ITEMS = 1000
_OF_THE_SENDER = ("sender", "sender_name", "phone", "email")
_OF_THE_PLACE = ("latitude", "longitude", "accuracy", "place")
_MEDIA_TYPE = "application/octet-stream"  # nobody has looked yet


def document(body: bytes, content_type: str) -> Any:
    """JSON as plain values, or a form: a text by each name, or the list of its texts. Raises `Unreadable`.

    Many call JSON something else, or nothing."""
    if len(body) > LONGEST and not _in_parts(content_type):
        raise Unreadable(f"it is longer than {LONGEST} bytes")
    if _bare(body)[:1] in {b"{", b"["} or content_type.lower().startswith(JSON):
        return answer(body)
    found = _form(body, content_type).fields
    return {name: texts[0] if len(texts) == 1 else list(texts) for name, texts in found.items()}


def answer(body: bytes) -> Any:
    """JSON of any length as plain values. Raises `Unreadable`."""
    return patient.read(_bare(body))


def _bare(body: bytes) -> bytes:
    return body.removeprefix(codecs.BOM_UTF8).lstrip()


def items(fields: Fields, told: Any) -> list[Any]:
    """The reports in a document. Raises `Unreadable` where there is no list of them."""
    if not fields.items:
        return [told]
    found = expressions.value(fields.items, told)
    if not isinstance(found, list):
        raise Unreadable("there is no list where fields.items says")
    return found


def id_of(fields: Fields, item: Any) -> str:
    """The source's own, "" where it has none."""
    return ids.short(values.text(expressions.value(fields.id, item)))


def messages(fields: Fields, zone: tzinfo, delivery: Delivery) -> list[Message]:
    """Raises `Unreadable` where nothing is reported; of a list, what reports nothing is left out."""
    told = document(delivery.body, delivery.content_type)
    found = [told] if ITEM in delivery.headers else items(fields, told)
    if len(found) > MOST_ITEMS:
        raise Unreadable(f"there are more than {MOST_ITEMS} reports in one body")
    made: dict[str, Message] = {}
    for at, item in enumerate(found):
        message = _message(fields, zone, delivery, item, _made(delivery, at, len(found)))
        if _says_something(message):
            made.setdefault(message.id, message)
    if found and not made:
        raise Unreadable("there are neither words nor files where fields says")
    return list(made.values())


def content(delivery: Delivery, attachment: Attachment) -> bytes:
    """The bytes of a file that a form brought with it. Raises `Unreadable`."""
    found = _form(delivery.body, delivery.content_type).file(attachment)
    if found is None:
        raise Unreadable("there is no such file")
    return found


def _form(body: bytes, content_type: str) -> forms.Form:
    try:
        return forms.read(body, content_type if _in_parts(content_type) else forms.URLENCODED)
    except forms.Broken:
        raise Unreadable("this is neither JSON nor a form") from None


def _in_parts(content_type: str) -> bool:
    return content_type.lower().startswith(forms.MULTIPART)


def _made(delivery: Delivery, at: int, of: int) -> str:
    return delivery.id if of == 1 else ids.digest(delivery.id, str(at))


def _message(fields: Fields, zone: tzinfo, delivery: Delivery, item: Any, identity: str) -> Message:
    """`identity` is what it is called where the source has no id."""

    def found(name: str) -> Any:
        return expressions.value(getattr(fields, name), item)

    addresses = _addresses(fields, {name: values.text(found(name)) for name in _OF_THE_SENDER})
    return Message(
        id=id_of(fields, item) or identity,
        channel=delivery.channel,
        sender=addresses[0] if addresses else None,
        text=values.text(found("text"), "\n"),
        subject=values.text(found("subject")) or None,
        sent_at=times.formatted(values.text(found("sent_at")), fields.time_format, zone),
        place=_place(*map(found, _OF_THE_PLACE)),
        attachments=(*_linked(values.urls(found("photos"))), *_brought(delivery)),
        fields=_more(fields, item),
        public=values.flag(found("public")),
        anonymous=values.flag(found("anonymous")),
        also=tuple(addresses[1:]),
    )


def _addresses(fields: Fields, told: Mapping[str, str]) -> list[Address]:
    """How the reporter can be reached; a name alone is nobody's."""
    kinds = {"sender": fields.sender_kind, "phone": "phone", "email": "email"}
    name = told["sender_name"] or None
    found = ((kind, values.address(kind, told[field])) for field, kind in kinds.items() if told[field])
    return [Address(kind, value, name) for kind, value in dict.fromkeys(found)]


def _place(latitude: Any, longitude: Any, accuracy: Any, words: Any) -> Place | None:
    pin = values.degrees(latitude, longitude)
    described = values.text(words) or None
    if pin is None:
        return Place(words=described) if described else None
    return Place(*pin, accuracy_m=values.metres(accuracy), words=described)


def _linked(urls: list[str]) -> Iterator[Attachment]:
    return (Attachment(None, _MEDIA_TYPE, 0, reference=url) for url in urls)


def _brought(delivery: Delivery) -> Iterator[Attachment]:
    if _in_parts(delivery.content_type):
        yield from (photo.attachment for photo in _form(delivery.body, delivery.content_type).photos)


def _more(fields: Fields, item: Any) -> dict[str, str]:
    told = {"category": fields.category, **fields.more}
    found = {name: values.text(expressions.value(expression, item)) for name, expression in told.items()}
    return {name: value for name, value in found.items() if value}


def _says_something(message: Message) -> bool:
    return bool(message.text or message.subject or message.attachments)
