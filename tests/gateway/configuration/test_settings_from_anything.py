"""Whatever a TOML file holds, it is answered with settings or with problems, each with its place."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from gateway.errors import ConfigError
from gateway.settings import Settings, from_data

KEYS = [
    "gateway", "web", "channels", "data", "port", "timezone", "public_url", "trusted_proxies", "language", "name",
    "kind", "number", "token", "spare", "pages", "paper", "cover", "trays", "sheets", "key", "listen", "env", "file",
    "made",
]  # fmt: skip
SCALARS = st.one_of(
    st.sampled_from(["fax", "FAX_TOKEN", "FAX_UNSET", "[::]:80", "http://[", "../..", "\x00", "a" * 300, "Asia/", ""]),
    st.text(max_size=8),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=12,
)
TABLES = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8)
FAX = st.builds(
    lambda odd: {"name": "fax", "kind": "fax", "number": "021", "token": {"env": "FAX_TOKEN"}} | odd, TABLES
)
FILES = st.fixed_dictionaries(
    {}, optional={"gateway": TABLES | VALUES, "web": TABLES | VALUES, "channels": st.lists(FAX, max_size=3) | VALUES}
)


@pytest.mark.usefixtures("fax")
@given(source=FILES)
@example(source={"gateway": {"public_url": "http://["}})
@example(source={"gateway": {"data": "\0"}})
@example(source={"gateway": {"data": "~no-such-user/data"}})
@example(source={"channels": [{"name": "fax", "kind": "fax", "number": "021", "token": {"file": "\0"}}]})
@example(source={"channels": [{"name": "fax", "kind": "fax", "number": "021", "token": {"file": "~no-such-user/x"}}]})
@example(
    source={
        "channels": [
            {"name": "fax", "kind": "fax", "number": "021", "token": {"env": "FAX_TOKEN"}, "listen": "[::1"},
            {"name": "fix", "kind": "fax", "number": "021", "token": {"env": "FAX_TOKEN"}, "listen": "x:y"},
        ]
    }
)
@examples(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_settings_or_problems_and_nothing_else(source: dict[str, Any]) -> None:
    try:
        loaded = from_data(source, Path("/nowhere"))
    except ConfigError as error:
        assert error.problems
        assert all(problem.where and problem.what for problem in error.problems)
        assert "s3cr3t-value" not in str(error)
    else:
        assert isinstance(loaded, Settings)
