"""`[[case_stores]]`: kinds are found by entry point, and every problem of every table is told."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.errors import ConfigError
from gateway.reference import page
from gateway.schemas import settings_schema
from gateway.settings import load

CRM = """
[[case_stores]]
name = "crm-dki"
kind = "crm"
url = "https://crm.example/api"
token = { env = "FAX_TOKEN" }
"""

pytestmark = pytest.mark.usefixtures("crm")


def test_a_case_store_has_its_own_settings_and_those_that_all_have(write: Callable[[str], Path]) -> None:
    (store,) = load(write(CRM + 'areas = ["31.71"]\nidentity = "unless-anonymous"\n')).case_stores
    assert (store.name, store.kind, store.areas, store.identity) == ("crm-dki", "crm", ("31.71",), "unless-anonymous")
    assert (store.full_words, store.confidential, store.give_up_hours) == (False, "any", 72)


def test_without_any_there_are_none(write: Callable[[str], Path]) -> None:
    assert load(write("")).case_stores == ()


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        pytest.param("case_stores = 3", "case_stores", "must be a list of tables", id="no list"),
        pytest.param(CRM + CRM, "case_stores[0] 'crm-dki': name", "2 case stores are called 'crm-dki'", id="twice"),
        pytest.param(
            CRM.replace('"crm-dki"', '"CRM DKI"'),
            "case_stores[0] 'CRM DKI': name",
            "cannot be a case store's name",
            id="name",
        ),
        pytest.param(
            CRM.replace('kind = "crm"', ""), "case_stores[0] 'crm-dki': kind", "is missing or not text", id="no kind"
        ),
        pytest.param(
            CRM.replace('"crm"', '"cmr"'),
            "case_stores[0] 'crm-dki': kind",
            "no case store is called 'cmr'",
            id="unknown kind",
        ),
        pytest.param(
            CRM.replace('"crm"', '"ghost"'),
            "case_stores[0] 'crm-dki': kind",
            "the case store 'ghost' cannot be loaded: No module named 'kanal_ghost'",
            id="broken",
        ),
        pytest.param(CRM + "colour = 1", "case_stores[0] 'crm-dki'", "unknown key 'colour'", id="unknown key"),
        pytest.param(
            CRM.replace("https://", ""),
            "case_stores[0] 'crm-dki': url",
            "must begin with https://",
            id="its own problems",
        ),
        pytest.param(
            CRM + 'identity = "always"',
            "case_stores[0] 'crm-dki': identity",
            "must be 'never' or 'unless-anonymous-or-confidential' or 'unless-anonymous'",
            id="identity",
        ),
    ],
)
def test_a_problem_is_told_with_its_place(write: Callable[[str], Path], text: str, where: str, what: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(write(text))
    assert (where, what) in [(problem.where, problem.what) for problem in refused.value.problems]


def test_kinds_are_in_the_schema_and_on_the_page() -> None:
    schema = settings_schema((), ["crm"])
    assert "CrmSettings" in json.dumps(schema["properties"]["case_stores"])
    assert '## [[case_stores]] with kind = "crm"' in page(schema)


@pytest.mark.parametrize(
    ("rule", "where", "what"),
    [
        pytest.param('categories = ["banjr"]', "categories", "there is no category 'banjr'", id="a category"),
        pytest.param('areas = ["99"]', "areas", "there is no area '99'", id="an area"),
    ],
)
def test_a_slip_in_a_rule_is_told_before_anybody_waits_for_cases(
    write: Callable[[str], Path], rule: str, where: str, what: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        load(write(CRM + rule), thorough=True)
    assert [(one.where, one.what) for one in raised.value.problems] == [(f"case_stores 'crm-dki': {where}", what)]
