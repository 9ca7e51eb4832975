"""The settings of a gateway in service change, by `kanal reload` and by SIGHUP."""

import http.client
import json
import signal
import socket
import ssl
import subprocess
import threading
from pathlib import Path

from tests.adapters.certificates import make_certificate
from tests.end_to_end.citizens import Citizens, connected
from tests.end_to_end.kanal import COMMAND, OWN, Gateway, free_port, until

KEPT = "The running gateway keeps its old configuration."
WRONG = '\n[[channels]]\nname = "fax"\nkind = "fax"\n\n[[channels]]\nname = "sms-2"\nkind = "sms"\nnumbr = "1709"\n'


def change(gateway: Gateway, more: str) -> None:
    """What its settings file is to say after its first settings."""
    first = gateway.config.read_text().partition("# more\n")[0]
    gateway.config.write_text(f"{first}# more\n{more}")


def mailbox(name: str, where: str = "") -> str:
    where = where or f"127.0.0.1:{free_port()}"
    return f'[[channels]]\nname = "{name}"\nkind = "smtp"\nrecipients = ["{OWN}"]\nsmtp = "{where}"\n'


def reload(gateway: Gateway, *options: str) -> tuple[int, list[str]]:
    """`kanal reload`: exit code and lines."""
    ended = gateway.kanal("reload", *options)
    return ended.returncode, (ended.stdout + ended.stderr).decode().splitlines()


def hang_up(gateway: Gateway, word: str) -> None:
    """SIGHUP; returns once the log has this word again."""
    before = gateway.log.count(word)
    gateway.signal(signal.SIGHUP)
    until(lambda: gateway.log.count(word) > before, f"the log to say: {word}")


def test_hangups_amid_traffic_lose_nothing_and_cut_nobody_off(tmp_path: Path) -> None:
    with Gateway(tmp_path) as gateway:
        citizens, over = Citizens(gateway), threading.Event()
        told: list[int] = []

        def by_many_connections() -> None:
            while not over.is_set():
                told.append(citizens.sms().status)

        def by_one_connection() -> None:
            line = http.client.HTTPConnection("127.0.0.1", gateway.web, timeout=60)
            line.connect()
            line.auto_open = 0  # another connection would mean that this one was cut off
            while not over.wait(0.05):
                line.request("GET", "/healthz")
                answer = line.getresponse()
                answer.read()
                told.append(answer.status)
            line.close()

        threads = [
            threading.Thread(target=one) for one in (by_many_connections, by_many_connections, by_one_connection)
        ]
        for thread in threads:
            thread.start()
        with connected(gateway.smtp) as talk:
            for more in ("", mailbox("mail-2"), ""):
                change(gateway, more)
                assert citizens.mail(over=talk).status == 250
                hang_up(gateway, "the new configuration is in force")
                assert citizens.mail(over=talk).status == 250
        over.set()
        for thread in threads:
            thread.join()
        assert (set(told), len(told) > 20) == ({200}, True)
        gateway.settled()
        citizens.check()


def test_kanal_reload_says_what_check_says_and_the_old_configuration_serves_on(tmp_path: Path) -> None:
    with Gateway(tmp_path) as gateway:
        change(gateway, WRONG)
        check = subprocess.run([*COMMAND, "check", str(gateway.config)], capture_output=True, text=True, check=False)
        checked = check.stdout.splitlines()
        assert reload(gateway) == (1, [*checked, KEPT])
        assert len(checked) > 4
        hang_up(gateway, "the old configuration stays in force")
        assert gateway.log.count("no adapter is called 'fax'") == 2
        assert not gateway.figure("kanal_config_last_reload_successful")
        assert Citizens(gateway).both() == (200, 250)
        change(gateway, "[gate")
        code, lines = reload(gateway)
        assert (code, "is not TOML" in lines[1], lines[-1]) == (1, True, KEPT)
        change(gateway, mailbox("mail-2"))
        said = "The new configuration is in force. Channels: 1 added, 2 as before."
        assert reload(gateway) == (0, [str(gateway.config), "  no problems", said])
        assert gateway.figure("kanal_config_last_reload_successful")
        change(gateway, "")
        code, (line,) = reload(gateway, "--json")
        assert (code, json.loads(line)["removed"]) == (0, ["mail-2"])


def test_a_taken_port_or_another_data_folder_keeps_the_old_configuration(tmp_path: Path) -> None:
    with Gateway(tmp_path) as gateway, socket.create_server(("127.0.0.1", 0)) as stranger:
        taken = f"127.0.0.1:{stranger.getsockname()[1]}"
        change(gateway, mailbox("mail-2") + mailbox("mail-3", taken))
        code, lines = reload(gateway)
        assert (code, lines[-1]) == (1, KEPT)
        assert lines[1].startswith("  channels[3] 'mail-3': cannot listen: Address already in use")
        written = gateway.config.read_text()
        gateway.config.write_text(written.replace('data = "data"', 'data = "elsewhere"').replace(taken, "127.0.0.1:0"))
        code, (line,) = reload(gateway)
        assert (code, "no gateway is running on" in line) == (1, True)
        code, lines = reload(gateway, "--data", str(tmp_path / "data"))
        assert (code, lines[-1]) == (1, KEPT)
        assert lines[1].startswith("  gateway.data: the data are in")
        assert Citizens(gateway).both() == (200, 250)
    assert reload(gateway)[0] == 1


def test_a_renewed_certificate_is_shown_from_then_on(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    with Gateway(tmp_path, mail={"certificate": str(certificate), "private_key": str(key)}) as gateway:
        before = certificate.read_text()
        assert shown(gateway.smtp) == before
        make_certificate(tmp_path)
        assert shown(gateway.smtp) == before
        assert reload(gateway)[1][-1] == "The new configuration is in force. Channels: 1 changed, 1 as before."
        assert shown(gateway.smtp) == certificate.read_text() != before
        key.write_text("damaged")
        assert reload(gateway)[1][-1] == KEPT
        assert shown(gateway.smtp) == certificate.read_text()


def shown(server: str) -> str:
    """The certificate that STARTTLS shows, in PEM."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with connected(server) as client:
        client.starttls(context=context)
        assert isinstance(client.sock, ssl.SSLSocket)
        return ssl.DER_cert_to_PEM_cert(client.sock.getpeercert(binary_form=True) or b"")
