"""Adapter kinds are found by entry point, our own and those of third parties."""

import pytest

from gateway import registry
from gateway.errors import ConfigError


def test_our_own_kinds_are_installed() -> None:
    assert {"smtp", "sms"} <= set(registry.kinds())


def test_every_adapter_answers_to_the_name_it_is_registered_under() -> None:
    assert [registry.adapter(kind).kind for kind in registry.kinds()] == list(registry.kinds())


@pytest.mark.usefixtures("fax")
def test_a_third_party_registers_the_same_way() -> None:
    assert registry.adapter("fax").__name__ == "Fax"


@pytest.mark.parametrize(
    ("kind", "what", "hint"),
    [
        ("smpt", "no adapter is called 'smpt'", "did you mean 'smtp'?"),
        ("pigeon", "no adapter is called 'pigeon'", "known here: {known}"),
        ("ghost", "the adapter 'ghost' cannot be loaded: No module named 'kanal_ghost'", ""),
    ],
    ids=["misspelt", "nothing like it", "broken"],
)
@pytest.mark.usefixtures("fax")
def test_a_kind_that_cannot_be_had(kind: str, what: str, hint: str) -> None:
    with pytest.raises(ConfigError) as refused:
        registry.adapter(kind)
    told = hint.format(known=", ".join(registry.kinds()))
    assert [(problem.what, problem.hint) for problem in refused.value.problems] == [(what, told)]
