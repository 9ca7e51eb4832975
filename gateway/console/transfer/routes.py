"""The addresses of tables that go in and out."""

from gateway.accounts.account import Right
from gateway.console.routes import Route
from gateway.console.transfer import coming, leaving, one

ROUTES = (
    Route("GET", coming.HOME, coming.index, Right.IMPORT),
    Route("POST", coming.HOME, coming.upload, Right.IMPORT, coming.MOST_BYTES),
    Route("GET", f"{coming.HOME}/{{import}}", one.show, Right.IMPORT),
    Route("POST", f"{coming.HOME}/{{import}}", one.act, Right.IMPORT),
    Route("GET", f"{coming.HOME}/{{import}}/kemajuan", one.progress, Right.IMPORT),
    Route("GET", f"{coming.HOME}/{{import}}/ditolak", one.refused, Right.IMPORT),
    Route("GET", "/petugas/ekspor", leaving.form, Right.EXPORT),
    Route("POST", "/petugas/ekspor", leaving.download, Right.EXPORT),
)
