"""A source without an adapter of its own, with a running gateway: it calls, or it is asked."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from gateway import resources
from gateway.channels import status
from tests.adapters.sms_provider import provider
from tests.gateway.support import Running, channel, running, settings_in, until

FIELDS = {"items": "reports", "id": "no", "text": "isi", "category": "jenis"}
TEXTS = ("Banjir selutut di depan rumah", "Lampu jalan padam sejak kemarin")


def told(*texts: str) -> bytes:
    reports = [{"no": number, "isi": text} for number, text in enumerate(texts, 1)]
    return json.dumps({"reports": reports, "next": f"after-{len(texts)}"}).encode()


def called(secret: Path) -> dict[str, Any]:
    proof = {"shows": "token", "name": "X-Api-Key"}
    return channel(
        "webhook", "sumber", fields=FIELDS, proof=proof, secret={"file": str(secret)}, answer_body="diterima"
    )


def digests(gateway: Running) -> set[str | None]:
    """Of the files of all reports."""
    rows = [gateway.app.store.report(row["id"]) for row in gateway.all("reports")]
    return {one.digest for row in rows if row for one in row.report.attachments}


@pytest.mark.threat("P0-17")
async def test_what_is_posted_is_answered_as_the_source_wants_and_reported_once(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("kunci-yang-panjang-sekali")
    secret.chmod(0o600)
    async with running(settings_in(tmp_path, called(secret))) as gateway:
        for headers, expected in (({}, 403), ({"X-Api-Key": "kunci-yang-panjang-sekali"}, 200)):
            for _ in range(2):
                answer = await gateway.ask("/in/sumber", "POST", data=told(*TEXTS), headers=headers)
                assert answer.status == expected
        assert answer.text == "diterima"
        await gateway.settled()
        assert len(gateway.all("reports")) == 2
        await gateway.ask("/in/sumber", "POST", data=b"halo", headers={"X-Api-Key": "kunci-yang-panjang-sekali"})
        await until(lambda: [row for row in gateway.all("deliveries") if row["state"] == "quarantined"], "quarantine")


async def test_what_is_asked_for_is_reported_once_and_gone_on_with_after_a_restart(tmp_path: Path) -> None:
    async with provider(200, told(*TEXTS)) as (url, heard):
        feed = {"url": url, "parameter": "after", "cursor": "next"}
        loaded = settings_in(tmp_path, channel("webhook", "sumber", fields=FIELDS, feed=feed))
        async with running(loaded) as gateway:
            await until(lambda: gateway.reported(2), "two reports")
            assert await gateway.app.store.cursor("sumber", url) == "after-2"
            assert status(gateway.app.channels["sumber"]).state == "ok"
        async with running(loaded) as gateway:
            await until(lambda: len(heard) > 1, "another question")
            await gateway.settled()
            assert len(gateway.all("reports")) == 2
        assert [one.query.get("after") for one in heard[:2]] == [None, "after-2"]


async def test_a_photo_is_fetched_from_where_the_report_says(tmp_path: Path) -> None:
    photo = resources.path("demo", "photo.png").read_bytes()
    async with provider(200, photo) as (cdn, _):
        body = json.dumps([{"isi": "Pohon tumbang menutup jalan", "foto": f"{cdn}/1.png"}]).encode()
        async with provider(200, body) as (url, _):
            values = {"fields": {"items": "@", "id": "foto", "text": "isi", "photos": "foto"}, "feed": {"url": url}}
            loaded = settings_in(tmp_path, channel("webhook", "sumber", photo_hosts=[cdn], **values))
            async with running(loaded) as gateway:
                await until(lambda: digests(gateway) == {hashlib.sha256(photo).hexdigest()}, "the photo")
                assert len(gateway.all("reports")) == 1
