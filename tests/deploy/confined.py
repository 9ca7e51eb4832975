"""`python -m tests.deploy.confined UNIT COMMAND…` runs a command under the system call rules of a systemd unit.

The kernel enforces them, through the library that systemd uses (libseccomp) and with the lists that systemd has. It is
sterner than systemd with the unit: a call outside of the list ends the process, so that none goes unnoticed.
"""

import ctypes
import errno
import functools
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ALLOW, KILL = 0x7FFF0000, 0x80000000
EQUAL, MASKED = 4, 7
WRITE, EXECUTE = 2, 4
MEMORY_CALLS = {"mmap": (2, WRITE | EXECUTE), "mprotect": (2, EXECUTE), "pkey_mprotect": (2, EXECUTE)}
FAMILIES = range(64)
OURS = {"seccomp"} if os.geteuid() else {"seccomp", "fchown"}  # SQLite hands its files over if it is root


class Comparison(ctypes.Structure):
    """scmp_arg_cmp: argument `arg` compared by `op`; for MASKED, (it & a) == b."""

    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


class Filter:
    """Rules to be loaded into the kernel for this process and all that it becomes or starts."""

    def __init__(self, default: int) -> None:
        self._library = ctypes.CDLL("libseccomp.so.2")
        self._library.seccomp_init.restype = ctypes.c_void_p
        self._rules = ctypes.c_void_p(self._library.seccomp_init(ctypes.c_uint32(default)))

    def add(self, action: int, call: str, *when: Comparison) -> None:
        """A call that this machine does not have is passed over."""
        number = self._library.seccomp_syscall_resolve_name(call.encode())
        if number >= 0:
            rule = (self._rules, ctypes.c_uint32(action), number, len(when), (Comparison * len(when))(*when))
            _check(self._library.seccomp_rule_add_array(*rule))

    def load(self) -> None:
        _check(self._library.seccomp_load(self._rules))


def _check(result: int) -> None:
    if result < 0:
        raise OSError(-result, os.strerror(-result))


def refusal(number: int) -> int:
    """The action that makes a call fail with this errno."""
    return 0x00050000 | number


def written(unit: str, name: str) -> list[str]:
    """The values of a directive, in their order."""
    return re.findall(rf"^{name}=(.*)$", unit, re.MULTILINE)


def allowed_calls(unit: str) -> set[str]:
    """What is left of SystemCallFilter= after its lines with a tilde."""
    calls: set[str] = set()
    for line in written(unit, "SystemCallFilter"):
        named = {call for name in line.removeprefix("~").split() for call in expanded(name)}
        calls = calls - named if line.startswith("~") else calls | named
    return calls


@functools.cache
def groups() -> dict[str, list[str]]:
    shown = subprocess.run(["systemd-analyze", "syscall-filter"], capture_output=True, text=True, check=True).stdout
    parts = re.split(r"^(@[\w-]+)$", shown, flags=re.MULTILINE)
    return {
        name: re.findall(r"^    ([@\w-]+)$", body, re.MULTILINE)
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def expanded(name: str) -> Iterator[str]:
    if name.startswith("@"):
        for member in groups()[name]:
            yield from expanded(member)
    else:
        yield name


def confine(unit: str) -> None:
    refusals = Filter(ALLOW)
    if written(unit, "MemoryDenyWriteExecute") == ["yes"]:
        for call, (argument, bits) in MEMORY_CALLS.items():
            refusals.add(refusal(errno.EPERM), call, Comparison(argument, MASKED, bits, bits))
    kept = {getattr(socket, name) for line in written(unit, "RestrictAddressFamilies") for name in line.split()}
    for family in set(FAMILIES) - kept:
        refusals.add(refusal(errno.EAFNOSUPPORT), "socket", Comparison(0, EQUAL, family, 0))
    listed = Filter(KILL)
    for call in allowed_calls(unit) | OURS:
        listed.add(ALLOW, call)
    refusals.load()
    listed.load()


if __name__ == "__main__":
    confine(Path(sys.argv[1]).read_text())
    os.execvp(sys.argv[2], sys.argv[2:])
