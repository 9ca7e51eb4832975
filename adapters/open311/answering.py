"""Answers to GET: all from what is known, none of it of who reported. What may have a thousand rows is written on
another thread: it would hold the event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from adapters import CaseQuery, CaseReader, Equipment, WebRequest
from adapters.open311 import documents, questions
from adapters.open311.faults import fault
from adapters.open311.output import Document
from adapters.open311.questions import Query
from adapters.open311.settings import Open311Settings


class Asked(NamedTuple):
    """`identity` is the code or id in the path, "" if there is none; `app` who asks, "" for anybody."""

    resource: str
    identity: str
    query: Query
    app: str
    request: WebRequest
    cases: CaseReader


class Answering:
    """`since` is when the settings were last changed."""

    def __init__(self, settings: Open311Settings, equipment: Equipment, since: datetime) -> None:
        self._settings = settings
        self._equipment = equipment
        self._since = since.astimezone(equipment.zone)
        self._answers: Mapping[tuple[str, bool], Callable[[Asked], Awaitable[Document]]] = {
            ("discovery", False): self._discovery,
            ("services", False): self._services,
            ("services", True): self._definition,
            ("tokens", True): self._token,
            ("requests", False): self._requests,
            ("requests", True): self._request,
            ("servicerequestupdates", False): self._updates,
        }

    def knows(self, resource: str, identity: str) -> bool:
        return (resource, bool(identity)) in self._answers

    async def answer(self, asked: Asked) -> Document:
        """Raises `Faulty`."""
        found = self._answers.get((asked.resource, bool(asked.identity)))
        if found is None:
            raise fault(404, "there is no such resource")
        return await found(asked)

    async def _discovery(self, asked: Asked) -> Document:
        url = asked.request.public_url.partition("?")[0]
        return documents.discovery(self._settings, url.rpartition("/")[0], self._since)

    async def _services(self, _asked: Asked) -> Document:
        return documents.services(self._equipment.categories, self._settings.language)

    async def _definition(self, asked: Asked) -> Document:
        category = self._equipment.categories.get(asked.identity.lower())
        if category is None:
            raise fault(404, "the service_code was not found")
        return documents.definition(category, self._settings.language)

    async def _token(self, asked: Asked) -> Document:
        code = await asked.cases.settled(asked.identity)
        if code is None:
            raise fault(404, "the token was not found")
        return documents.token(asked.identity, code, self._equipment.text("app_received"))

    async def _requests(self, asked: Asked) -> Document:
        if codes := questions.codes(asked.query, asked.app):
            found = await asked.cases.by_code(codes, asked.app, asked.request.peer)
        else:
            found = await asked.cases.cases(self._wanted(asked))
        return await asyncio.to_thread(documents.requests, found, self._name)

    async def _request(self, asked: Asked) -> Document:
        found = await asked.cases.by_code([asked.identity], asked.app, asked.request.peer)
        if not found:
            raise fault(404, "the service_request_id was not found")
        return documents.requests(found, self._name)

    async def _updates(self, asked: Asked) -> Document:
        return await asyncio.to_thread(documents.updates, await asked.cases.moves(self._wanted(asked)))

    def _wanted(self, asked: Asked) -> CaseQuery:
        return questions.wanted(asked.query, asked.app, datetime.now(UTC), self._equipment.zone)

    def _name(self, category: str) -> str:
        return self._equipment.categories.name(category, self._settings.language)
