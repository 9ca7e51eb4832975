"""A file to import areas from may hold anything: it is read, or refused with a reason."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.atlases.source import Unusable, read

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["type", "features", "properties", "geometry", "coordinates", "crs"]), inner, max_size=3
        ),
    ),
    max_leaves=8,
)
COLLECTIONS = st.lists(VALUES, max_size=3).map(lambda found: {"type": "FeatureCollection", "features": found})
CONTENT = st.one_of(
    st.binary(max_size=200),
    st.text(alphabet='kode,nama;lat"\t|\n\r0.-', max_size=200).map(str.encode),
    st.one_of(VALUES, COLLECTIONS).map(lambda value: json.dumps(value).encode()),
)


@pytest.mark.parametrize("name", ["wilayah.geojson", "wilayah.csv"])
@given(content=CONTENT)
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_it_is_read_or_refused_with_a_reason(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    try:
        assert list(read(path).features)
    except Unusable as refused:
        assert str(refused)
