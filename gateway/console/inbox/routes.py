"""The addresses of the inbox."""

from gateway.accounts.account import Right
from gateway.console.inbox import bursts, counting, pages, saving
from gateway.console.routes import Route

ROUTES = (
    Route("GET", pages.INBOX, pages.show, Right.CASES),
    Route("GET", f"{pages.INBOX}/telat", pages.late, Right.CASES),
    Route("GET", f"{pages.INBOX}/angka", counting.numbers, Right.CASES),
    Route("GET", f"{pages.INBOX}/lonjakan", bursts.show, Right.CASES),
    Route("POST", f"{pages.INBOX}/simpanan", saving.save, Right.CASES),
    Route("POST", f"{pages.INBOX}/simpanan/{{view}}/hapus", saving.drop, Right.CASES),
)
