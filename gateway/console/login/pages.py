"""/masuk: by password, by a code of the app, by a link; and /keluar."""

from msgspec.structs import replace

from adapters import Response
from gateway.accounts import codes, people
from gateway.accounts.account import called
from gateway.accounts.door import Inside, NotLetIn, Why
from gateway.accounts.kept import Stage, User
from gateway.console import answers, cookies
from gateway.console.login import entering
from gateway.console.visit import Visit

LOG_IN = "/masuk"
WAIT = {"Retry-After": "60"}


async def log_in(visit: Visit) -> Response:
    if visit.session:
        return answers.redirect(entering.next_page(visit) or "/")
    return _log_in(visit, 200, {})


async def by_password(visit: Visit) -> Response:
    name, password = visit.form.one("name"), visit.form.one("password")
    try:
        return entering.entered(
            visit, await visit.means.door.by_password(name, password, cookies.client(visit.request))
        )
    except NotLetIn as refused:
        return _log_in(visit, entering.status(refused), {"password": entering.why(visit, refused)})


def refused_log_in(visit: Visit, status: int, why: str) -> Response:
    """The page of the log-in, with why another way in did not lead in."""
    return _log_in(visit, status, {"name": why})


def _log_in(visit: Visit, status: int, wrong: dict[str, str]) -> Response:
    openid = visit.means.settings.console.openid
    return visit.page(
        "login/log_in.html",
        status,
        headers=WAIT if status in {429, 503} else None,
        wrong=wrong,
        name=visit.form.one("name"),
        next=entering.next_page(visit),
        openid=openid.name if openid else "",
    )


async def code(visit: Visit) -> Response:
    inside = _half_in(visit)
    return _code(visit, inside, 200, {}) if inside else _too_late(visit)


async def by_code(visit: Visit) -> Response:
    inside = _half_in(visit)
    if inside is None:
        return _too_late(visit)
    given, client = visit.form.one("code"), cookies.client(visit.request)
    try:
        if inside.session.stage is Stage.ENROL:
            who, made = await visit.means.own.set_up_app(inside, given, client)
            return stand_ins(visit, made, who_next=entering.next_page(visit), entered=who)
        token = cookies.value(visit.request, cookies.SESSION)
        return entering.entered(visit, await visit.means.door.by_code(token, given, client))
    except NotLetIn as refused:
        if refused.why is Why.USED:
            return _too_late(visit)
        return _code(visit, inside, entering.status(refused), {"code": visit.t(f"login.code.{refused.why}")})


def stand_ins(visit: Visit, made: list[str], who_next: str, entered: object) -> Response:
    """The codes that stand in for the app, this once."""
    page = visit.page("login/stand_ins.html", codes=made, next=who_next or "/")
    return entering.with_cookies(page, visit, entered)  # type: ignore[arg-type]


def app_values(visit: Visit, inside: Inside) -> dict[str, str]:
    """What an app is set up with: for a camera, and to be typed."""
    secret = visit.means.own.secret(inside)
    return {"picture": codes.picture(secret, inside.user.account.name), "secret": secret}


def _code(visit: Visit, inside: Inside, status: int, wrong: dict[str, str]) -> Response:
    is_new = inside.session.stage is Stage.ENROL
    return visit.page(
        "login/code.html",
        status,
        headers=WAIT if status == 429 else None,
        wrong=wrong,
        next=entering.next_page(visit),
        app=app_values(visit, inside) if is_new else None,
    )


def _half_in(visit: Visit) -> Inside | None:
    inside = visit.means.door.inside(cookies.value(visit.request, cookies.SESSION))
    return inside if inside and inside.session.stage is not Stage.IN else None


def _too_late(visit: Visit) -> Response:
    return visit.redirect(LOG_IN, **{entering.NEXT: entering.next_page(visit)})


async def link(visit: Visit) -> Response:
    who = visit.means.door.entrance(visit.values["token"])
    return _link(visit, who, 200, {}) if who else _over(visit)


async def by_link(visit: Visit) -> Response:
    token = visit.values["token"]
    who = visit.means.door.entrance(token)
    if not who:
        return _over(visit)
    first = (visit.form.one("name").casefold(), called(visit.form.one("display_name")))
    name = first[0] if who is True else who.account.name
    wrong = _wrong_name(visit, name) if who is True else {}
    wrong |= entering.new_password(visit, name)
    if wrong:
        return _link(visit, who, 422, wrong)
    client = cookies.client(visit.request)
    given = (name, first[1] or name)
    try:
        entered = await visit.means.door.by_link(token, visit.form.one("password_new"), client, given)
    except NotLetIn as refused:
        if refused.why is Why.USED:
            return _over(visit)
        return _link(visit, who, 409, {"name": entering.why(visit, refused)})
    return entering.entered(visit, entered)


def _link(visit: Visit, who: User | bool, status: int, wrong: dict[str, str]) -> Response:
    return visit.page(
        "login/link.html",
        status,
        wrong=wrong,
        who=who.account if isinstance(who, User) else None,
        name=visit.form.one("name"),
        display_name=visit.form.one("display_name"),
    )


def _wrong_name(visit: Visit, name: str) -> dict[str, str]:
    return {} if people.is_name(name) else {"name": visit.t("login.name_wrong")}


def _over(visit: Visit) -> Response:
    return visit.page("problem.html", 410, what=visit.t("login.link_over"))


async def log_out(visit: Visit) -> Response:
    inside = visit.means.door.inside(cookies.value(visit.request, cookies.SESSION))
    if inside:
        await visit.means.door.leave(inside)
    return replace(visit.redirect(LOG_IN), cookies=(cookies.gone(visit.request, cookies.SESSION),))
