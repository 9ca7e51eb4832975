"""docs/report.md tells of every field of a report and of no other, and shows one of each kind of channel."""

import json
import re
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest

from gateway import registry
from normalizer.message import Aside, Attachment, Desk
from normalizer.report import Candidate, Confidentiality, Mark, Report, ReportPlace, Urgency
from tests.docs.blocks import blocks, page
from tests.docs.report_examples import PAGE, example, written

SCHEMA = json.loads((Path(__file__).parents[2] / "config" / "report.schema.json").read_bytes())
TYPES = (Report, Candidate, ReportPlace, Attachment, Confidentiality, Urgency, Desk, Aside, Mark)


@pytest.mark.parametrize("type_", TYPES)
def test_every_field_is_told_of_and_no_other(type_: type[msgspec.Struct]) -> None:
    section = page("docs/report.md").split(f"\n## {type_.__name__}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\S.*) \| (clear|masked|sealed) \|$", section, re.MULTILINE)
    assert [name for name, *_ in rows] == [field.encode_name for field in msgspec.structs.fields(type_)]


def test_no_type_is_left_out() -> None:
    structs = {name for name, schema in SCHEMA["$defs"].items() if schema.get("type") == "object"}
    assert structs == {type_.__name__ for type_ in TYPES}


def test_the_examples_are_as_made() -> None:
    told = PAGE.read_text("utf-8")
    assert written(told) == told, "run `python -m tests.docs.report_examples`"


def test_each_kind_of_channel_has_an_example_that_the_schema_allows() -> None:
    told = page("docs/report.md").split("\n## Examples\n")[1]
    assert tuple(re.findall(r"^### `(\w+)`$", told, re.MULTILINE)) == registry.kinds()
    for block, kind in zip(blocks(told), registry.kinds(), strict=True):
        jsonschema_rs.validate(SCHEMA, json.loads(block.text))
        assert block.text.strip() == example(kind)


def test_a_report_kept_as_version_1_is_still_read() -> None:
    kept = b"""{"id": "r-1", "channel": "smtp", "reporter": "c-1", "received_at": "2026-01-12T15:00:00Z",
        "text": "Banjir", "schema_version": 1, "place": {"streets": ["jl mawar"], "areas": [
        {"code": "31.74.03", "name": "A", "score": 0.6, "reasons": ["disebut"], "kind": "kecamatan"}]},
        "attachments": [{"name": null, "media_type": "image/jpeg", "size": 3}]}"""
    report = msgspec.json.decode(kept, type=Report)
    assert (report.schema_version, report.text, report.urgency.level) == (1, "Banjir", "normal")
    assert report.place and report.place.outcome == "unknown"
