"""The site as a whole: which page is meant, who may see it, and what keeps browsers and people from harm."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters import NotAccepted, Response
from gateway.accounts.account import Right, Role
from gateway.app import App
from gateway.console import answers
from gateway.console.navigation import NAVIGATION
from gateway.console.pages import ROUTES
from gateway.console.rendering import HERE, asset, said
from gateway.console.routes import Route, Router
from gateway.console.site import Site
from gateway.console.visit import Visit
from gateway.console.wording import Wording
from gateway.errors import ConfigError, OperationRefused
from tests.gateway.console.support import TOKEN, Visitor, account
from tests.gateway.support import running, settings_in

TEXT = re.compile(r"""\bt\(["']([a-z_.]*[a-z_])["']""")


async def hello(visit: Visit) -> Response:
    return visit.page("problem.html", 200, what=f"halo {visit.values.get('name', '')}")


async def refuse(_visit: Visit) -> Response:
    raise OperationRefused("kasus ini baru saja diubah <b>orang lain</b>")


async def lose(_visit: Visit) -> Response:
    raise NotAccepted


async def fail(_visit: Visit) -> Response:
    raise ZeroDivisionError("nomor Budi")


PAGES = (
    *ROUTES,
    Route("GET", "/coba", hello, None),
    Route("GET", "/coba/{name}", hello, Right.CASES),
    Route("POST", "/coba", hello, None),
    Route("POST", "/coba/{name}", hello, Right.CASES),
    Route("GET", "/coba/ditolak", refuse, None),
    Route("GET", "/coba/hilang", lose, None),
    Route("GET", "/coba/gagal", fail, None),
)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    async with running(settings_in(tmp_path_factory.mktemp("site")), process=False) as gateway:
        yield gateway.app


pytestmark = pytest.mark.asyncio(loop_scope="module")


def visitor(app: App, role: Role | None = None) -> Visitor:
    return Visitor(app, account(role) if role else None, PAGES)


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (None, "/coba", 200),
        (None, "/coba/ditolak", 409),
        (None, "/coba/hilang", 503),
        (None, "/coba/gagal", 503),
        (None, "/tidak-ada", 404),
        (None, "/coba/budi", 303),
        (Role.OFFICER, "/coba/budi", 403),
        (Role.OPERATOR, "/coba/budi", 200),
    ],
)
async def test_a_page_is_shown_to_those_who_may_see_it(app: App, role: Role | None, path: str, status: int) -> None:
    seen = await visitor(app, role).get(path)
    assert seen.status == status
    assert "nomor Budi" not in seen.html


async def test_who_is_not_logged_in_is_sent_to_log_in_and_back(app: App) -> None:
    assert (await visitor(app).get("/coba/budi?a=1")).to == "/masuk?lanjut=%2Fcoba%2Fbudi%3Fa%3D1"


async def test_what_somebody_wrote_is_escaped(app: App) -> None:
    assert "<b>" not in (await visitor(app).get("/coba/ditolak")).html
    seen = await visitor(app, Role.OPERATOR).get("/coba/%3Cscript%3E")
    assert "halo &lt;script&gt;" in seen.html


@pytest.mark.threat("P0-20")
async def test_every_page_forbids_what_it_does_not_need(app: App) -> None:
    for path in ("/coba", "/coba/gagal", "/tidak-ada", asset("kanal.css")):
        seen = await visitor(app).get(path)
        assert seen.headers.items() >= answers.HEADERS.items()
    policy = answers.HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.threat("P1-22")
@pytest.mark.parametrize(
    ("what", "token", "headers", "status"),
    [
        ("with the token", TOKEN, {}, 200),
        ("without it", "", {}, 403),
        ("with another", "é" * 9, {}, 403),
        ("with the token in a header", "", {"X-CSRF": TOKEN}, 200),
        ("from another site", TOKEN, {"Sec-Fetch-Site": "cross-site"}, 403),
        ("from a sister site", TOKEN, {"Sec-Fetch-Site": "same-site"}, 403),
        (
            "from another origin, by an older browser",
            TOKEN,
            {"Sec-Fetch-Site": "", "Origin": "https://jahat.example"},
            403,
        ),
        ("from our origin, by an older browser", TOKEN, {"Sec-Fetch-Site": "", "Origin": "http://kanal.test"}, 200),
    ],
)
async def test_a_form_counts_only_from_a_page_of_ours(
    app: App, what: str, token: str, headers: dict[str, str], status: int
) -> None:
    seen = await visitor(app, Role.OPERATOR).post("/coba/budi", {"csrf": token}, **headers)
    assert seen.status == status, what


async def test_a_form_that_came_after_its_session_is_shown_again_whole(app: App) -> None:
    seen = await visitor(app).post("/coba/budi", {"what": "lampu <padam>", "password": "sandi-saya"})
    assert seen.status == 401
    assert 'name="what" value="lampu &lt;padam&gt;"' in seen.html
    assert "sandi-saya" not in seen.html
    assert ("Sesi Anda sudah berakhir" in seen.text, "tekan Lanjut" in seen.text) == (True, True)
    back = await visitor(app, Role.OPERATOR).post("/coba/budi", {"what": "lampu <padam>", "csrf": ""})
    assert ("Anda sudah masuk lagi" in back.text, "belum dikirim" in back.text) == (True, True)
    assert f'name="csrf" value="{TOKEN}"' in back.html
    assert 'name="what" value="lampu &lt;padam&gt;"' in back.html


async def test_files_of_a_form_that_came_too_late_are_asked_for_once_somebody_is_in(app: App) -> None:
    late = await visitor(app).post_file("/coba/budi", {"what": "lampu"}, "proof", b"foto")
    assert ('type="file"' in late.html, 'name="files_again" value="1"' in late.html) == (False, True)
    back = await visitor(app, Role.OPERATOR).post("/coba/budi", {"what": "lampu", "files_again": "1", "csrf": ""})
    assert ('type="file"' in back.html, "1 berkas perlu dipilih lagi" in back.text) == (True, True)


async def test_a_page_that_cannot_be_asked_for_so_says_how(app: App) -> None:
    seen = await visitor(app).post("/statis/0/kanal.css")
    assert (seen.status, seen.headers["Allow"]) == (405, "GET, HEAD")


async def test_files_of_ours_are_kept_for_ever_by_their_address(app: App) -> None:
    newest = await visitor(app).get(asset("kanal.css"))
    old = await visitor(app).get("/statis/000000000000/kanal.css")
    assert newest.body == old.body
    assert "immutable" in newest.headers["Cache-Control"]
    assert old.headers["Cache-Control"] == "no-store"
    assert (await visitor(app).get("/statis/x/..%2F..%2Fvisit.py")).status == 404


@pytest.mark.parametrize(("accepted", "is_packed"), [("gzip, deflate, br", True), ("identity", False), ("", False)])
async def test_files_of_ours_are_sent_compressed_to_who_takes_that(app: App, accepted: str, is_packed: bool) -> None:
    plain = await visitor(app).get(asset("kanal.css"))
    seen = await visitor(app).get(asset("kanal.css"), **{"Accept-Encoding": accepted})
    assert (seen.headers.get("Content-Encoding") == "gzip", seen.headers["Vary"]) == (is_packed, "Accept-Encoding")
    assert (gzip.decompress(seen.body) if is_packed else seen.body) == plain.body


async def test_pages_are_not_compressed_as_that_would_tell_their_secrets(app: App) -> None:
    seen = await visitor(app, Role.OPERATOR).get("/coba/budi", **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in seen.headers


async def test_every_page_has_our_icon_and_browsers_find_it_without_a_page_too(app: App) -> None:
    seen = await visitor(app).get("/masuk")
    assert f'<link rel="icon" href="{asset("kanal.svg")}"' in seen.html
    icon = await visitor(app).get("/favicon.ico")
    assert (icon.status, icon.body) == (200, (await visitor(app).get(asset("kanal.svg"))).body)


async def test_only_pages_of_ours_are_sent_on_to() -> None:
    for other in ("https://jahat.example", "//jahat.example", "/\\jahat.example"):
        with pytest.raises(ValueError, match="our own"):
            answers.redirect(other)


async def test_two_pages_of_one_address_are_refused() -> None:
    with pytest.raises(ValueError, match="one address"):
        Router([Route("GET", "/a/{x}", hello, None), Route("GET", "/a/{y}", hello, None)])


async def test_hidden_marks_are_shown() -> None:
    assert said("a\u202eb\u200b<i>") == "<bdi>a⟨202E⟩b⟨200B⟩&lt;i&gt;</bdi>"


async def test_all_texts_are_there_in_both_languages_and_pages_use_no_others() -> None:
    texts = Wording.load().texts
    assert texts["id"].keys() == texts["en"].keys()
    used = {name for path in HERE.rglob("*.html") for name in TEXT.findall(path.read_text())}
    used |= {name for path in HERE.rglob("*.py") for name in TEXT.findall(path.read_text())}
    assert used - texts["id"].keys() == set()
    assert {entry.text for entry in NAVIGATION} <= texts["id"].keys()


async def test_operators_change_texts_but_invent_none(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    own = tmp_path / "pages" / "base.id.toml"
    own.write_text('home = "Pulang"\n')
    assert Wording.load(tmp_path).text("base.home", "id") == "Pulang"
    own.write_text('hmoe = "Pulang"\nago = "lalu"\n')
    with pytest.raises(ConfigError, match=r"base\.hmoe"):
        Wording.load(tmp_path)


async def test_pages_have_no_style_and_no_script_of_their_own() -> None:
    for path in HERE.rglob("*.html"):
        found = re.findall(
            r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|hx-vals=.js:", path.read_text()
        )
        assert found == [], path.name


async def test_the_site_serves_only_what_begins_like_its_pages(app: App) -> None:
    site = Site(app.site.means, ROUTES, lambda _: _nobody())
    assert site.serves("/statis/x/y")
    assert not site.serves("/in/sms-1708/mo")
    assert not site.serves("/metrics")


async def _nobody() -> None:
    return None
