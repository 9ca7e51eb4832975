"""What an operator says about a WhatsApp number."""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from adapters import Costs, Limit, Limits, Problem, Secret
from adapters.graph.settings import GraphSettings

#: In `templates`: for all that has no template of its own.
OTHERS = "*"
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?")


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text that Meta has approved."""

    name: Annotated[str, Meta(description="Its name there: small letters, digits and _.")]
    language: Annotated[str, Meta(description='Its language there, such as "id" or "en_US".')] = "id"
    variable: Annotated[
        str,
        Meta(
            description='Which of its variables our words are put in: "1" for {{1}}, or a name; "" for a text that has'
            " none."
        ),
    ] = "1"


class WhatsAppCosts(Costs, frozen=True, kw_only=True):
    """What Meta charges for; what is said within a day of a citizen's last message is free."""

    template: Annotated[
        float, Meta(description="Price of one approved text, which its category decides; 0: not known.", ge=0)
    ] = 0


class WhatsAppSettings(GraphSettings, frozen=True, kw_only=True):
    """A WhatsApp number at Meta's Cloud API; docs/whatsapp.md tells where each of these is found."""

    max_file_size: Annotated[
        int, Meta(description="Largest file that is fetched from Meta, in bytes; Meta takes documents of 100 MB.", ge=1)
    ] = 104_857_600
    limits: Limits = (Limit(most=80, seconds=1),)
    phone_number_id: Annotated[str, Meta(description="Meta's id of our number; not the number itself.")]
    token: Annotated[Secret, Meta(description="Access token of a system user, with whatsapp_business_messaging.")]
    templates: Annotated[
        dict[str, Template],
        Meta(
            description="Approved texts for what is to be said more than a day after somebody wrote, by what it is"
            ' about ("moved", "received" ...); "*": all else. What has none is said elsewhere, or by a person.'
        ),
    ] = {}

    costs: Annotated[WhatsAppCosts, Meta(description="What it costs.")] = WhatsAppCosts()

    def template(self, about: str) -> Template | None:
        return self.templates.get(about) or self.templates.get(OTHERS)

    def problems(self) -> Sequence[Problem]:
        return [*super().problems(), *self._number(), *self._texts()]

    def _number(self) -> Iterator[Problem]:
        if not (self.phone_number_id.isascii() and self.phone_number_id.isdecimal()):
            hint = "WhatsApp, API Setup in Meta's App Dashboard shows it below the number"
            yield Problem("phone_number_id", "is a number of digits only", hint)

    def _texts(self) -> Iterator[Problem]:
        for about, template in self.templates.items():
            if not _NAME.fullmatch(template.name):
                yield Problem(f"templates.{about}.name", "is no template's name", "small letters, digits and _")
            if not _LANGUAGE.fullmatch(template.language):
                yield Problem(f"templates.{about}.language", "is no template's language", 'such as "id" or "en_US"')
