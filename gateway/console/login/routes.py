"""The addresses of the log-in and of one's own account."""

from gateway.accounts.account import Right
from gateway.console.login import account, openid, pages
from gateway.console.routes import Route

ROUTES = (
    Route("GET", "/masuk", pages.log_in, None),
    Route("POST", "/masuk", pages.by_password, None),
    Route("GET", "/masuk/kode", pages.code, None),
    Route("POST", "/masuk/kode", pages.by_code, None),
    Route("GET", "/masuk/openid", openid.go, None),
    Route("GET", "/masuk/openid/kembali", openid.back, None),
    Route("GET", "/masuk/{token}", pages.link, None),
    Route("POST", "/masuk/{token}", pages.by_link, None),
    Route("POST", "/keluar", pages.log_out, None),
    Route("GET", "/akun", account.account, Right.ACCOUNT),
    Route("POST", "/akun/sandi", account.password, Right.ACCOUNT),
    Route("GET", "/akun/aplikasi", account.app, Right.ACCOUNT),
    Route("POST", "/akun/aplikasi", account.set_up_app, Right.ACCOUNT),
    Route("POST", "/akun/aplikasi/hapus", account.remove_app, Right.ACCOUNT),
    Route("POST", "/akun/sesi/{session}", account.end_session, Right.ACCOUNT),
    Route("POST", "/akun/bahasa", account.language, Right.ACCOUNT),
)
