"""What a channel that asks its provider over HTTP derives from."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from adapters.answered import LONGEST_ANSWER, Answered
from adapters.errors import ChannelDown

if TYPE_CHECKING:
    from adapters.lines import Line


class Calls:
    """`call` asks between `open` and `close`; `provider` is whom its errors name."""

    provider: ClassVar[str] = "the provider"
    _is_open = False
    _line: "Line | None" = None

    async def open(self) -> None:
        self._is_open = True

    async def close(self) -> None:
        self._is_open = False
        if self._line is not None:
            await self._line.close()
            self._line = None

    async def call(
        self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] = {}, most: int = LONGEST_ANSWER
    ) -> Answered:
        """What is answered, whatever its status; `adapters.refusals.heed` raises what that means. Raises `ChannelDown`,
        as `Line.ask` does."""
        if not self._is_open:
            raise ChannelDown("the channel is not open")
        if self._line is None:
            from adapters.lines import Line  # noqa: PLC0415  loads an HTTP client, which is nothing to who never asks

            self._line = Line(self.provider, {})
        return await self._line.ask(method, url, body, headers, most)
