"""/akun: one's own account. Who changes what they come in by is given a new session; all their others end."""

from typing import Literal, cast

from adapters import Response
from gateway.accounts.door import Inside, NotLetIn
from gateway.console import cookies
from gateway.console.login import entering
from gateway.console.login.pages import app_values, log_in, stand_ins
from gateway.console.visit import Visit
from gateway.console.wording import LANGUAGES
from gateway.store.contract import Conflict

ACCOUNT, APP = "/akun", "/akun/aplikasi"


async def account(visit: Visit) -> Response:
    inside = _inside(visit)
    return _account(visit, inside, 200, {}) if inside else await log_in(visit)


async def password(visit: Visit) -> Response:
    inside = _inside(visit)
    if inside is None:
        return await log_in(visit)
    wrong = entering.new_password(visit, inside.user.account.name)
    if wrong:
        return _account(visit, inside, 422, wrong)
    old, new = visit.form.one("password"), visit.form.one("password_new")
    try:
        who = await visit.means.door.changed_password(inside, old, new, cookies.client(visit.request))
    except NotLetIn as refused:
        return _account(visit, inside, entering.status(refused), {"password": visit.t(f"login.own.{refused.why}")})
    return entering.with_cookies(visit.redirect(ACCOUNT, selesai="password"), visit, who)


async def app(visit: Visit) -> Response:
    inside = _inside(visit)
    return _app(visit, inside, 200, {}) if inside else await log_in(visit)


async def set_up_app(visit: Visit) -> Response:
    inside = _inside(visit)
    if inside is None:
        return await log_in(visit)
    client = cookies.client(visit.request)
    try:
        if inside.user.totp:  # who only found a browser open does not get a second factor of their own
            await visit.means.door.confirmed(inside.user.account.name, visit.form.one("password"), client)
    except NotLetIn as refused:
        return _app(visit, inside, entering.status(refused), {"password": visit.t(f"login.own.{refused.why}")})
    try:
        given = visit.form.one("code")
        who, made = await visit.means.own.set_up_app(inside, given, client)
    except NotLetIn as refused:
        return _app(visit, inside, entering.status(refused), {"code": visit.t(f"login.code.{refused.why}")})
    return stand_ins(visit, made, ACCOUNT, who)


async def remove_app(visit: Visit) -> Response:
    inside = _inside(visit)
    if inside is None:
        return await log_in(visit)
    if inside.user.account.role in visit.means.settings.console.require_totp:
        return _account(visit, inside, 409, {"password_app": visit.t("login.app_needed")})
    try:
        given = visit.form.one("password_app")
        who = await visit.means.own.remove_app(inside, given, cookies.client(visit.request))
    except NotLetIn as refused:
        return _account(visit, inside, entering.status(refused), {"password_app": visit.t(f"login.own.{refused.why}")})
    return entering.with_cookies(visit.redirect(ACCOUNT, selesai="app"), visit, who)


async def end_session(visit: Visit) -> Response:
    inside = _inside(visit)
    if inside is None:
        return await log_in(visit)
    await visit.means.own.end_session(inside, visit.values["session"])
    return visit.redirect(ACCOUNT, selesai="session")


async def language(visit: Visit) -> Response:
    inside, wanted = _inside(visit), visit.form.one("language")
    if inside is None:
        return await log_in(visit)
    if wanted in LANGUAGES:
        try:
            await visit.means.own.set_language(inside, cast(Literal["id", "en"], wanted))
        except Conflict:
            return visit.refused(visit.t("login.meanwhile"))
    return visit.redirect(ACCOUNT)


def _inside(visit: Visit) -> Inside | None:
    return visit.means.door.inside(cookies.value(visit.request, cookies.SESSION))


def _account(visit: Visit, inside: Inside, status: int, wrong: dict[str, str]) -> Response:
    return visit.page(
        "login/account.html",
        status,
        wrong=wrong,
        who=inside.user.account,
        place=_place(visit, inside),
        has_app=bool(inside.user.totp),
        codes_left=len(inside.user.recovery),
        has_password=bool(inside.user.password),
        sessions=visit.means.own.sessions(inside),
        current=inside.session.id,
        done=visit.asked("selesai") if visit.asked("selesai") in {"password", "app", "session"} else "",
    )


def _place(visit: Visit, inside: Inside) -> str:
    """Where somebody works, as people call it."""
    account = inside.user.account
    code = account.office or account.unit
    return visit.means.rules.routing.name(code) if code else ""


def _app(visit: Visit, inside: Inside, status: int, wrong: dict[str, str]) -> Response:
    return visit.page(
        "login/app.html", status, wrong=wrong, app=app_values(visit, inside), is_anew=bool(inside.user.totp)
    )
