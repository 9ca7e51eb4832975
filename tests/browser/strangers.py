"""Payloads in every field that a stranger or a colleague can fill, by every way that they come in."""

import smtplib
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from secrets import token_hex
from urllib.parse import urlencode

from playwright.sync_api import FilePayload, Page

from tests.browser.payloads import EVERYTHING, HTML, LINE, WORDS, File, files
from tests.end_to_end.kanal import OWN, SECRET, Gateway, fetch
from tests.gateway.support import query

CHANNELS = (
    {"name": "loket", "kind": "desk"},
    {"name": "balai-warga", "kind": "form", "unproven_per_hour": 1000},
    {"name": "apps", "kind": "open311"},
    {"name": "arsip", "kind": "table"},
)
CASE = "Banjir selutut di Jl. Kemang Raya"
OFFICE = "inspektorat"


def by_sms(gateway: Gateway) -> int:
    """Each in a text of its own, and from a number of its own; how many came."""
    for number, payload in enumerate(WORDS.values()):
        asked = query(f"sms-{number}", f"{payload} {CASE}", f"+62811100000{number:02}")
        assert fetch(f"{gateway.sms_url}/{SECRET}/mo?{asked}")[0] == 200
    return len(WORDS)


def by_mail(gateway: Gateway) -> int:
    """As text with HTML beside it and files, and as HTML alone."""
    host, port = gateway.smtp.split(":")
    both, alone = _mail(), _mail()
    both.set_content(f"{EVERYTHING}\n\n{CASE}")
    both.add_alternative(HTML, subtype="html")
    for file in files():
        kind, _, subtype = file.media_type.partition("/")
        both.add_attachment(file.content, kind, subtype, filename=file.name)
    alone.set_content(HTML, subtype="html")
    with smtplib.SMTP(host, int(port), timeout=60) as client:
        for mail in (both, alone):
            client.send_message(mail)
    return 2


def _mail() -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = WORDS["script"] + WORDS["picture"] + WORDS["double quotes"]
    mail["From"] = Address(WORDS["script"] + WORDS["double quotes"], addr_spec="warga@example.org")
    mail["To"] = OWN
    mail["Message-ID"] = f"<{token_hex(8)}@example.org>"
    return mail


def by_application(gateway: Gateway) -> int:
    key = gateway.kanal("keys", "add", "aplikasi").stdout.decode().strip()
    words = ("address_string", "first_name", "last_name", "media_url", "device_id", "account_id", "attribute[x]")
    given = dict.fromkeys(words, LINE) | {"description": EVERYTHING}
    known = {"api_key": key, "service_code": "banjir", "lat": "-6.26", "long": "106.81", "private": "false"}
    for more in ({}, {"email": "warga@example.org", "phone": "081234567890"}):
        status, said = fetch(
            f"http://127.0.0.1:{gateway.web}/in/apps/requests.json", urlencode(given | known | more).encode()
        )
        assert status == 200, said
    return 2


def at_desk(page: Page) -> int:
    fields = {"what": f"{EVERYTHING} {CASE}", "where": LINE, "since": LINE, "name": LINE}
    fields |= {"phone": "081234567891", "office": OFFICE, "entry": token_hex(16)}
    _send(page, "/meja", "/meja/loket", fields)
    return 1


def by_form(page: Page) -> int:
    """Once with each file."""
    for file in files():
        fields = {"what": f"{EVERYTHING} {CASE}", "where": LINE, "name": LINE, "public": "yes"}
        fields |= {"contact": "081234567892", "go": "send", "entry": token_hex(16)}
        _send(page, "/lapor/balai-warga", "/lapor/balai-warga", fields, file)
    return len(files())


def by_table(page: Page) -> int:
    """Its name, its headings, what is taken and what is refused; it stays a draft."""
    cells = [payload.replace('"', '""').replace("\x00", "") for payload in WORDS.values()]
    rows = [["Tanggal", "Cerita", "Alamat", "No HP", *cells], *(["01/02/2025", one, one, one, one] for one in cells)]
    rows += [[one, one, one, one] for one in cells]
    text = "\n".join(";".join(f'"{cell}"' for cell in row) for row in rows)
    file = File(f"{WORDS['picture']}.csv", "text/csv", text.encode())
    _send(page, "/petugas/impor", "/petugas/impor", {"channel": "arsip", "sheet": ""}, file, "file")
    return 0


def by_colleagues(page: Page, gateway: Gateway) -> None:
    """What they are called, and what they say of a case."""
    for name in ("script", "double quotes", "bidi"):
        person = {"name": f"rekan-{name[:3]}", "display_name": WORDS[name], "role": "operator"}
        _send(page, "/petugas/orang/tambah", "/petugas/orang/tambah", person)
    for case in gateway.all("cases")[:3]:
        gateway.rows("cases", "move", case["code"], "proses", "--unit", "biro-pemerintahan", "--note", LINE)


def _send(
    page: Page, begin: str, to: str, fields: Mapping[str, str], file: File | None = None, field: str = "photo"
) -> None:
    """As a browser would without a script."""
    page.goto(begin)
    token = page.locator("[name=csrf]").first.get_attribute("value") if page.locator("[name=csrf]").count() else None
    given: dict[str, str | FilePayload] = {**fields, **({"csrf": token} if token else {})}
    if file:
        given[field] = {"name": file.name, "mimeType": file.media_type, "buffer": file.content}
    answer = page.request.post(to, multipart=given)  # type: ignore[arg-type]
    assert answer.ok, (answer.status, to)
