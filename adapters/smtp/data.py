"""The mail between DATA and the final dot."""

_END = b"\r\n.\r\n"
TOO_BIG = "552 5.3.4 Message too big"


class Data:
    """Collects a mail from chunks of any size, in memory bounded by `limit` (octets) whatever is sent.

    Only CRLF.CRLF ends a mail: anything laxer lets a second mail be smuggled in through a server that reads it
    otherwise. Bare CR, bare LF, NUL and lines of any length are kept as they are. `refusal` is the answer to a mail
    that is not wanted; the rest of it is read and forgotten.
    """

    def __init__(self, limit: int) -> None:
        self.refusal = ""
        self._limit = limit
        self._octets = bytearray(b"\r\n")  # the end of the DATA line is the first half of an empty mail's end
        self._searched = 0

    def feed(self, chunk: bytes) -> bytes | None:
        """None while the mail goes on; once it has ended, what was sent after it."""
        self._octets += chunk
        end = self._octets.find(_END, self._searched)
        if end >= 0:
            return self._finish(end)
        self._searched = max(0, len(self._octets) - len(_END) + 1)
        if len(self._octets) > self._limit + len(_END):
            self.refuse(TOO_BIG)
        if self.refusal:
            self._forget()
        return None

    def refuse(self, answer: str) -> None:
        self.refusal = self.refusal or answer

    @property
    def size(self) -> int:
        """Octets held."""
        return len(self._octets)

    def content(self) -> bytes:
        """The mail, less the dots that were added to lines that begin with one (RFC 5321, 4.5.2)."""
        return bytes(self._octets).replace(b"\r\n.", b"\r\n")[2:]

    def _finish(self, end: int) -> bytes:
        rest = bytes(self._octets[end + len(_END) :])
        del self._octets[end + 2 :]
        if len(self._octets) - 2 > self._limit:
            self.refuse(TOO_BIG)
        return rest

    def _forget(self) -> None:
        del self._octets[: self._searched]
        self._searched = 0
