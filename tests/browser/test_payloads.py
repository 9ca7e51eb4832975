"""Whatever strangers and colleagues write, and wherever, is words on every page: no page runs it, asks another host
for it, or lets it change how the page looks."""

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Response

from gateway.accounts.account import Role
from gateway.console.inbox import asked
from gateway.console.pages import ROUTES
from gateway.console.routes import Router
from tests.browser import strangers
from tests.browser.chromium import browsing
from tests.browser.payloads import EVERYTHING, SHORT, SUM, WORDS
from tests.browser.people import signed_in
from tests.end_to_end.kanal import Gateway

ROUTER = Router(ROUTES)
#: What is no page.
FILES = ("/berkas/", "/statis/", "/favicon.ico", "/meja/foto/", "/petugas/impor/{import}/ditolak")
READ = sorted({route.path for route in ROUTES if route.method == "GET" and not route.path.startswith(FILES)})
#: Who looks. Their own account is not changed, which would throw them out.
WHO = "ratna"
_VALUE = re.compile(r"\{[a-z_]+\}")
#: The method and the path that each is sent to.
Forms = Sequence[tuple[str, str]]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("payloads")
    with Gateway(folder, more=strangers.CHANNELS, sms={"quiet_seconds": 0}) as running:
        yield running


@pytest.fixture(scope="module")
def page(chromium: Browser, address: str, gateway: Gateway) -> Iterator[Page]:
    """Of an administrator, after everybody has written."""
    with browsing(chromium, address) as opened:
        signed_in(opened, gateway, Role.ADMINISTRATOR, WHO, called=WORDS["script"])
        came = strangers.by_sms(gateway) + strangers.by_mail(gateway) + strangers.by_application(gateway)
        came += strangers.at_desk(opened) + strangers.by_form(opened) + strangers.by_table(opened)
        gateway.reported(came)
        strangers.by_colleagues(opened, gateway)
        yield opened


@pytest.fixture(scope="module")
def walked(page: Page) -> Mapping[str, Forms]:
    """The paths of pages, at most three of one route, each with its forms: all are looked at before any is sent."""
    return dict(_walked(page, most=3))


@pytest.mark.threat("P0-20")
@pytest.mark.threat("P1-35")
def test_every_page_shows_what_was_written_as_words(walked: Mapping[str, Forms]) -> None:
    """Each is reached as people reach it, by its address or by links."""
    opened = Counter(map(_route, walked))
    assert opened["/petugas/kasus/{code}"] > 1
    assert opened["/petugas/impor/{import}"] >= 1


@pytest.mark.threat("P0-20")
@pytest.mark.threat("P0-32")
@pytest.mark.threat("P2-44")
def test_files_of_strangers_are_pictures_or_nothing(page: Page, gateway: Gateway) -> None:
    """Whatever a file is, and says it is: what is shown of it is painted anew, with nothing that a camera wrote."""
    reports = [(row["id"], len(row["attachments"])) for row in gateway.all("reports") if row.get("attachments")]
    paths = [f"/berkas/{report}/{number + 1}" for report, files in reports for number in range(files)]
    answers = [page.request.get(path) for path in paths]
    shown = [one for one in answers if one.ok]
    assert {one.headers["content-type"] for one in shown} == {"image/jpeg"}
    assert {one.headers["x-content-type-options"] for one in answers} == {"nosniff"}
    assert not any(Image.open(BytesIO(one.body())).getexif() for one in shown)
    assert not any(trace in one.body() for one in answers for trace in (b"payload", b"<svg", b"<script"))
    assert len(shown) >= 2


@pytest.mark.threat("P0-20")
def test_what_is_entered_comes_back_as_words(page: Page, walked: Mapping[str, Forms]) -> None:
    """In each form of each page: in all its fields at once, with a file."""
    sent: list[str] = []
    for path, method, action in [(path, *form) for path, forms in walked.items() for form in forms]:
        form = _route(action, method)
        if not form or form in [*sent, *NOT_SENT] or path.endswith(f"/{WHO}"):
            continue
        page.goto(path)
        if [method, action] in page.evaluate(FORMS):  # else there is no such thing to do any more
            sent.append(form)
            with page.expect_event("load"):
                page.evaluate(SENT, [action, EVERYTHING])
            assert (form, traces(page)) == (form, [])
    assert "/petugas/orang/akun/{name}/reset" in sent
    assert len(sent) > 20


@pytest.mark.threat("P0-20")
def test_addresses_are_words(page: Page) -> None:
    """In each value of each path, and in each value that any page reads from an address."""
    query = urlencode(dict.fromkeys(NAMES, SHORT))
    for path in READ:
        page.goto(f"{_VALUE.sub(quote(SHORT, safe=''), path)}?{query}")
        assert (path, traces(page)) == (path, [])


def _walked(page: Page, most: int) -> Iterator[tuple[str, Forms]]:
    waiting = deque(path for path in READ if "{" not in path)
    known, opened = set(waiting), Counter[str]()
    while waiting:
        path = waiting.popleft()
        opened[_route(path)] += 1
        if opened[_route(path)] <= most:
            answer = page.goto(path)
            assert answer
            assert is_harmless(answer)
            assert (path, traces(page)) == (path, [])
            yield path, page.evaluate(FORMS)
            links = [one for one in page.evaluate(LINKS) if _route(one)]
            waiting.extend(one for one in dict.fromkeys(links) if one not in known)
            known.update(links)


def _route(path: str, method: str = "GET") -> str:
    """The path of its route; nothing for what is no page."""
    found = ROUTER.find(method, urlsplit(path).path)
    return found.route.path if found and not found.route.path.startswith(FILES) else ""


def traces(page: Page) -> list[str]:
    """Elements and sums that a payload left in a page, and marks there that hide or turn words."""
    text, *found = page.evaluate(TRACES)
    return [*found, *([SUM] if SUM in text.replace(".", "") else [])]


def is_harmless(answer: Response) -> bool:
    """A page of ours, that may run nothing but our own."""
    headers = answer.headers
    is_ours = headers.get("content-type", "").split(";")[0] in OURS
    is_bound = "default-src 'none'" in headers.get("content-security-policy", "")
    return is_ours and is_bound and headers.get("x-content-type-options") == "nosniff"


OURS = {"", "text/html", "text/plain", "text/javascript", "application/json"}
#: Log-out, and a file to be saved.
NOT_SENT = ("/keluar", "/petugas/ekspor")
SOURCE = Path(asked.__file__).parents[1]
#: What pages read from an address.
NAMES = sorted(
    {name for file in SOURCE.rglob("*.py") for name in re.findall(r'asked\("([a-z_]+)"\)', file.read_text("utf-8"))}
    | set(asked.NAMES.values())
)
LINKS = """() => [...document.querySelectorAll("[href], [src], [hx-get]")]
  .map((one) => new URL(one.getAttribute("href") ?? one.getAttribute("src") ?? one.getAttribute("hx-get"), location))
  .filter((one) => one.origin === location.origin && !one.pathname.startsWith("/statis/"))
  .map((one) => one.pathname + one.search)"""
#: All words of the page; then what a payload left there, and marks that change how words look, outside of fields.
TRACES = """() => {
  const found = [...document.querySelectorAll(".payload, base, iframe, object, embed, meta[http-equiv]")];
  const bad = [...document.querySelectorAll("*")].filter((one) => [...one.attributes].some((attribute) =>
    /^(on|hx-on|srcdoc)/.test(attribute.name) || /^\\s*(javascript|data:text)/i.test(attribute.value)
      && ["href", "src", "action", "formaction"].includes(attribute.name)));
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const hidden = [];
  while (words.nextNode()) {
    const inside = words.currentNode.parentElement.closest("textarea, option, script, title");
    if (!inside && /[\\u202a-\\u202e\\u2066-\\u2069\\u200b\\u200f\\ufeff\\u0007\\u001b]/.test(words.currentNode.data))
      hidden.push(words.currentNode.parentElement);
  }
  const left = [...found, ...bad, ...hidden].map((one) => one.outerHTML.slice(0, 300));
  return [document.documentElement.textContent, ...left];
}"""
#: How and to where a page's forms are sent, but for those that only close a window.
FORMS = """() => [...document.forms].filter((one) => one.method !== "dialog")
  .map((one) => [one.method.toUpperCase(), new URL(one.action).pathname])"""
#: Fills a form in, and sends it as without a script.
SENT = """([action, words]) => {
  const form = [...document.forms].find((one) => new URL(one.action).pathname === action);
  for (const field of form.elements) {
    if (field.type === "file") {
      const files = new DataTransfer();
      files.items.add(new File([words], "<img class=payload src=x onerror=alert(23)>.jpg", {type: "image/jpeg"}));
      field.files = files.files;
    } else if (field.tagName === "SELECT" && !field.value && field.options.length > 1) {
      field.selectedIndex = 1;
    } else if (["text", "search", "tel", "email", "textarea", "password"].includes(field.type)) {
      field.value = words;
    }
  }
  HTMLFormElement.prototype.submit.call(form);
}"""
