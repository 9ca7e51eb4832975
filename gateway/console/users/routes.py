"""The addresses of the accounts."""

from gateway.accounts.account import Right
from gateway.console.routes import Route
from gateway.console.users import pages

ROUTES = (
    Route("GET", "/petugas/orang", pages.people, Right.PEOPLE),
    Route("GET", "/petugas/orang/tambah", pages.new, Right.PEOPLE),
    Route("POST", "/petugas/orang/tambah", pages.add, Right.PEOPLE),
    Route("GET", "/petugas/orang/akun/{name}", pages.one, Right.PEOPLE),
    Route("POST", "/petugas/orang/akun/{name}", pages.change, Right.PEOPLE),
    Route("POST", "/petugas/orang/akun/{name}/nonaktif", pages.disable, Right.PEOPLE),
    Route("POST", "/petugas/orang/akun/{name}/aktif", pages.enable, Right.PEOPLE),
    Route("POST", "/petugas/orang/akun/{name}/reset", pages.reset, Right.PEOPLE),
)
