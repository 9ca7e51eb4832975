"""What an operator says about an Open311 endpoint that cases are filed in."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Meta

from adapters import Problem, Secret
from adapters.hosts import is_web_address
from gateway.cases import Status
from gateway.casestore.contract import CaseStoreSettings


class Open311Settings(CaseStoreSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the endpoint is, and how our words are said there."""

    url: Annotated[
        str,
        Meta(description="Address of the endpoint, as https://city.example/open311/v2, or of its discovery document."),
    ]
    api_key: Annotated[Secret | None, Meta(description="What it knows us by.")] = None
    jurisdiction_id: Annotated[str, Meta(description="Where the endpoint serves several: which one.")] = ""
    default_service: Annotated[str, Meta(description="Code of the service for cases that no other fits.")]
    services: Annotated[
        dict[str, str],
        Meta(description="Their service by our category; what is not listed has the service of the same code."),
    ] = {}
    statuses: Annotated[
        dict[str, str], Meta(description="Our status by theirs in small letters, beside those that are known.")
    ] = {}
    updates: Annotated[
        bool, Meta(description="It has service request updates; else what is new of a case is a request of its own.")
    ] = True
    photos: Annotated[bool, Meta(description="Send photos with the form.")] = True
    idempotent: Annotated[
        bool,
        Meta(
            description="It knows a second try by the header Idempotency-Key, as Kanal does: no need to look for one."
        ),
    ] = False
    unknown_place: Annotated[
        str, Meta(description="What is said of where if nobody said: GeoReport wants an address.")
    ] = "Lokasi tidak disebutkan"

    def problems(self) -> Sequence[Problem]:
        return list(self._problems())

    def _problems(self) -> Iterator[Problem]:
        if not is_web_address(self.url):
            yield Problem("url", f"'{self.url}' is no address", "as in https://city.example/open311/v2")
        if self.api_key and not self.api_key.reveal():
            yield Problem("api_key", "is empty", "check the variable or file it is read from")
        if not self.default_service:
            yield Problem("default_service", "is empty", "name one of the endpoint's services")
        for word, status in self.statuses.items():
            if status not in set(Status):
                yield Problem(f"statuses.{word}", f"'{status}' is no status", f"one of: {', '.join(Status)}")
