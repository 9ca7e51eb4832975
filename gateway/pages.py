"""The gateway's own addresses on its web server, beside what its channels receive."""

from collections.abc import Callable, Sequence

from aiohttp import web

from gateway.metrics import Counted, Metrics
from gateway.store.sqlite import SqliteStore
from gateway.web import Page


class Pages:
    """`is_ready` says whether the gateway is neither starting nor stopping; `counted` are the figures that are counted
    when somebody looks."""

    def __init__(
        self,
        store: SqliteStore,
        metrics: Metrics,
        counted: Sequence[Counted],
        is_ready: Callable[[], bool],
    ) -> None:
        self._store = store
        self._metrics = metrics
        self._counted = counted
        self._is_ready = is_ready

    def by_path(self) -> dict[str, Page]:
        return {
            "/healthz": self._healthz,
            "/readyz": self._readyz,
            "/metrics": self._figures,
        }

    async def _healthz(self, _request: web.BaseRequest) -> web.Response:
        return web.Response(text="ok\n")

    async def _readyz(self, _request: web.BaseRequest) -> web.Response:
        if self._store.fault():
            await self._store.try_again()
        why = self._store.fault() if self._is_ready() else "it is starting or stopping"
        return web.Response(status=503, text=f"not ready: {why}\n") if why else web.Response(text="ready\n")

    async def _figures(self, _request: web.BaseRequest) -> web.Response:
        for one in self._counted:
            await one.count()
        return web.Response(body=self._metrics.text(), content_type="text/plain", charset="utf-8")
