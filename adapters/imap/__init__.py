"""Mail: a mailbox on somebody else's server, read by IMAP (RFC 3501, RFC 2177); a relay for the replies."""

from adapters.imap.adapter import Imap
from adapters.imap.settings import ImapSettings

__all__ = ["Imap", "ImapSettings"]
