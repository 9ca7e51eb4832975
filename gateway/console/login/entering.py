"""What the pages of the log-in share: where somebody goes on to, and what an answer sets in the browser."""

from msgspec.structs import replace

from adapters import Response
from gateway.accounts import passwords
from gateway.accounts.door import Entered, NotLetIn, Why
from gateway.accounts.kept import Stage
from gateway.console import answers, cookies
from gateway.console.visit import Visit

CODE = "/masuk/kode"
NEXT = "lanjut"
_STATUS = {Why.WAIT: 429, Why.BUSY: 503, Why.USED: 410, Why.TAKEN: 409}


def next_page(visit: Visit) -> str:
    """Where somebody wanted to go before the log-in came in between; "" if that is no page of ours."""
    wanted = visit.asked(NEXT) or (visit.form.one(NEXT) if visit.request.method == "POST" else "")
    return wanted if answers.is_ours(wanted) else ""


def entered(visit: Visit, who: Entered) -> Response:
    """On to the second step, or to what was wanted."""
    wanted = next_page(visit)
    if who.stage is Stage.IN:
        return with_cookies(answers.redirect(wanted or "/"), visit, who)
    return with_cookies(visit.redirect(CODE, **{NEXT: wanted}), visit, who)


def with_cookies(response: Response, visit: Visit, who: Entered) -> Response:
    return replace(response, cookies=cookies.of(visit.request, who))


def status(refused: NotLetIn) -> int:
    return _STATUS.get(refused.why, 403)


def why(visit: Visit, refused: NotLetIn) -> str:
    return visit.t(f"login.why.{refused.why}")


def new_password(visit: Visit, name: str) -> dict[str, str]:
    """What is wrong with the new password in the form, by field."""
    given = visit.form.one("password_new")
    if problem := passwords.problem(given, name):
        return {"password_new": visit.t(f"login.password.{problem}", least=passwords.SHORTEST)}
    if given != visit.form.one("password_again"):
        return {"password_again": visit.t("login.password.unlike")}
    return {}
