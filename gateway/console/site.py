"""All pages: finds the one that is asked for, who asks, and whether they may. What a page raises is said in words."""

import hmac
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

import structlog

from adapters import NotAccepted, Response, WebRequest, forms
from gateway.console import answers
from gateway.console.means import Means
from gateway.console.rendering import environment
from gateway.console.routes import Found, Route, Router
from gateway.console.visit import Session, Visit, whole
from gateway.describe import describe
from gateway.errors import OperationRefused
from gateway.store.contract import StoreUnavailable

CSRF = "csrf"
#: How many files there were in a form that came too late: they are chosen again once somebody is logged in.
FILES = "files_again"
LOG_IN = "/masuk"
RETRY = {"Retry-After": "5"}

Sessions = Callable[[WebRequest], Awaitable[Session | None]]
log = structlog.get_logger()


class Site:
    """`sessions` finds out who asks. The path of each request is whole, with its leading slash."""

    def __init__(self, means: Means, routes: Sequence[Route], sessions: Sessions) -> None:
        self.router = Router(routes)
        self.means = means
        self._sessions = sessions
        self._templates = environment()

    def serves(self, path: str) -> bool:
        return self.router.serves(path)

    def max_size(self, method: str, path: str) -> int:
        """Octets that a body may have."""
        found = self.router.find(method, path)
        return found.route.max_size if found else 0

    async def answer(self, request: WebRequest) -> Response:
        found = self.router.find(request.method, request.path)
        session = await self._sessions(request)
        visit = Visit(request, found.values if found else {}, session, self.means, self._templates)
        try:
            return await (self._found(visit, found) if found else self._lost(visit))
        except OperationRefused as refusal:
            return visit.refused(visit.refusal(refusal.name, str(refusal)))
        except forms.Broken:
            return visit.refused(visit.t("base.broken_form"), 400)
        except (StoreUnavailable, NotAccepted):
            return visit.page("problem.html", 503, headers=RETRY, what=visit.t("base.not_kept"))
        except Exception as error:
            log.error("a page failed", where=found.route.path if found else "", error=describe(error))
            return visit.page("problem.html", 503, headers=RETRY, what=visit.t("base.failed"))

    async def _lost(self, visit: Visit) -> Response:
        methods = self.router.methods(visit.request.path)
        if not methods:
            return visit.missing()
        allowed = ", ".join((*methods, "HEAD") if "GET" in methods else methods)
        return answers.plain(405, "not so", answers.NOT_KEPT | {"Allow": allowed})

    async def _found(self, visit: Visit, found: Found) -> Response:
        route = found.route
        if route.method == "POST" and _is_foreign(visit):
            return visit.refused(visit.t("base.foreign"), 403)
        if route.right is not None:
            if visit.session is None:
                return self._log_in(visit)
            if not visit.may(route.right):
                return visit.refused(visit.t("base.not_yours"), 403)
        if route.method == "POST" and visit.session and not _has_token(visit):
            return self._again(visit)
        return await route.page(visit)

    def _log_in(self, visit: Visit) -> Response:
        if visit.request.method == "POST":
            return self._again(visit)
        if visit.is_fragment:  # the whole page is to go, not a part of it
            return answers.html("", 401, answers.NOT_KEPT | {"HX-Refresh": "true"})
        wanted = f"{visit.request.path}?{visit.request.query}" if visit.request.query else visit.request.path
        return visit.redirect(LOG_IN, lanjut=wanted)

    def _again(self, visit: Visit) -> Response:
        """A form that came too late, after its session: shown with all that was entered, to be sent once more."""
        dropped = (CSRF, "password", FILES)
        kept = {name: values for name, values in visit.form.fields.items() if not name.startswith(dropped)}
        files = len(visit.form.photos) or whole(visit.form.one(FILES)) or 0
        return visit.page("again.html", 403 if visit.session else 401, fields=kept, files=files, log_in=LOG_IN)


def _has_token(visit: Visit) -> bool:
    """In the form, or in the header of a script of ours."""
    assert visit.session
    given = visit.request.headers.get("X-CSRF") or visit.form.one(CSRF)
    return hmac.compare_digest(given.encode("utf-8", "replace"), visit.session.csrf.encode())


def _is_foreign(visit: Visit) -> bool:
    """Was it sent by a page of another site? Browsers say so (Fetch Metadata; the Origin header, RFC 6454)."""
    headers = visit.request.headers
    if site := headers.get("Sec-Fetch-Site"):
        return site not in {"same-origin", "none"}
    origin = headers.get("Origin")
    own = {urlsplit(visit.request.public_url).netloc, headers.get("Host", "")}
    return origin is not None and urlsplit(origin).netloc not in own
