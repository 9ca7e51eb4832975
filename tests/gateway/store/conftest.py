import pytest

pytest.register_assert_rewrite(
    "tests.gateway.store.contract",
    "tests.gateway.store.deliveries",
    "tests.gateway.store.settlements",
    "tests.gateway.store.replies",
    "tests.gateway.store.answers",
    "tests.gateway.store.talks",
)
