"""A gateway to which all that tells who somebody is was sent, by every way in, and everything that it left behind."""

import asyncio
import contextlib
import json
import os
import resource
import signal
import socket
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from typer.testing import CliRunner, Result

from adapters.testing.standins.telegram import Telegram
from gateway import control
from gateway.cli.commands import app
from tests.canary.canaries import Citizen, files
from tests.canary.outside import UnkindRelay, UnkindSmsGateway
from tests.canary.telegram_ways import updates
from tests.canary.ways_in import (
    BEHIND,
    PROXY,
    applications,
    ask,
    handed_over,
    mails,
    public_pages,
    request,
    requests,
    talks,
    texts,
)
from tests.end_to_end.kanal import Gateway, free_port, until
from tests.end_to_end.telegram_bot import bot, webhook

Places = dict[str, bytes]
Table = Callable[[Citizen], Mapping[str, bytes]]

#: What an officer may look at without saying why.
LOOKS = (
    "cases list",
    "cases show {cases}",
    "reports list",
    "reports show {reports}",
    "deliveries list",
    "deliveries show 1",
    "quarantine list",
    "replies list",
    "replies show {replies}",
    "notices list",
    "talks list",
    "channels list",
    "channels costs",
    "channels log sms --limit 2000",
    "channels log mail --limit 2000",
    "channels log telegram --limit 2000",
    "channels log --reply {replies}",
    "channels log --report {reports}",
    "keys list",
    "filings list",
    "audit",
    "export",
    "export cases",
    "doctor --offline",
    "replay --channel sms --since 2020-01-01",
    "purge --dry-run",
)
MORE = {"poison": "poison", "apps": "open311", "arsip": "table"}
OFFICER = Citizen(900)
ESTIMATE = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()


class Verbose(Gateway):
    """A gateway that may leave a memory image wherever it is started."""

    runner = ("prlimit", "--core=unlimited")


class Evidence:
    """What was left behind, by the name of its place, each as octets: what those outside heard, what runs, what
    commands show, what is on the disk while it runs. `images` are the limits to images of the processes' memory;
    `key` is an application's."""

    def __init__(self, folder: Path, relay: UnkindRelay, sms_gateway: UnkindSmsGateway, telegram: Telegram) -> None:
        self.answers: Places = {}
        self.metrics: Places = {}
        self.processes: Places = {}
        self.images: set[tuple[int, int]] = set()
        self.key = ""
        self.looks: Places = {}
        self.on_disk: Places = {}
        self.folder, self.data, self.relay, self.sms_gateway = folder, folder / "data", relay, sms_gateway
        self._lmtp = free_port()
        self._numbers = count(1)
        web = free_port()
        self.gateway = Verbose(
            folder,
            web=web,
            mail={**relay.settings, "lmtp": f"127.0.0.1:{self._lmtp}"},
            sms={**sms_gateway.settings, "keywords": ["LAPOR"], "allow": ["127.0.0.0/8", f"{BEHIND}/32"]},
            limits={"trusted_proxies": [f"{PROXY}/32"]},
            more=[
                *({"name": name, "kind": kind} for name, kind in MORE.items()),
                bot(telegram, folder, **webhook(folder, web)),
            ],
        )

    def gather(self) -> None:
        """Once as operators run it in a terminal, and once as they run it in a service."""
        with self.gateway:
            self.key = self.kanal("keys", "add", "jaki", "--per-minute", "0").stdout.strip()
            apps = partial(applications, key=self.key)
            self._send("HTTP", texts, requests, apps, updates, public_pages, _poison)
            self._send("SMTP", talks, _handed_over)
            self._send("LMTP", partial(talks, hello="LHLO"), partial(_handed_over, hello="LHLO"))
            self._import_a_table()
            self._processes_fail()
            self.gateway.settled()
            self._officers_work()
            self._look()
        self.gateway.options = ("--json-logs",)
        with self.gateway:
            self._send("HTTP", texts, requests, apps, updates, public_pages, _poison)
            self._send("SMTP", talks)
            self.gateway.settled()
            self.metrics["of a service"] = self.gateway.page("/metrics")[1].encode()

    def _send(self, protocol: str, *tables: Table) -> None:
        """Each thing by another citizen."""
        smtp = int(self.gateway.smtp.partition(":")[2])
        port = {"HTTP": self.gateway.web, "SMTP": smtp, "LMTP": self._lmtp}[protocol]
        for table in tables:
            for name in table(OFFICER):
                who = Citizen(next(self._numbers))
                source = PROXY if name.endswith("by a proxy") else who.address
                hangs_up = name.endswith("breaks off")
                self.answers[f"{protocol}: {name} ({who.number})"] = ask(port, table(who)[name], source, hangs_up)

    def _import_a_table(self) -> None:
        """With a row that is refused, which the command writes beside it."""
        who, other = Citizen(next(self._numbers)), Citizen(next(self._numbers))
        with TemporaryDirectory() as folder:
            file = Path(folder) / f"{who.name}.csv"
            row = f"{who.words};{who.name};{who.phone};{who.mail};{who.token}\n"
            file.write_text(f"Isi Laporan;Nama;No HP;Email;No Tiket\n{row};{other.name};{other.words};{other.mail};\n")
            done = self.kanal("import", str(file), "--channel", "arsip", "--yes", "--json")
        assert json.loads(done.stdout)["taken"] == 1, done.output

    def _processes_fail(self) -> None:
        """While they read, or compare, what came in."""
        for module, how in (("worker", signal.SIGKILL), ("judge", signal.SIGKILL), ("worker", signal.SIGSEGV)):
            (child,) = self.gateway.children(f"gateway.{module}")
            os.kill(child, how)
            self._send("HTTP", texts)
            until(partial(self._is_another, f"gateway.{module}", child), "another process")

    def _is_another(self, module: str, child: int) -> bool:
        return self.gateway.children(module) not in ([], [child])

    def _officers_work(self) -> None:
        """Officers name people where they need not, too, and programs may say anything to the gateway."""
        for order in (OFFICER.words, json.dumps({"do": OFFICER.token}), json.dumps(_wrong_order())):
            with contextlib.closing(socket.socket(socket.AF_UNIX)) as peer:
                peer.connect(str(self.data / "control.sock"))
                peer.sendall(f"{order}\n".encode())
                assert peer.recv(1000).startswith(b'{"refused":')
        why = ("--why", OFFICER.words)
        first, second, third = (row["code"] for row in self.rows("cases")[:3])
        for words in (
            ("cases", "move", first, "proses", "--unit", "dinas-sda", "--note", OFFICER.words),
            ("cases", "move", first, "estimasi", "--estimate", ESTIMATE, "--reason", OFFICER.words),
            ("cases", "join", second, third),
            ("cases", "part", second),
            ("reports", "show", self.rows("reports")[0]["id"], "--full", *why),
            ("access", Citizen(2).phone, *why),
            ("erase", Citizen(3).phone, "--yes", *why),
        ):
            assert self.kanal(*words).exit_code == 0, words
        of_case = {"code": first, "actor": "rina", "text": OFFICER.words}
        for verb, values in (("note", of_case), ("draft", of_case | {"of": "answer"})):
            assert asyncio.run(control.ask(self.data, verb, values))["code"] == first
        for nobody in (OFFICER.phone, OFFICER.mail, OFFICER.name):
            assert self.kanal("erase", nobody, "--yes", *why).exit_code == 1

    def kanal(self, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--config", str(self.gateway.config)])

    def rows(self, what: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.kanal(what, "list", "--all", "--json").stdout.splitlines()]

    def _look(self) -> None:
        self.metrics["in a terminal"] = self.gateway.page("/metrics")[1].encode()
        for pid in (self.gateway.pid, *self.gateway.children()):
            for what in ("cmdline", "environ"):
                self.processes[f"{pid} {what}"] = Path(f"/proc/{pid}/{what}").read_bytes()
            self.images |= {resource.prlimit(pid, resource.RLIMIT_CORE)}
        self.on_disk |= _at("data while it runs", files(self.data))
        newest = {what: self.rows(what)[-1] for what in ("cases", "reports", "replies")}
        named = {what: row.get("id", row.get("code")) for what, row in newest.items()}
        for words in (*LOOKS, *(f"{look} --json" for look in LOOKS)):
            self.looks[words] = self.kanal(*words.format(**named).split()).output.encode()
        backups = self.folder / "backups"
        backups.mkdir()
        assert self.kanal("backup", str(backups)).exit_code == 0
        self.on_disk |= _at("backup", files(backups))


def _at(where: str, found: Places) -> Places:
    return {f"{where}: {name}": content for name, content in found.items()}


def _wrong_order() -> dict[str, Any]:
    return {"do": "move", "with": {"code": OFFICER.phone, "status": OFFICER.mail, "nobody": OFFICER.name}}


def _handed_over(who: Citizen, hello: str = "EHLO") -> Mapping[str, bytes]:
    return {name: handed_over(who, mail, hello) for name, mail in mails(who).items()}


def _poison(who: Citizen) -> Mapping[str, bytes]:
    """To an adapter that does what a delivery says."""
    letter = {"id": who.mail, "channel": "poison", "sender": None, "text": who.words}
    asked: dict[str, Any] = {
        "a letter": {"id": who.phone, "body": json.dumps(letter)},
        "what cannot be stored": {"id": [who.phone], "body": who.words},
        "what it fails at": {"id": f"a{who.number}", "body": f"raise {who.words}"},
        "what it dies of": {"id": f"b{who.number}", "body": f"abort {who.words}"},
        "what it complains of": {"id": f"c{who.number}", "body": f"complain {who.words}"},
        "what it cannot take": who.words,
    }
    return {name: request("/in/poison/", method="POST", body=json.dumps(one).encode()) for name, one in asked.items()}
