"""Which case store is given which case, by its rules."""

from typing import Any

import pytest

from gateway.casestore import CaseStoreSettings
from gateway.casestore.choosing import due, names_reporter, takes
from normalizer.report import Confidentiality
from tests.gateway.store.rows import NOW, case, report

OPEN = {"confidentiality": Confidentiality(confidential=False, private=False)}


def rule(**values: Any) -> CaseStoreSettings:
    return CaseStoreSettings(name="crm", kind="crm", **values)


@pytest.mark.parametrize(
    ("rules", "of_case", "of_report", "expected"),
    [
        pytest.param({}, {}, {}, True, id="no rule"),
        pytest.param({"areas": ("31.71",)}, {"area": "31.71.01.1001"}, {}, True, id="within an area"),
        pytest.param({"areas": ("31.71",)}, {"area": "31.71"}, {}, True, id="the area itself"),
        pytest.param({"areas": ("31.71",)}, {"area": "31.72"}, {}, False, id="another area"),
        pytest.param({"areas": ("31.7",)}, {"area": "31.71"}, {}, False, id="half a code is none"),
        pytest.param({"areas": ("31",)}, {}, {}, False, id="an area that is not certain"),
        pytest.param({"categories": ("banjir",)}, {"category": "banjir"}, {}, True, id="its category"),
        pytest.param({"categories": ("banjir",)}, {}, {}, False, id="no category"),
        pytest.param({"confidential": "only"}, {}, {}, True, id="confidential by default"),
        pytest.param({"confidential": "none"}, {}, OPEN, True, id="not confidential"),
        pytest.param({"private": "none"}, {}, {}, False, id="private by default"),
        pytest.param({"private": "only"}, {}, OPEN, False, id="public"),
    ],
)
def test_takes(rules: dict[str, Any], of_case: dict[str, Any], of_report: dict[str, Any], expected: bool) -> None:
    one = report("r-1", "KNL-1", **of_report).report
    assert takes(rule(**rules), case("KNL-1", **of_case), one) is expected
    assert bool(due([rule(**rules)], case("KNL-1", **of_case), one, NOW)) is expected


@pytest.mark.threat("P0-31")
@pytest.mark.parametrize(
    ("identity", "anonymous", "confidential", "expected"),
    [
        ("never", False, False, False),
        ("unless-anonymous-or-confidential", False, False, True),
        ("unless-anonymous-or-confidential", False, True, False),
        ("unless-anonymous-or-confidential", True, False, False),
        ("unless-anonymous", False, True, True),
        ("unless-anonymous", True, False, False),
    ],
)
def test_who_reported_is_said_only_where_a_rule_says_so(
    identity: Any, anonymous: bool, confidential: bool, expected: bool
) -> None:
    promised = Confidentiality(anonymous=anonymous, confidential=confidential)
    assert names_reporter(rule(identity=identity), promised) is expected
