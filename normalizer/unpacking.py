"""Letters within letters: what is in a mail's mails, Outlook messages and winmail.dat, and how it is found again.

"part:3/1" is number 1 of what is inside number 3 of the mail itself.
"""

import hashlib
import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from normalizer import compound, headers, markup, msg, rtf, tnef, uuencoded
from normalizer.body import file_name, is_text, read_body
from normalizer.charset import decode
from normalizer.letter import MOST_FILES, File, Letter
from normalizer.message import Attachment
from normalizer.mime import Leaf, Tree, content, read_tree
from normalizer.text import one_line

#: A mail in a mail in a mail … is opened no further.
MAX_LETTERS_DEEP = 4
#: Octets of all letters opened within one mail.
MAX_OPENED = 50_000_000

_MOST_TEXTS = 10
_MOST_OCTETS_READ = 2_000_000
_REFERENCE = re.compile(rf"part:(\d{{1,4}}(?:/\d{{1,4}}){{0,{MAX_LETTERS_DEEP}}})", re.ASCII)
_EML = frozenset({"message/rfc822", "message/global"})
_UNSAID = frozenset({"application/octet-stream", "application/x-unknown", "text/plain"})
_ENDINGS = {".txt": "text/plain", ".htm": "text/html", ".html": "text/html", ".rtf": "text/rtf"}
_WORDS = {kind: kind for kind in ("text/plain", "text/html", "text/rtf")} | {"application/rtf": "text/rtf"}
_PICTURES = ("image/", "audio/", "video/")


class Unpacked(NamedTuple):
    """All files in a mail, the letters that have words, the files that are nothing but words, and whether a limit was
    reached or a letter is damaged: then the file that holds it is listed."""

    attachments: tuple[Attachment, ...]
    letters: tuple[Letter, ...]
    texts: tuple[File, ...]
    cut: bool


def unpack(raw: bytes, tree: Tree) -> Unpacked:
    """What is in the mail `raw`, which was cut to `tree`. Never raises."""
    walk = _Walk()
    walk.items(_items(raw, tree), "part:", 0)
    return Unpacked(tuple(walk.attachments), tuple(walk.letters), tuple(walk.texts), walk.cut)


def attachment_bytes(raw: bytes, reference: str) -> bytes:
    """The bytes of the attachment that was called `reference` ("part:3/1"); raises LookupError if it is not there."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise LookupError("no such part")
    *outer, last = map(int, found[1].split("/"))
    items = _items(raw, read_tree(raw))
    for number in outer:
        items = _inside(_numbered(items, number)).items
    file = _numbered(items, last)
    if not isinstance(file, File):
        raise LookupError("not a file")
    return file.content()


def words_of(file: File) -> str:
    """The text of a file that is nothing but words."""
    data = file.content()[:_MOST_OCTETS_READ]
    match _type_of_words(file):
        case "text/html":
            return markup.to_text(decode(data, file.charset)[0])
        case "text/plain":
            return decode(data, file.charset)[0].strip()
        case _:
            return rtf.to_text(data)


def is_document(attachment: Attachment) -> bool:
    """A file that may hold a text which only a person can read: no picture, sound or film."""
    return not attachment.media_type.startswith(_PICTURES)


Items = tuple[File | tuple[int, Letter], ...]


def _numbered(items: Items, number: int) -> File | Letter:
    for item in items:
        if isinstance(item, File):
            if item.number == number:
                return item
        elif item[0] == number:
            return item[1]
    raise LookupError("no such part")


def _inside(item: File | Letter) -> Letter:
    letter = _opened(item, item.content()) if isinstance(item, File) else item
    if letter is None:
        raise LookupError("nothing is in it")
    return letter


def _is_letter(file: File, data: bytes) -> bool:
    return _is_mail(file) or data.startswith((tnef.SIGNATURE, compound.MAGIC))


def _is_mail(file: File) -> bool:
    return file.media_type in _EML or (file.name or "").lower().endswith(".eml")


def _opened(file: File, data: bytes) -> Letter | None:
    return tnef.read(data) or msg.read(data) or (_mail(data) if _is_mail(file) else None)


def _mail(raw: bytes) -> Letter:
    tree = read_tree(raw)
    text = partial(_text_of, raw, tree)
    return Letter(headers.subject(tree.headers), headers.sender(tree.headers), text, _items(raw, tree), tree.cut)


def _text_of(raw: bytes, tree: Tree) -> str:
    return read_body(raw, tree)[0]


def _items(raw: bytes, tree: Tree) -> Items:
    return tuple(item for number, leaf in enumerate(tree.leaves) for item in _item(raw, number, leaf))


def _item(raw: bytes, number: int, leaf: Leaf) -> Iterator[File | tuple[int, Letter]]:
    if not is_text(leaf):
        charset = leaf.described.get_content_charset()
        yield File(number, file_name(leaf), leaf.media_type[:100], partial(content, raw, leaf), charset)
    elif files := uuencoded.split(content(raw, leaf))[1]:
        yield number, Letter(None, None, str, tuple(_uuencoded(*named) for named in enumerate(files)))


def _uuencoded(number: int, file: tuple[bytes, bytes]) -> File:
    name = re.split(r"[/\\]", one_line(decode(file[0], None)[0], 400))[-1][-200:].strip()
    return File(number, name or None, "application/octet-stream", partial(uuencoded.decoded, file[1]))


def _type_of_words(file: File) -> str | None:
    """The type of a file that is nothing but words, None if it is none."""
    _, dot, ending = (file.name or "").lower().rpartition(".")
    return (_ENDINGS.get(dot + ending) if file.media_type in _UNSAID else None) or _WORDS.get(file.media_type)


class _Walk:
    def __init__(self) -> None:
        self.attachments: list[Attachment] = []
        self.letters: list[Letter] = []
        self.texts: list[File] = []
        self.cut = False
        self._octets = 0

    def items(self, items: Items, path: str, depth: int) -> None:
        for item in items:
            if isinstance(item, File):
                self._file(item, f"{path}{item.number}", depth)
            else:
                self._letter(item[1], f"{path}{item[0]}", depth)

    def _file(self, file: File, path: str, depth: int) -> None:
        if len(self.attachments) >= MOST_FILES:
            self.cut = True
            return
        data = file.content()
        letter = self._opened(file, data, depth)
        is_wrapping = letter is not None and not letter.cut and data.startswith(tnef.SIGNATURE)
        if (data or file.name) and not is_wrapping:
            self.attachments.append(_listed(file, path, data))
        if letter:
            self._letter(letter, path, depth)
        elif _type_of_words(file) and len(self.texts) < _MOST_TEXTS:
            self.texts.append(file)

    def _opened(self, file: File, data: bytes, depth: int) -> Letter | None:
        if not _is_letter(file, data):
            return None
        self._octets += len(data)
        if depth >= MAX_LETTERS_DEEP or self._octets > MAX_OPENED:
            self.cut = True
            return None
        return _opened(file, data)

    def _letter(self, letter: Letter, path: str, depth: int) -> None:
        self.cut = self.cut or letter.cut
        if len(self.letters) < _MOST_TEXTS:
            self.letters.append(letter)
        self.items(letter.items, f"{path}/", depth + 1)


def _listed(file: File, path: str, data: bytes) -> Attachment:
    digest = hashlib.sha256(data).hexdigest()
    return Attachment(file.name, file.media_type, len(data), digest=digest, reference=path)
