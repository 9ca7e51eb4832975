"""What an operator says about a Telegram bot."""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from msgspec import Meta

from adapters import FetchingSettings, Limit, Limits, Problem, QuietSeconds, Secret
from adapters.hosts import is_private, is_web_address

API = "https://api.telegram.org"
_TOKEN = re.compile(r"\d{1,20}:[\w-]{10,100}", re.ASCII)
_USERNAME = re.compile(r"[A-Za-z]\w{3,31}", re.ASCII)
_SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,256}")


class TelegramSettings(FetchingSettings, frozen=True, kw_only=True):
    """A bot of Telegram's; docs/telegram.md tells how to make one."""

    limits: Limits = (
        Limit(most=30, seconds=1),
        Limit(most=5, seconds=5, each="conversation"),
        Limit(most=20, seconds=60, each="conversation", of="public"),
    )
    quiet_seconds: QuietSeconds = 3
    max_file_size: Annotated[
        int,
        Meta(
            description="Largest file that is fetched, in bytes; Telegram gives out none above 20 MB, a server of one's"
            " own may.",
            ge=1,
        ),
    ] = 20_971_520
    token: Annotated[Secret, Meta(description="The bot's token, from @BotFather.")]
    username: Annotated[
        str,
        Meta(
            description="The bot's name, without @. In groups it hears only what names it, or replies to it, and"
            " nothing at all if this is left out."
        ),
    ] = ""
    mode: Annotated[
        Literal["poll", "webhook"],
        Meta(description='How messages come in: "poll" asks Telegram for them, by "webhook" Telegram calls.'),
    ] = "poll"
    webhook_url: Annotated[
        str | None,
        Meta(
            description="This channel's address as Telegram sees it, for webhooks, as in"
            " https://lapor.example.go.id/in/telegram; Telegram calls ports 443, 80, 88 and 8443."
        ),
    ] = None
    secret_token: Annotated[
        Secret | None,
        Meta(description="What Telegram shows when it calls, for webhooks: 16 or more of A-Z a-z 0-9 _ -"),
    ] = None
    api_url: Annotated[
        str, Meta(description="Where the Bot API is, if a server of one's own stands between us and Telegram.")
    ] = API

    @property
    def bot(self) -> int:
        """The bot's id, which its token begins with."""
        return int(self.token.reveal().partition(":")[0])

    @property
    def api(self) -> str:
        """An origin, without a slash at its end."""
        return self.api_url.rstrip("/")

    def methods(self) -> str:
        """Where the Bot API's methods are. It holds the token."""
        return f"{self.api}/bot{self.token.reveal()}"

    def files(self) -> str:
        """Where the files are. It holds the token."""
        return f"{self.api}/file/bot{self.token.reveal()}"

    def problems(self) -> Sequence[Problem]:
        return [*self._bot(), *self._webhook()]

    def _bot(self) -> Iterator[Problem]:
        if not _TOKEN.fullmatch(self.token.reveal()):
            yield Problem("token", "is no token of a bot", "@BotFather tells it: a number, a colon and 35 characters")
        if self.username and not _USERNAME.fullmatch(self.username):
            yield Problem("username", f"{self.username!r} is no name of a bot", "as in kanal_bot, without @")
        if not is_web_address(self.api_url) or self.api.count("/") != 2:
            yield Problem("api_url", f"{self.api_url!r} is no origin", f"as in {API}")
        elif not is_private(self.api_url):
            yield Problem("api_url", "the token and what citizens write would travel in clear text", "use https://")

    def _webhook(self) -> Iterator[Problem]:
        if self.mode != "webhook":
            return
        if not self.webhook_url or not is_web_address(self.webhook_url):
            yield Problem("webhook_url", "is needed for webhooks", "as in https://lapor.example.go.id/in/telegram")
        elif self.webhook_url.startswith("http:") and self.api == API:
            yield Problem("webhook_url", "Telegram only calls addresses that begin with https://")
        if self.secret_token is None or not _SECRET_TOKEN.fullmatch(self.secret_token.reveal()):
            what = "must be 16 to 256 characters of A-Z a-z 0-9 _ - for webhooks"
            yield Problem(
                "secret_token", what, 'python -c "import secrets; print(secrets.token_urlsafe(24))" makes one'
            )
