"""The addresses of a case."""

from gateway.accounts.account import Right
from gateway.console.case import answering, beside, colleagues, moving, page, photos, revealing, sorting, talks, uniting
from gateway.console.routes import SMALL_FORM, Page, Route

_CASE = "/petugas/kasus/{code}"
#: Octets of a photo that proves something is done, and of the form around it.
PROOF = 12_000_000


def _post(act: str, does: Page, right: Right = Right.HANDLE, max_size: int = SMALL_FORM) -> Route:
    return Route("POST", f"{_CASE}/{act}", does, right, max_size)


ROUTES = (
    Route("GET", _CASE, page.PAGE, Right.CASES),
    Route("GET", f"{_CASE}/hadir", beside.HERE, Right.CASES),
    Route("GET", f"{_CASE}/serupa", beside.ALIKE, Right.CASES),
    Route("GET", f"{_CASE}/percakapan", talks.SHOW, Right.CASES),
    _post("percakapan", talks.TAKE, Right.ANSWER),
    Route("GET", f"{_CASE}/pelapor", revealing.ASK, Right.REVEAL),
    _post("pelapor", revealing.REVEAL, Right.REVEAL),
    _post("status", moving.MOVE, max_size=PROOF),
    _post("status/pratinjau", moving.PREVIEW),
    _post("tempat", sorting.PLACE),
    _post("kategori", sorting.SORT),
    _post("gabung", uniting.JOIN),
    _post("pisah", uniting.PART),
    _post("buka-lagi", uniting.REOPEN),
    _post("tugas", colleagues.ASSIGN),
    _post("catatan", colleagues.NOTE),
    _post("naskah", answering.KEEP),
    _post("jawab", answering.ANSWERED, Right.ANSWER),
    Route("GET", "/berkas/{report}/{number}", photos.photo, Right.CASES),
    Route("GET", "/berkas/bukti/{code}/{digest}", photos.PROOF, Right.CASES),
)
