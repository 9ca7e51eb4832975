"""Cases to hand to case stores in tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.casestore import Amendment, OutgoingCase, OutgoingFile, OutgoingReport, Status

#: After every test has begun.
NOW = datetime.now(UTC) + timedelta(hours=1)
PHOTO = b"\xff\xd8\xff\xe0" + bytes(64) + b"\xff\xd9"


def report(key: str = "r1", text: str = "Banjir selutut", **values: Any) -> OutgoingReport:
    return OutgoingReport(key=key, channel="sms-1708", text=text, received_at=NOW, **values)


def case(code: str = "KNL-7F3K-92QX", *reports: OutgoingReport, **values: Any) -> OutgoingCase:
    made: dict[str, Any] = {
        "key": code.lower(),
        "version": 1,
        "status": Status.MENUNGGU,
        "opened_at": NOW,
        "due_at": NOW,
    } | values
    return OutgoingCase(code=code, reports=reports or (report(),), **made)


def photo(name: str = "foto.jpg", media_type: str = "image/jpeg", gone: bool = False) -> OutgoingFile:
    async def read() -> bytes:
        if gone:
            raise LookupError
        return PHOTO

    return OutgoingFile(name=name, media_type=media_type, read=read)


def amendment(number: str, *new: OutgoingReport, **values: Any) -> Amendment:
    return Amendment(key="knl-2", number=number, case=case(), new=new, **values)
