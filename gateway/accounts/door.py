"""Who comes in: by a password, by a link, or as the provider of identities says; and who is in."""

import time
from collections.abc import Callable
from enum import StrEnum

import structlog
from msgspec.structs import replace

from adapters.hosts import source_of
from gateway.accounts import codes, passwords, tokens
from gateway.accounts.account import Account, Role
from gateway.accounts.kept import Entrance, Session, Stage, User
from gateway.accounts.passwords import Passwords
from gateway.accounts.tries import Tries
from gateway.store.accounts import AccountStore
from gateway.store.contract import Conflict, Entry
from gateway.tables import ConsoleSettings
from normalizer.message import Discreet

#: Seconds in which the second step of a log-in is to follow the first.
SECOND_STEP = 300
#: Seconds after which it is written down anew that somebody was here.
SEEN_SECONDS = 60
LONGEST_AGENT = 300
LONGEST_NAME = 100

log = structlog.get_logger()


class Why(StrEnum):
    """Why somebody is not let in. WRONG: the name, the password or the code, whichever; WAIT: too many wrong ones came
    before; BUSY: too many others come in just now; USED: the link was used, or it is over, or the log-in took too long;
    TAKEN: that name is somebody else's; UNKNOWN: the provider of identities names nobody who has an account here."""

    WRONG = "wrong"
    WAIT = "wait"
    BUSY = "busy"
    USED = "used"
    TAKEN = "taken"
    UNKNOWN = "unknown"


class NotLetIn(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class Client(Discreet, frozen=True):
    """Who asks to come in: the IP address, what the browser says it is, and what it was given by `Entered.device`."""

    peer: str
    agent: str = ""
    device: str = ""


class Entered(Discreet, frozen=True):
    """Somebody came in, or one step further. `token` is the new session's, for a cookie; `device`, which is to be kept
    for long, lets the same browser try again while strangers are to wait: "" until somebody is wholly in."""

    token: str
    stage: Stage
    account: Account
    device: str

    shown = ("stage",)


class Inside(Discreet, frozen=True):
    """A session that is in force, and whose it is; `csrf` is what its forms carry."""

    session: Session
    user: User
    csrf: str


class Door:
    """`settings` gives those in force, `clock` seconds since the epoch; `told` is each outcome, "in" or a `Why`."""

    def __init__(
        self,
        store: AccountStore,
        settings: Callable[[], ConsoleSettings],
        clock: Callable[[], float] = time.time,
        hashing: Passwords | None = None,
        told: Callable[[str], None] = lambda outcome: None,
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._passwords = hashing or Passwords()
        self._told = told
        self._words = Tries(burst=10, seconds=60)
        self._codes = Tries(burst=5, seconds=300)

    def inside(self, token: str) -> Inside | None:
        """The session of a token, at whatever stage, if it is in force."""
        session = self._store.session(tokens.digest(token)) if token else None
        now = self._clock()
        if session is None or now >= session.ends_at or now >= session.seen_at + self._settings().idle_minutes * 60:
            return None
        user = self._store.user(session.user)
        if user is None or user.account.disabled_at is not None:
            return None
        return Inside(session, user, tokens.csrf(token))

    async def seen(self, inside: Inside) -> None:
        """Somebody is here now."""
        now = self._clock()
        if now >= inside.session.seen_at + SEEN_SECONDS:
            await self._store.saw_session(inside.session.digest, now)

    async def by_password(self, name: str, password: str, client: Client) -> Entered:
        """Raises `NotLetIn`: in the same words and after the same time whether there is such a name or not."""
        user = await self.confirmed(name, password, client)
        is_old = self._passwords.is_old(user.password)
        if is_old:
            user = replace(user, password=await self._passwords.hashed(password), version=user.version + 1)
        return await self._begin(user, self._next(user), client, "log in by password", changed=is_old)

    async def confirmed(self, name: str, password: str, client: Client) -> User:
        """Who has this name and this password. Raises `NotLetIn`."""
        name = name.strip().casefold()[:LONGEST_NAME]
        device, source = self._known_device(name, client), source_of(client.peer)
        if not self._words.may(name, source, device, self._clock()):
            log.warning("a log-in has to wait: too many wrong ones came before", stage="password")
            raise self._refused(Why.WAIT)
        if self._passwords.is_busy:
            log.warning("a log-in has to wait: too many come in just now", stage="password")
            raise self._refused(Why.BUSY)
        self._words.failed(name, source, device, self._clock())  # as long as it is not known to be right
        user = self._store.user_named(name)
        fits = await self._passwords.fits(password[: passwords.LONGEST], user.password if user else "")
        if not fits or user is None or user.account.disabled_at is not None:
            raise self._refused(Why.WRONG)
        self._words.succeeded(name, source, device, self._clock())
        return user

    async def changed_password(self, inside: Inside, old: str, new: str, client: Client) -> Entered:
        """Somebody's own, which ends their other sessions. Raises `NotLetIn`."""
        user = await self.confirmed(inside.user.account.name, old, client)
        user = replace(user, password=await self._passwords.hashed(new), version=user.version + 1)
        return await self.renewed(inside, user, client, "change the password")

    async def renewed(self, inside: Inside, user: User, client: Client, action: str) -> Entered:
        """Somebody who is in changed what they come in by: all their sessions end, and a new one begins. Raises
        `NotLetIn`."""
        entered, session = self._made(user, Stage.IN, client)
        entry = Entry(actor=user.account.name, action=action, about=(user.account.id,))
        try:
            await self._store.begin_session(session, inside.session.digest, user, entry, changed=True, alone=True)
        except Conflict:
            raise self._refused(Why.USED) from None
        return entered

    async def by_code(self, token: str, code: str, client: Client) -> Entered:
        """The second step. Raises `NotLetIn`."""
        inside = self._at(token, Stage.CODE)
        user, now = inside.user, self._clock()
        name, source = user.account.name, source_of(client.peer)
        device = self._known_device(name, client)
        if not self._codes.may(name, source, device, now):
            raise self._refused(Why.WAIT)
        used = self.used(user, code)
        if used is None:
            self._codes.failed(name, source, device, now)
            raise self._refused(Why.WRONG)
        return await self._begin(used, Stage.IN, client, "log in by code", instead_of=inside.session, changed=True)

    def used(self, user: User, code: str) -> User | None:
        """The user once this code was used, of the app or one that stands in for it; None if it is none of them."""
        step = codes.step_of(user.totp, code, self._clock(), user.totp_step) if user.totp else None
        if step is not None:
            return replace(user, totp_step=step, version=user.version + 1)
        left = codes.without(code, user.recovery, self.recovery_name(user))
        return replace(user, recovery=left, version=user.version + 1) if left is not None else None

    def recovery_name(self, user: User) -> Callable[[str], str]:
        return lambda code: self._store.vault.pseudonym("recovery", user.account.id, code)

    def entrance(self, token: str) -> User | bool:
        """Whom a link lets in: an account, or True for whoever makes the first one; False if it is over."""
        found = self._entrance(token)
        if found is None:
            return False
        return True if found.user is None else self._store.user(found.user) or False

    async def by_link(self, token: str, password: str, client: Client, first: tuple[str, str] = ("", "")) -> Entered:
        """Use a link and set the password of its account; `first` is the name and the display name of the first
        administrator. Raises `NotLetIn`."""
        found = self._entrance(token)
        if found is None:
            raise self._refused(Why.USED)
        hashed = await self._passwords.hashed(password)
        known = self._store.user(found.user) if found.user is not None else None
        if found.user is None:
            user = first_administrator(*first, hashed, self._clock())
        elif known is None or known.account.disabled_at is not None:
            raise self._refused(Why.USED)
        else:
            user = replace(known, password=hashed, version=known.version + 1)
        entered, session = self._made(user, self._next(user), client)
        entry = Entry(actor=user.account.name, action="log in by link", about=(user.account.id,))
        try:
            await self._store.come_in(found.digest, user, session, entry)
        except Conflict:
            raise self._refused(Why.TAKEN if self._entrance(token) else Why.USED) from None
        return self._let_in(entered)

    async def by_identity(self, subject: str, mail: str, client: Client) -> Entered:
        """As a provider of identities said: `subject` is who, for ever, as `User` has it; `mail` the address that it
        has verified, "" if it has none. By the latter somebody is known the first time only. Raises `NotLetIn`."""
        user = self._store.user_by_subject(subject)
        if user is None and mail:
            user = self._store.user_by_mail(mail)
            user = replace(user, subject=subject, version=user.version + 1) if user and not user.subject else None
        if user is None or user.account.disabled_at is not None:
            raise self._refused(Why.UNKNOWN)
        known = self._store.user(user.account.id)
        changed = known is not None and known.version != user.version
        return await self._begin(user, Stage.IN, client, "log in by OpenID Connect", changed=changed)

    async def leave(self, inside: Inside) -> None:
        account = inside.user.account
        entry = Entry(actor=account.name, action="log out", about=(account.id,))
        await self._store.end_session(account.id, inside.session.id, entry)

    def _at(self, token: str, stage: Stage) -> Inside:
        inside = self.inside(token)
        if inside is None or inside.session.stage is not stage:
            raise self._refused(Why.USED)
        return inside

    def _next(self, user: User) -> Stage:
        if user.totp:
            return Stage.CODE
        return Stage.ENROL if user.account.role in self._settings().require_totp else Stage.IN

    async def _begin(
        self,
        user: User,
        stage: Stage,
        client: Client,
        action: str,
        instead_of: Session | None = None,
        changed: bool = False,
    ) -> Entered:
        """A new session with a new token, whatever there was before."""
        entered, session = self._made(user, stage, client)
        entry = Entry(actor=user.account.name, action=action, about=(user.account.id,))
        try:
            before = instead_of.digest if instead_of else ""
            await self._store.begin_session(session, before, user, entry, changed=changed)
        except Conflict:
            raise self._refused(Why.USED) from None
        return self._let_in(entered)

    def _made(self, user: User, stage: Stage, client: Client) -> tuple[Entered, Session]:
        token, now = tokens.new(), self._clock()
        seconds = self._settings().session_hours * 3600 if stage is Stage.IN else SECOND_STEP
        session = Session(
            digest=tokens.digest(token),
            id=tokens.new()[:12],
            user=user.account.id,
            stage=stage,
            made_at=now,
            seen_at=now,
            ends_at=now + seconds,
            agent=client.agent[:LONGEST_AGENT],
            address=client.peer,
        )
        # who only knows the password gets no count of their own, by which to try codes out
        device = self._device(user.account.name, tokens.new()[:16]) if stage is Stage.IN else ""
        return Entered(token, stage, user.account, device), session

    def _let_in(self, entered: Entered) -> Entered:
        if entered.stage is Stage.IN:
            self._told("in")
        return entered

    def _refused(self, why: Why) -> NotLetIn:
        self._told(why)
        return NotLetIn(why)

    def _entrance(self, token: str) -> Entrance | None:
        found = self._store.entrance(tokens.digest(token))
        is_first = found is not None and found.user is None
        if found is None or self._clock() >= found.ends_at or (is_first and self._store.has_users()):
            return None
        return found

    def _device(self, name: str, nonce: str) -> str:
        return f"{nonce}.{self._store.vault.pseudonym('device', name, nonce)}"

    def _known_device(self, name: str, client: Client) -> str:
        """What names the browser, if it was given to it when its owner logged in."""
        nonce = client.device.partition(".")[0]
        return nonce if nonce and tokens.same(client.device, self._device(name, nonce)) else ""


def first_administrator(name: str, display_name: str, password: str, now: float) -> User:
    account = Account(id=f"u-{tokens.new()[:12]}", name=name, display_name=display_name, role=Role.ADMINISTRATOR)
    return User(account=account, made_at=now, password=password)
