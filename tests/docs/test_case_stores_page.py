"""docs/case-stores.md: what it shows fits the types, its table of statuses is the code's, and its commands sign."""

import re
import subprocess
import time

import msgspec
import pytest

from adapters.signing import SIGNATURE, TIMESTAMP, proven
from gateway.cases import Status
from gateway.casestore import webhook
from gateway.casestore.georeport import STATUSES
from gateway.registry import case_store_kinds
from tests.docs.blocks import blocks, headings, page

PAGE = page("docs/case-stores.md")
SENT, TOLD = [block.text for block in blocks(PAGE) if block.language == "json"]
SECRET = "rahasia-webhook-0123456789"


@pytest.mark.parametrize("kind", case_store_kinds())
def test_every_kind_has_its_chapter(kind: str) -> None:
    assert any(heading.startswith(f"## `{kind}`") for heading in headings(PAGE))


def test_what_is_shown_of_the_webhook_fits_its_schema() -> None:
    sent = msgspec.json.decode(SENT.replace("…", ""), type=webhook.Sent)
    assert isinstance(sent, webhook.Case) and sent.case.reports[0].files
    [news] = webhook.heard(TOLD.encode()).news
    assert (news.status, news.order) == (Status.PROSES, 3)


def test_the_statuses_of_others_are_those_that_the_code_knows() -> None:
    rows = re.findall(r"^\| (`[^|]+) \| ([a-z-]+) \|$", PAGE, re.MULTILINE)
    words = [(word, status) for said, status in rows for word in re.findall(r"`([A-Za-z_]+)`", said)]
    shown = {word.lower().replace("_", " "): status for word, status in words}
    assert shown == {word: str(status) for word, status in STATUSES.items()}


def test_the_shown_commands_sign_as_kanal_wants_it() -> None:
    [script] = [block.text for block in blocks(PAGE) if block.language == "sh"]
    shown = script.replace("curl ", "printf '%s\\n' ")
    body = '{"news": []}'
    done = subprocess.run(
        ["sh", "-euc", f"body='{body}' secret='{SECRET}'\n{shown}"], capture_output=True, text=True, check=True
    )
    headers = dict(line.split(": ", 1) for line in done.stdout.splitlines() if line.startswith("Kanal-"))
    assert headers.keys() == {TIMESTAMP, SIGNATURE}
    assert proven([SECRET], body.encode(), headers, time.time())
