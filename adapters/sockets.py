"""Sockets that listen, and the words by which they are asked for."""

import asyncio
import errno
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters.hosts import is_host

BACKLOG = 1024
_NOT_HERE = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL}


def place(text: str) -> tuple[str, int]:
    """Host and port of "host:port" or "[IPv6]:port"; raises ValueError."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not is_host(host) or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError("not host:port")
    return host, int(port)


def is_path(text: str) -> bool:
    """Whether a place to listen is a Unix socket."""
    return "/" in text


async def bind(where: str, beside: Iterable[socket.socket] = ()) -> list[socket.socket]:
    """Listen at "host:port" or the path of a Unix socket: a socket for each address of the host. Raises OSError.

    Their addresses may overlap with those of sockets `beside`, which are ours and about to be closed: on Linux
    127.0.0.1:25 and 0.0.0.0:25 are taken by each other.
    """
    if is_path(where):
        return [_bind_path(Path(where))]
    host, port = place(where)
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    addresses = dict.fromkeys((family, address) for family, _, _, _, address in found)
    with _tolerated([sock for sock in beside if sock.family != socket.AF_UNIX]) as tolerated:
        return _bind_all(addresses, reuse_port=tolerated)


def close(sockets: Iterable[socket.socket]) -> None:
    """Stop listening, and take away the paths of Unix sockets."""
    for sock in sockets:
        if sock.family == socket.AF_UNIX:
            Path(sock.getsockname()).unlink(missing_ok=True)
        sock.close()


def name(sock: socket.socket) -> str:
    """Where a socket listens: "127.0.0.1:25", "[::1]:25" or a path."""
    if sock.family == socket.AF_UNIX:
        return str(sock.getsockname())
    host, port = sock.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _bind_all(addresses: Iterable[tuple[int, Any]], *, reuse_port: bool) -> list[socket.socket]:
    """On a machine without IPv6 a name may still have an address of that kind; one that can be used is enough."""
    bound: list[socket.socket] = []
    missing: OSError | None = None
    for family, address in addresses:
        try:
            bound.append(socket.create_server(address, family=family, backlog=BACKLOG, reuse_port=reuse_port))
        except OSError as error:
            missing = error
            if error.errno not in _NOT_HERE:
                close(bound)
                raise
    if missing and not bound:
        raise missing
    return bound


@contextmanager
def _tolerated(beside: Sequence[socket.socket]) -> Iterator[bool]:
    """While it lasts, others of this process that ask for it may listen where these do."""
    try:
        for sock in beside:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        yield bool(beside)
    finally:
        for sock in beside:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 0)


def _bind_path(path: Path) -> socket.socket:
    """What a process that was killed has left there is replaced."""
    if path.is_socket() and not _answers(path):
        path.unlink(missing_ok=True)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.bind(str(path))
        path.chmod(0o666)  # as open to the machine's users as a port on the loopback
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock


def _answers(path: Path) -> bool:
    """Whether a process listens there; if that cannot be told, yes."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.setblocking(False)
        try:
            client.connect(str(path))
        except OSError as error:
            return error.errno != errno.ECONNREFUSED
    return True
