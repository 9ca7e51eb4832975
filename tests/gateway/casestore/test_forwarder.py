"""Cases reach the outside case store, whatever happens to it or to us."""

from pathlib import Path

import pytest

from tests.gateway.casestore.support import filed, filing, report, stands

pytestmark = pytest.mark.usefixtures("crm")


async def test_a_case_is_filed_masked_and_without_who_reported(tmp_path: Path) -> None:
    async with filing(tmp_path) as (gateway, crm):
        code = await report(gateway, 1, "Banjir di Jl. Kemang Raya, hubungi saya di 081234567890", "+6281110000001")
        (number,) = await filed(crm)
        said = crm.held()[number]
        assert "Banjir di Jl. Kemang Raya" in said and code in said
        assert "081234567890" not in said and "81110000001" not in said
        assert await stands(gateway, "filed") == [code]
