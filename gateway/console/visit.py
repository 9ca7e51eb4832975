"""One request of one person to a page."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from adapters import Response, WebRequest, forms
from gateway.accounts.account import Account, Right
from gateway.channels import ChannelStatus, status
from gateway.console import answers
from gateway.console.means import Means
from gateway.console.reasons import Reasons
from gateway.console.rendering import Times
from gateway.console.wording import LANGUAGES
from gateway.health.alarm import is_ill
from normalizer.message import Discreet

if TYPE_CHECKING:
    from jinja2 import Environment

EMPTY = forms.Form({})


def whole(text: str) -> int | None:
    """A number as addresses have it, of at most 15 digits; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


class Session(Discreet, frozen=True):
    """Somebody who is logged in. `csrf` is the secret that every form of this session carries."""

    id: str
    account: Account
    csrf: str

    shown = ("account",)


class Visit:
    """`values` are those in the path."""

    def __init__(
        self,
        request: WebRequest,
        values: Mapping[str, str],
        session: Session | None,
        means: Means,
        templates: "Environment",
    ) -> None:
        self.request = request
        self.values = values
        self.session = session
        self.means = means
        self._templates = templates

    @property
    def account(self) -> Account | None:
        return self.session.account if self.session else None

    @property
    def person(self) -> Account:
        """Who is logged in, on a page that asks for a right."""
        assert self.session
        return self.session.account

    @property
    def actor(self) -> str:
        """As the history and the audit log have it."""
        return self.person.name

    def may(self, right: Right | str) -> bool:
        return self.account is not None and self.account.may(Right(right))

    @cached_property
    def now(self) -> datetime:
        return datetime.now(UTC)

    @cached_property
    def query(self) -> Mapping[str, Sequence[str]]:
        """What follows the "?"; nothing where that is malformed."""
        try:
            return forms.query(self.request.query)
        except forms.Broken:
            return {}

    def asked(self, name: str) -> str:
        """The first value of this name in the query, "" if there is none."""
        return next(iter(self.query.get(name, ())), "")

    def number(self, name: str) -> int | None:
        """The first value of this name in the query, where it is a whole number."""
        return whole(self.asked(name))

    @property
    def ill_channels(self) -> list[ChannelStatus]:
        """Those that need a person."""
        states = map(status, self.means.lineup.channels.values())
        return [one for one in states if is_ill(one)]

    @cached_property
    def form(self) -> forms.Form:
        """What was posted. Raises `forms.Broken`, which the site answers."""
        content_type = self.request.headers.get("Content-Type", "")
        return forms.read(self.request.body, content_type) if self.request.body else EMPTY

    @property
    def is_fragment(self) -> bool:
        """Does a part of a page ask, to refresh itself?"""
        return self.request.headers.get("HX-Request") == "true"

    @cached_property
    def language(self) -> str:
        wanted = self.asked("bahasa") or (self.account.language if self.account else "")
        return wanted if wanted in LANGUAGES else self.means.settings.gateway.language

    def t(self, name: str, /, **values: object) -> str:
        """A text of the pages in the visitor's language."""
        return self.means.wording.text(name, self.language, **values)

    def because(self, reasons: str | Sequence[str]) -> str:
        """Why the machine decided something, in the visitor's language."""
        return ", ".join(map(self._reasons.said, [reasons] if isinstance(reasons, str) else reasons))

    @cached_property
    def _reasons(self) -> Reasons:
        categories = self.means.rules.book.categories
        known = [one.name for table in (categories.categories, categories.groups) for one in table.values()]
        return Reasons(self.means.wording, self.language, {name.id: name.in_(self.language) for name in known})

    def to(self, path: str, **query: object) -> str:
        """The address of a page of ours, in the language that was asked for unless `query` says another."""
        language = query.pop("bahasa", self.asked("bahasa"))
        given = {name: value for name, value in (query | {"bahasa": language}).items() if value not in (None, "")}
        return f"{path}?{urlencode(given, doseq=True)}" if given else path

    def page(
        self, template: str, status: int = 200, /, headers: Mapping[str, str] | None = None, **values: object
    ) -> Response:
        """A template with what every one of them may use: visit, t, times, may, to, because."""
        times = Times(self.means.wording, self.language, self.means.zone, self.now)
        shared = {"visit": self, "t": self.t, "times": times, "may": self.may, "to": self.to, "because": self.because}
        text = self._templates.get_template(template).render(shared | values)
        return answers.html(text, status, answers.NOT_KEPT | dict(headers or {}))

    def redirect(self, path: str, **query: object) -> Response:
        return answers.redirect(self.to(path, **query))

    def missing(self) -> Response:
        return self.page("problem.html", 404, what=self.t("base.missing"))

    def refusal(self, name: str, words: str) -> str:
        """Why something cannot be done, in the pages' words; in those given where they have none of this name."""
        return self.means.wording.texts[self.language].get(f"case.refused.{name}", words)

    def refused(self, why: str, status: int = 409) -> Response:
        """Something was not done; `why` says what to do."""
        return self.page("problem.html", status, what=why)
