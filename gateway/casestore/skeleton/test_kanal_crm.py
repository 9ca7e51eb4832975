"""crm is a case store as every case store must be."""

from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar

from gateway.casestore.skeleton.fake_crm import TOKEN, fake_crm
from gateway.casestore.skeleton.kanal_crm import Crm
from gateway.casestore.testing import CaseStoreContract


class TestCrm(CaseStoreContract):
    case_store = Crm
    settings: ClassVar[dict[str, Any]] = {"url": "https://crm.example/api", "token": TOKEN}
    refused_settings: ClassVar[dict[str, dict[str, Any]]] = {"no address": {"url": "crm.example"}}

    def outside(self) -> AbstractAsyncContextManager[Any]:
        return fake_crm()
