"""Sockets that listen: handed on without a gap, refused where a stranger has them, gone when nobody uses them."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.sockets import name
from gateway.sockets import Sockets
from tests.end_to_end.kanal import free_port

OLD, NEW, OTHER = "old", "new", "other"


@pytest.fixture
def held() -> Iterator[Sockets]:
    sockets = Sockets()
    yield sockets
    sockets.release(OLD, NEW, OTHER)


def port_of(sock: socket.socket) -> int:
    return int(sock.getsockname()[1])


def answers(listener: socket.socket) -> bool:
    """Somebody connects; does this socket get to know?"""
    with socket.create_connection(("127.0.0.1", port_of(listener))) as client:
        listener.settimeout(60)
        with listener.accept()[0] as accepted:
            return bool(accepted.getpeername() == client.getsockname())


@pytest.mark.parametrize("where", ["127.0.0.1:0", "path"])
async def test_who_connects_before_the_next_user_accepts_is_served_by_it(
    held: Sockets, tmp_path: Path, where: str
) -> None:
    place = str(tmp_path / "a.sock") if where == "path" else where
    [first] = await held.bind(OLD, place)
    with socket.socket(first.family) as client:
        client.connect(first.getsockname())
        [second] = await held.bind(NEW, place, leaving={OLD})
        first.close()
        held.release(OLD)
        with second, second.accept()[0] as accepted:
            client.sendall(b"LHLO\r\n")
            assert accepted.recv(6) == b"LHLO\r\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("127.0.0.1", "0.0.0.0", id="wider"),
        pytest.param("0.0.0.0", "127.0.0.1", id="narrower"),
        pytest.param("127.0.0.1", "localhost", id="the same by another name"),
    ],
)
async def test_a_host_changes_on_the_same_port_without_a_gap(held: Sockets, before: str, after: str) -> None:
    port = free_port()  # of the others, strangers' connections may have one on another address
    [old] = await held.bind(OLD, f"{before}:{port}")
    new = await held.bind(NEW, f"{after}:{port}", leaving={OLD})
    old.close()
    held.release(OLD)
    assert any(answers(sock) for sock in new if sock.family == socket.AF_INET)
    with pytest.raises(OSError, match="in use"):
        await held.bind(OTHER, f"127.0.0.1:{port}")
    for sock in new:
        sock.close()


async def test_what_a_stranger_or_another_user_has_is_refused(held: Sockets, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger, pytest.raises(OSError, match="in use"):
        await held.bind(NEW, name(stranger))
    for place in ("127.0.0.1:0", str(tmp_path / "a.sock")):
        [sock] = await held.bind(OLD, place)
        with sock, pytest.raises(OSError, match="in use"):
            await held.bind(NEW, name(sock), leaving={OTHER})


async def test_with_its_last_user_a_place_is_free_and_its_path_gone(held: Sockets, tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    for place in ("127.0.0.1:0", str(path)):
        [sock] = await held.bind(OLD, place)
        where, family = sock.getsockname(), sock.family
        sock.close()
        held.release(OLD)
        with socket.socket(family) as client, pytest.raises(OSError, match=r"refused|No such file"):
            client.connect(where)
    assert not path.exists()


async def test_a_path_that_a_killed_process_left_is_taken_over(held: Sockets, tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
        dead.listen()
    [sock] = await held.bind(NEW, str(path))
    with sock, socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        assert path.stat().st_mode & 0o777 == 0o666


async def test_a_file_that_is_no_socket_is_left_alone(held: Sockets, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("kept")
    with pytest.raises(OSError, match="in use"):
        await held.bind(NEW, str(path))
    assert path.read_text() == "kept"
