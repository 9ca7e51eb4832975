"""The alert rules in config/examples, judged by Prometheus' own promtool: when each rings, and that it rings alone."""

import json
import re
import subprocess
import urllib.request
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.adapters.certificates import make_certificate
from tests.adapters.smtp_running import tool
from tests.docs.blocks import ROOT
from tests.end_to_end.kanal import Gateway

RULES = ROOT / "config" / "examples" / "prometheus-alerts.yml"
NAMES = re.findall(r"- alert: (\w+)$", RULES.read_text(), re.MULTILINE)
GIGABYTES = "000000000"
DAY = 24 * 3  # steps of twenty minutes

HEALTHY = {
    'up{job="kanal"}': "1",
    'process_start_time_seconds{job="kanal"}': "0",
    'process_open_fds{job="kanal"}': "80",
    'process_max_fds{job="kanal"}': "1000",
    "kanal_store_up": "1",
    "kanal_data_disk_size_bytes": f"100{GIGABYTES}",
    "kanal_data_disk_free_bytes": f"40{GIGABYTES}",
    'kanal_channel_up{channel="mail"}': "1",
    'kanal_channel_month_cost{channel="x",currency="USD"}': "41",
    'kanal_channel_monthly_cap{channel="x",currency="USD"}': "150",
    'kanal_channel_unauthorized{channel="mail"}': "0",
    'kanal_channel_circuit_open{channel="mail"}': "0",
    "kanal_oldest_unsettled_delivery_seconds": "30",
    "kanal_oldest_due_reply_seconds": "600",
    "kanal_oldest_handed_over_talk_seconds": "7200",
    'kanal_reply_attempts_total{channel="mail",outcome="sent"}': "0+1",
    'kanal_deliveries_total{channel="mail"}': "0+1",
    "kanal_last_backup_timestamp_seconds": "0+1200",
    'kanal_certificate_expiry_timestamp_seconds{channel="mail"}': "99999999",
    "kanal_config_last_reload_successful": "1",
    'kanal_open_cases{unit="kelurahan"}': "200",
    'kanal_late_cases{unit="kelurahan",step="coordinate"}': "30",
    'kanal_late_cases{unit="kelurahan",step="last"}': "0",
    'kanal_notice_circuit_open{way="mail"}': "0",
    'kanal_case_store_circuit_open{store="crm"}': "0",
    'kanal_oldest_unfiled_case_seconds{store="crm"}': "60",
    'kanal_filings_aside{store="crm"}': "0",
    'kanal_web_turned_away_total{limit="all"}': "0",
    'kanal_web_turned_away_total{limit="address"}': "0+5",
}


class Case(NamedTuple):
    """What is otherwise than in health, after so many steps. A value without a count is repeated for all of them."""

    series: dict[str, str]
    steps: int
    minutes: int = 1


def rings(folder: Path, case: Case, expected: set[str]) -> None:
    """Exactly these rules ring at the end."""
    inputs = [
        {"series": name, "values": value if "x" in value or " " in value else f"{value}x{case.steps}"}
        for name, value in (HEALTHY | case.series).items()
    ]
    query = {
        "expr": 'count by (alertname) (ALERTS{alertstate="firing"}) > bool 0',
        "eval_time": f"{case.steps * case.minutes}m",
        "exp_samples": [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in sorted(expected)],
    }
    step = f"{case.minutes}m"
    test = {"interval": step, "input_series": inputs, "promql_expr_test": [query]}
    file = folder / "alerts.test.yml"
    file.write_text(json.dumps({"rule_files": [str(RULES)], "evaluation_interval": step, "tests": [test]}))
    done = promtool("test", "rules", str(file))
    assert done.returncode == 0, done.stdout + done.stderr


def promtool(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([tool("promtool", "prometheus"), *words], capture_output=True, text=True, check=False)


def test_promtool_finds_nothing_wrong() -> None:
    done = promtool("check", "rules", "--lint-fatal", str(RULES))
    assert (done.returncode, f"{len(NAMES)} rules found" in done.stdout) == (0, True), done.stderr


RINGS = {
    "KanalDown": Case({'up{job="kanal"}': "0"}, 3),
    "KanalRestarts": Case({'process_start_time_seconds{job="kanal"}': "0+60"}, 60),
    "KanalStoreDown": Case({"kanal_store_up": "0"}, 2),
    "KanalDiskNearlyFull": Case({"kanal_data_disk_free_bytes": f"9{GIGABYTES}"}, 11),
    "KanalDiskFullSoon": Case({"kanal_data_disk_free_bytes": f"40{GIGABYTES}-50000000"}, 360),
    "KanalFilesUsedUp": Case({'process_open_fds{job="kanal"}': "900"}, 6),
    "KanalChannelDown": Case({'kanal_channel_up{channel="mail"}': "0"}, 6),
    "KanalChannelUnheard": Case({'kanal_channel_state{channel="mail",state="silent"}': "1"}, 6),
    "KanalChannelCapNear": Case({'kanal_channel_month_cost{channel="x",currency="USD"}': "136"}, 6),
    "KanalCredentialsRefused": Case({'kanal_channel_unauthorized{channel="mail"}': "1"}, 2),
    "KanalRepliesHeldBack": Case({'kanal_channel_circuit_open{channel="mail"}': "1"}, 16),
    "KanalFilesNotFetched": Case({'kanal_channel_fetch_failing{channel="chat"}': "1"}, 61),
    "KanalDeliveriesWait": Case({"kanal_oldest_unsettled_delivery_seconds": "0+60"}, 20),
    "KanalRepliesWait": Case({"kanal_oldest_due_reply_seconds": "0+60"}, 70),
    "KanalTalksWait": Case({"kanal_oldest_handed_over_talk_seconds": "0+1200"}, DAY + 10, minutes=20),
    "KanalUnitsNotTold": Case({'kanal_notice_circuit_open{way="mail"}': "1"}, 61),
    "KanalCaseStoreDown": Case({'kanal_case_store_circuit_open{store="crm"}': "1"}, 16),
    "KanalCasesNotFiled": Case({'kanal_oldest_unfiled_case_seconds{store="crm"}': "0+120"}, 66),
    "KanalFilingsAside": Case({'kanal_filings_aside{store="crm"}': "1"}, 6),
    "KanalQuarantined": Case({'kanal_quarantined_total{channel="mail",stage="parse"}': "3x100 4x20"}, 120),
    "KanalRepliesUncertain": Case(
        {'kanal_reply_attempts_total{channel="mail",outcome="uncertain"}': "1x100 2x20"}, 120
    ),
    "KanalChannelSilent": Case(
        {'kanal_deliveries_total{channel="mail"}': f"0+1x{8 * DAY - 20} {8 * DAY}x20"}, 8 * DAY, minutes=20
    ),
    "KanalBackupTooOld": Case({"kanal_last_backup_timestamp_seconds": "600"}, 31 * 3, minutes=20),
    "KanalSettingsNotTaken": Case({"kanal_config_last_reload_successful": "0"}, 6),
    "KanalCertificateEnds": Case({'kanal_certificate_expiry_timestamp_seconds{channel="mail"}': "1000000"}, 61),
    "KanalCasesBeyondLastLine": Case({'kanal_late_cases{unit="kelurahan",step="last"}': "1"}, 61),
    "KanalCasesNotTakenUp": Case({'kanal_late_cases{unit="kelurahan",step="coordinate"}': "41"}, 19, minutes=20),
    "KanalClientsTurnedAway": Case({'kanal_web_turned_away_total{limit="all"}': "0+1"}, 21),
}


@pytest.mark.threat("P0-11", "P0-14")
@pytest.mark.parametrize(("name", "case"), RINGS.items(), ids=RINGS)
def test_a_rule_rings_and_no_other(tmp_path: Path, name: str, case: Case) -> None:
    rings(tmp_path, case, {name})


def test_every_rule_is_tried() -> None:
    assert sorted(RINGS) == sorted(NAMES)


ALSO = {
    "nobody is asked any more": ("KanalDown", Case({'up{job="kanal"}': "_"}, 3)),
    "the first of its kind": (
        "KanalQuarantined",
        Case({'kanal_quarantined_total{channel="mail",stage="judge"}': "_x100 1x20"}, 120),
    ),
    "there never was a backup": (
        "KanalBackupTooOld",
        Case({"kanal_last_backup_timestamp_seconds": "0"}, 31 * 3, minutes=20),
    ),
    "a certificate cannot be read": (
        "KanalCertificateEnds",
        Case({'kanal_certificate_expiry_timestamp_seconds{channel="mail"}': "0"}, 61),
    ),
}


@pytest.mark.parametrize(("name", "case"), ALSO.values(), ids=ALSO)
def test_a_rule_also_rings_when(tmp_path: Path, name: str, case: Case) -> None:
    rings(tmp_path, case, {name})


QUIET = {
    "all is well": Case({}, 180),
    "all is well for eight days": Case({}, 8 * DAY, minutes=20),
    "a scrape that failed": Case({'up{job="kanal"}': "1x58 0 1"}, 60),
    "a restart": Case({'process_start_time_seconds{job="kanal"}': "0x50 3000x10"}, 60),
    "a disk that fills slowly": Case({"kanal_data_disk_free_bytes": f"60{GIGABYTES}-100000"}, 360),
    "something quarantined some hours ago": Case(
        {'kanal_quarantined_total{channel="mail",stage="parse"}': "3x100 4x100"}, 200
    ),
    "a channel that is quiet every night": Case(
        {
            'kanal_deliveries_total{channel="mail"}': " ".join(f"{day}00+1x35 {day}35x35" for day in range(1, 10)),
        },
        9 * DAY - 1,
        minutes=20,
    ),
    "yesterday's backup": Case({"kanal_last_backup_timestamp_seconds": "600"}, 29 * 3, minutes=20),
}


@pytest.mark.parametrize("case", QUIET.values(), ids=QUIET)
def test_nothing_rings_when(tmp_path: Path, case: Case) -> None:
    rings(tmp_path, case, set())


def test_the_gateway_shows_every_metric_that_a_rule_asks_for(tmp_path: Path) -> None:
    asked = set(re.findall(r"\b(?:kanal|process)_\w+", " ".join(expressions())))
    certificate, key = make_certificate(tmp_path)
    tls = {"certificate": str(certificate), "private_key": str(key)}
    with (
        Gateway(tmp_path, mail=tls) as gateway,
        urllib.request.urlopen(f"http://127.0.0.1:{gateway.web}/metrics") as page,
    ):
        shown = set(re.findall(r"^# TYPE (\w+) ", page.read().decode(), re.MULTILINE))
    assert asked - shown == set()
    assert len(asked) > 15


def expressions() -> list[str]:
    """Between "expr:" and the next key."""
    return re.findall(r"^        expr: (.*?)^        \w+:", RULES.read_text(), re.MULTILINE | re.DOTALL)
