"""The ports that the settings want: free, or held by the gateway that runs; and enough file handles to serve them."""

import asyncio
import errno
from collections.abc import Iterator
from urllib.parse import urlsplit

from adapters import Listens, sockets
from gateway import handles, listening
from gateway.doctor.finding import Finding, Findings, Patient, fail, ok, warn


def check_ports(patient: Patient) -> Findings:
    web = patient.settings.web
    held = {_port(where) for where in patient.vitals.listens} if patient.vitals else set()
    for name, where in [("web", listening.web_address(web.host, web.port)), *_own(patient)]:
        port = _port(where)
        if not port:
            continue
        if port in held:
            yield ok("ports", f"{name}: {where}, held by the running gateway")
        else:
            yield _wanted(name, where, runs=patient.vitals is not None)


def _own(patient: Patient) -> Iterator[tuple[str, str]]:
    """Where the channels listen themselves, but for Unix sockets."""
    for channel in patient.settings.channels:
        adapter = listening.built(channel)
        if isinstance(adapter, Listens):
            yield from ((channel.name, where) for where in adapter.addresses())


def _wanted(name: str, where: str, runs: bool) -> Finding:
    taken = asyncio.run(_why_not(urlsplit(where).netloc))
    if taken is None and runs:
        said = f"{name}: {where} is free, though the gateway runs"
        return warn("ports", said, "were the settings changed since it started? Restart it")
    if taken is None:
        return ok("ports", f"{name}: {where} is free")
    said = f"{name}: {where}: {taken.strerror or taken}"
    return fail("ports", said, _HINTS.get(taken.errno or 0, "is the address one of this machine's?"))


_HINTS = {
    errno.EADDRINUSE: "end the program that has it (ss -ltnp), or set another port",
    errno.EACCES: "below 1024: let systemd grant it (AmbientCapabilities=CAP_NET_BIND_SERVICE), or set another port",
}


async def _why_not(place: str) -> OSError | None:
    """Why a place cannot be listened at."""
    try:
        sockets.close(await sockets.bind(place))
    except OSError as error:
        return error
    return None


def _port(where: str) -> int | None:
    """None where there is none, such as in the address of a Unix socket."""
    try:
        return urlsplit(where).port
    except ValueError:
        return None


def check_handles(patient: Patient) -> Findings:
    wanted, (_, most) = handles.needed(patient.settings), handles.limits()
    if patient.vitals is not None:
        most = patient.vitals.most_handles
    said = f"{most} may be open, {wanted} are needed when every connection is taken"
    if patient.vitals is not None:
        said += f"; {patient.vitals.handles} are open"
    yield ok("file handles", said) if most >= wanted else fail("file handles", said, handles.advice(wanted))
