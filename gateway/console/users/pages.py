"""/petugas/orang: who has an account. Each act is the one that `kanal user` does, too."""

from itertools import islice
from typing import Any

from adapters import Response
from gateway.accounts.account import Role
from gateway.accounts.kept import User
from gateway.console.desk import offices
from gateway.console.visit import Visit
from gateway.errors import OperationRefused

LIST = "/petugas/orang"
_ABOUT = {
    "name": "name",
    "taken": "name",
    "role": "role",
    "last": "role",
    "office": "office",
    "no-office": "office",
    "unit": "unit",
    "no-unit": "unit",
    "mail": "mail",
}
_FIELDS = ("display_name", "role", "office", "unit", "mail", "language")


async def people(visit: Visit) -> Response:
    routing = visit.means.rules.routing
    rows = [
        (user, routing.name(code) if (code := user.account.office or user.account.unit) else "")
        for user in visit.means.store.users()
    ]
    return visit.page("users/list.html", rows=rows, saved=bool(visit.asked("tersimpan")))


async def new(visit: Visit) -> Response:
    return _new(visit, 200, {"role": Role.OFFICER, "language": visit.language}, {})


async def add(visit: Visit) -> Response:
    given = _given(visit)
    try:
        done = await visit.means.ask("add user", actor=visit.actor, name=visit.form.one("name"), **given)
    except OperationRefused as refusal:
        return _new(visit, 409, given | {"name": visit.form.one("name")}, _wrong(visit, refusal))
    return _link(visit, done)


async def one(visit: Visit) -> Response:
    user = visit.means.store.user_named(visit.values["name"])
    return _one(visit, user, 200, _standing(user), {}) if user else visit.missing()


async def change(visit: Visit) -> Response:
    user = visit.means.store.user_named(visit.values["name"])
    if user is None:
        return visit.missing()
    given = _given(visit)
    try:
        await visit.means.ask("change user", actor=visit.actor, name=user.account.name, **given)
    except OperationRefused as refusal:
        return _one(visit, user, 409, given, _wrong(visit, refusal))
    return visit.redirect(LIST, tersimpan=1)


async def disable(visit: Visit) -> Response:
    return await _done(visit, "disable user")


async def enable(visit: Visit) -> Response:
    return await _done(visit, "enable user")


async def reset(visit: Visit) -> Response:
    """Not one's own account: with its sessions the page that shows the link would end, too."""
    if visit.account and visit.account.name == visit.values["name"]:
        return visit.refused(visit.t("users.reset_own"))
    try:
        done = await visit.means.ask("reset user", actor=visit.actor, name=visit.values["name"])
    except OperationRefused as refusal:
        return visit.refused(_in_words(visit, refusal))
    return _link(visit, done)


async def _done(visit: Visit, verb: str) -> Response:
    try:
        await visit.means.ask(verb, actor=visit.actor, name=visit.values["name"])
    except OperationRefused as refusal:
        return visit.refused(_in_words(visit, refusal))
    return visit.redirect(LIST, tersimpan=1)


def _wrong(visit: Visit, refusal: OperationRefused) -> dict[str, str]:
    """By the field that it is about."""
    return {_ABOUT.get(refusal.name, "display_name"): _in_words(visit, refusal)}


def _in_words(visit: Visit, refusal: OperationRefused) -> str:
    return visit.t(f"users.refused.{refusal.name}") if refusal.name else str(refusal)


def _given(visit: Visit) -> dict[str, str]:
    """What a browser leaves out is empty; it always sends a language."""
    given = {name: visit.form.one(name) for name in _FIELDS}
    return given | {"language": given["language"] or visit.language}


def _standing(user: User) -> dict[str, str]:
    account = {name: getattr(user.account, name) or "" for name in _FIELDS if name != "mail"}
    return account | {"mail": user.mail}


def _link(visit: Visit, done: dict[str, Any]) -> Response:
    """Not by way of another page: the link stands in no address."""
    return visit.page("users/link.html", name=done["name"], link=done["link"], hours=done["hours"])


def _new(visit: Visit, status: int, given: dict[str, str], wrong: dict[str, str]) -> Response:
    return visit.page("users/new.html", status, **_shown(visit, given, wrong))


def _one(visit: Visit, user: User, status: int, given: dict[str, str], wrong: dict[str, str]) -> Response:
    return visit.page(
        "users/one.html",
        status,
        who=user.account,
        has_password=bool(user.password),
        **_shown(visit, given, wrong),
    )


def _shown(visit: Visit, given: dict[str, str], wrong: dict[str, str]) -> dict[str, Any]:
    rules = visit.means.rules
    return {
        "given": dict.fromkeys(("name", *_FIELDS), "") | given,
        "wrong": wrong,
        "roles": tuple(Role),
        "places": tuple(islice(offices.of_units(rules.routing, rules.book.areas, every=True), offices.MOST)),
    }
