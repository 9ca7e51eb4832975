"""What is kept of the people who work with Kanal: their accounts, where they are logged in, and links into accounts.

Of tokens only hashes are kept: they have 256 random bits, so that nothing slower than SHA-256 is needed. Times are
seconds since the epoch (UTC) as float.
"""

from enum import StrEnum

from gateway.accounts.account import Account
from normalizer.message import Discreet


class User(Discreet, frozen=True, kw_only=True):
    """An account with what it is entered by; "" is none. `password` is its hash (argon2id, encoded), `totp` the secret
    of the authenticator app in base32, `totp_step` the time step of the newest code that was used (RFC 6238: none
    counts twice), `recovery` hashes of the codes that stand in for the app once each. `mail` is where a provider of
    identities may know the person by; `subject`, a keyed hash of provider and subject, is who it said once that it is.
    A change is to have the next `version`."""

    account: Account
    made_at: float
    version: int = 1
    password: str = ""
    totp: str = ""
    totp_step: int = 0
    recovery: tuple[str, ...] = ()
    mail: str = ""
    subject: str | None = None

    shown = ("account", "version")

    @property
    def can_come_in(self) -> bool:
        """By a password, or by a provider of identities."""
        return bool(self.password or self.subject)


class Stage(StrEnum):
    """How far a log-in came: CODE, the password was right and a code of the app is to follow; ENROL, it was right, and
    the role asks for an app, which is yet to be set up; IN, all that is asked for was given."""

    CODE = "code"
    ENROL = "enrol"
    IN = "in"


class Session(Discreet, frozen=True, kw_only=True):
    """Where somebody is logged in. `digest` is the hash of the token in the cookie, `id` names the session to its
    owner, `agent` is what the browser says it is, `address` where it first came from."""

    digest: str
    id: str
    user: str
    stage: Stage
    made_at: float
    seen_at: float
    ends_at: float
    agent: str = ""
    address: str = ""

    shown = ("id", "stage")


class Entrance(Discreet, frozen=True):
    """A link that lets in once: to an account, or, if `user` is None, to make the first one. `digest` is the hash of
    the token in it."""

    digest: str
    user: str | None
    ends_at: float
