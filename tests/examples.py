"""Which examples property tests are run with: the same in every run, so that what failed fails again.

`pytest --hypothesis-profile explore` draws others each time.
"""

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

#: How long one takes says more about the machine than about the test.
_PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}


def steady() -> None:
    """Before any test is read. `settings` of a test that name a health check have to name too_slow as well."""
    settings.register_profile("explore", **_PATIENT)  # type: ignore[arg-type]
    settings.register_profile("steady", derandomize=True, **_PATIENT)  # type: ignore[arg-type]
    settings.load_profile("steady")
    # Otherwise constants of whatever product modules other tests have imported were drawn as well.
    providers._get_local_constants = lambda: providers._local_constants
