"""/masuk/openid: to the provider of identities and back."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import structlog
from msgspec.structs import replace

from adapters import Response
from gateway.accounts.door import NotLetIn
from gateway.accounts.openid import ERRAND_SECONDS, Failed, OpenId, Unreachable
from gateway.console import answers, cookies
from gateway.console.login import entering
from gateway.console.login.pages import refused_log_in
from gateway.console.visit import Visit

BACK = "/masuk/openid/kembali"

log = structlog.get_logger()


async def go(visit: Visit) -> Response:
    provider = _provider(visit)
    if provider is None:
        return visit.missing()
    try:
        address, errand = await provider.begin(_back(visit), entering.next_page(visit))
    except (Failed, Unreachable) as error:
        return _failed(visit, error)
    cookie = cookies.put(visit.request, cookies.ERRAND, errand, ERRAND_SECONDS)
    return replace(answers.away(address), cookies=(cookie,))


async def back(visit: Visit) -> Response:
    provider = _provider(visit)
    if provider is None:
        return visit.missing()
    try:
        errand = cookies.value(visit.request, cookies.ERRAND)
        identity = await provider.finish(_back(visit), _said(visit), errand)
        who = await visit.means.door.by_identity(identity.subject, identity.mail, cookies.client(visit.request))
    except (Failed, Unreachable) as error:
        return _failed(visit, error)
    except NotLetIn as refused:
        return refused_log_in(visit, 403, visit.t(f"login.why.{refused.why}"))
    response = answers.redirect(identity.wanted or "/")
    return replace(response, cookies=(*cookies.of(visit.request, who), cookies.gone(visit.request, cookies.ERRAND)))


def _failed(visit: Visit, error: Failed | Unreachable) -> Response:
    log.warning("a log-in by OpenID Connect failed", error=str(error))
    openid = visit.means.settings.console.openid
    assert openid
    is_down = isinstance(error, Unreachable)
    text = visit.t("login.openid.unreachable" if is_down else "login.openid.failed", name=openid.name)
    return refused_log_in(visit, 502 if is_down else 403, text)


def _provider(visit: Visit) -> OpenId | None:
    settings = visit.means.settings.console.openid
    return OpenId(settings, lambda: visit.means.store.vault) if settings else None


def _back(visit: Visit) -> str:
    seen = urlsplit(visit.request.public_url)
    return f"{seen.scheme}://{seen.netloc}{BACK}"


def _said(visit: Visit) -> Mapping[str, str]:
    return {name: values[0] for name, values in visit.query.items()}
