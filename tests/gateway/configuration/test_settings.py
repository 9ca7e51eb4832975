"""What a settings file may say, and what is said about one that is wrong."""

import os
import pickle
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from gateway import settings
from gateway.errors import ConfigError, ConfigUnreadable, in_words
from gateway.tables import GatewaySettings, WebSettings

Write = Callable[[str], Path]
pytestmark = pytest.mark.usefixtures("fax")

GOOD = """
[[channels]]
name = "fax-balai-kota"
kind = "fax"
number = "021345"
token = { env = "FAX_TOKEN" }
"""


def complaints(file: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        settings.load(file)
    assert "s3cr3t-value" not in str(caught.value) + repr(caught.value)
    return [in_words(problem) for problem in caught.value.problems]


def test_a_small_file_is_enough(write: Write, tmp_path: Path) -> None:
    loaded = settings.load(write(GOOD))
    (channel,) = loaded.channels
    assert (channel.name, channel.kind, channel.language) == ("fax-balai-kota", "fax", "id")
    assert loaded.gateway == GatewaySettings(data=tmp_path / "kanal-data")
    assert loaded.web == WebSettings()
    assert loaded.warnings == ()


def test_every_setting_can_be_given(write: Write, tmp_path: Path) -> None:
    text = """
    [gateway]
    data = "kept"
    public_url = "https://kanal.example"
    language = "en"
    code_prefix = "PTI"
    deadline_days = 14
    timezone = "Asia/Makassar"
    drain_seconds = 30
    workers = 2
    replies_per_person_per_day = 5
    fall_back = ["mail"]
    [web]
    host = "::1"
    port = 80
    max_body = 1_000_000
    trusted_proxies = ["10.0.0.0/8", "::1"]
    [[channels]]
    name = "fax"
    kind = "fax"
    number = "021"
    token = { env = "FAX_TOKEN" }
    pages = 9
    speed = 14
    colour = true
    paper = "f4"
    cover = "covers/first.png"
    notes = "lantai 2"
    trays = [{ sheets = 50 }, { sheets = 20, key = { env = "FAX_TOKEN" } }]
    [[channels]]
    name = "mail"
    kind = "smtp"
    recipients = ["dki@jakarta.go.id"]
    smtp = "127.0.0.1:8025"
    relay = "127.0.0.1:25"
    after_crash = "ask"
    """
    loaded = settings.load(write(text))
    assert loaded.gateway.data == tmp_path / "kept"
    assert loaded.gateway.workers == 2
    assert loaded.gateway.fall_back == ("mail",)
    assert [one.after_crash for one in loaded.channels] == [None, "ask"]
    assert loaded.web.trusted_proxies == ("10.0.0.0/8", "::1")
    channel = msgspec.structs.asdict(loaded.channels[0])
    assert channel["language"] == "en", "the gateway's language is the channels' default"
    assert channel["cover"] == tmp_path / "covers/first.png"
    assert [tray.sheets for tray in channel["trays"]] == [50, 20]
    assert channel["trays"][1].key.reveal() == channel["token"].reveal() == "s3cr3t-value"
    assert "s3cr3t-value" not in repr(loaded)


FIRST = "channels[0] 'fax-balai-kota'"
MAIL = "[[channels]]\nname = 'mail'\nkind = 'smtp'\nrecipients = ['dki@jakarta.go.id']\nsmtp = '127.0.0.1:8025'\n"
NO_FIRST_WORD = (
    "cannot write to somebody who has not written to it → name one that sends SMS or mail, and give it a way out"
)
NO_LIST = "channels: must be a list of tables → begin each with [[channels]]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("webb = 1\n" + GOOD, ["webb: unknown table or key → did you mean 'web'?"], id="unknown table"),
        pytest.param("[web]\nprt = 1", ["web: unknown key 'prt' → did you mean 'port'?"], id="unknown key in a table"),
        pytest.param("web = 3", ["web: must be a table, not a whole number"], id="no table"),
        pytest.param("[web]\nport = '80'", ["web.port: must be a whole number, not text"], id="text for a number"),
        pytest.param("[web]\nport = true", ["web.port: must be a whole number, not true or false"], id="bool"),
        pytest.param("[web]\nport = 70000", ["web.port: must be a whole number <= 65535"], id="too large"),
        pytest.param("[web]\nhost = ''", ["web.host: must be text of length >= 1"], id="too short"),
        pytest.param(
            "[web]\ntrusted_proxies = ['10.0.0.0/8', 'proxy', 3, 4]",
            [
                "web.trusted_proxies[2]: must be text, not a whole number",
                "web.trusted_proxies[3]: must be text, not a whole number",
            ],
            id="each wrong item of a list",
        ),
        pytest.param(
            "[web]\ntrusted_proxies = ['10.0.0.0/8', 'proxy']",
            ["web.trusted_proxies[1]: 'proxy' is no IP address or network → as in 10.0.0.0/8"],
            id="proxy by name",
        ),
        pytest.param(
            "[gateway]\nlanguage = 'jv'", ["gateway.language: must be 'id' or 'en'"], id="none of the choices"
        ),
        pytest.param(
            "[gateway]\ntimezone = 'Asia/Jogja'\npublic_url = 'kanal.example'",
            [
                "gateway.public_url: must begin with http:// or https:// and name a host",
                "gateway.timezone: no time zone is called 'Asia/Jogja' → as in Asia/Jakarta",
            ],
            id="beyond types",
        ),
        pytest.param(
            "[web]\nhost = '999.1.1.1'",
            ["web.host: '999.1.1.1' is neither an IP address nor a host's name → as in 127.0.0.1 or ::1"],
            id="host that is none",
        ),
        pytest.param(
            "[gateway]\npublic_url = 'https://kanal.example:99999'",
            ["gateway.public_url: must begin with http:// or https:// and name a host"],
            id="port that is none",
        ),
        pytest.param(
            "[gateway]\nfall_back = ['mial', 'mail', 'fax-balai-kota']\n" + GOOD + MAIL,
            [
                "gateway.fall_back[0]: no channel is called 'mial' → did you mean 'mail'?",
                f"gateway.fall_back[1]: the channel 'mail' {NO_FIRST_WORD}",
                f"gateway.fall_back[2]: the channel 'fax-balai-kota' {NO_FIRST_WORD}",
            ],
            id="fall back on channels that cannot write first",
        ),
        pytest.param("channels = 1", [NO_LIST], id="channels is a number"),
        pytest.param("[channels]", [NO_LIST], id="channels in single brackets"),
        pytest.param(
            "[[channels]]\nname = 'x'\nkind = 'fxa'",
            ["channels[0] 'x': kind: no adapter is called 'fxa' → did you mean 'fax'?"],
            id="unknown kind",
        ),
        pytest.param(
            "[[channels]]\nname = 'x'\nkind = 'ghost'",
            ["channels[0] 'x': kind: the adapter 'ghost' cannot be loaded: No module named 'kanal_ghost'"],
            id="broken adapter",
        ),
        pytest.param(
            GOOD.replace("number", "nomber"),
            [
                f"{FIRST}: unknown key 'nomber' → did you mean 'number'?",
                f"{FIRST}: number: is missing → The number that is dialled.",
            ],
            id="misspelt and so missing",
        ),
        pytest.param(
            '[[channels]]\nkind = "fax"\nnumber = "021"',
            [
                "channels[0]: name: is missing → Small letters, digits and single '-'; permanent, since every row that"
                " is kept has it.",
                'channels[0]: token: is missing → add token = { env = "NAME" }',
            ],
            id="missing keys",
        ),
        pytest.param(
            GOOD.replace("fax-balai-kota", "Fax Balai"),
            [
                "channels[0] 'Fax Balai': name: cannot be a channel's name → "
                "at most 40 small letters and digits, with single '-' between them"
            ],
            id="name that is no slug",
        ),
        pytest.param(
            GOOD + GOOD,
            [
                f"{FIRST}: name: 2 channels are called 'fax-balai-kota' → give each its own name",
                f"{FIRST.replace('0', '1')}: name: 2 channels are called 'fax-balai-kota' → give each its own name",
            ],
            id="repeated name",
        ),
        pytest.param(
            GOOD + "pages = 7", [f"{FIRST}: cover: is missing → more than five pages need one"], id="adapter's own"
        ),
        pytest.param(
            GOOD + "colour = 1\nspeed = 'fast'\nnotes = []",
            [
                f"{FIRST}: speed: must be a number, not text",
                f"{FIRST}: colour: must be true or false, not a whole number",
                f"{FIRST}: notes: must be text, not a list",
            ],
            id="several at once",
        ),
        pytest.param(
            GOOD + "trays = [{ sheets = 'many' }, { sheets = 1, kee = 2 }, 5]",
            [
                f"{FIRST}: trays[0].sheets: must be a whole number, not text",
                f"{FIRST}: trays[1]: unknown key 'kee' → did you mean 'key'?",
                f"{FIRST}: trays[2]: must be a table, not a whole number",
            ],
            id="tables within",
        ),
        pytest.param(
            GOOD + 'listen = "127.0.0.1:8080"',
            [f"{FIRST}: listens on fax://127.0.0.1:8080 like web → give one of them another port"],
            id="two on one address",
        ),
        pytest.param(
            GOOD + 'listen = "[::]:8080"',
            [f"{FIRST}: listens on fax://[::]:8080 like web → give one of them another port"],
            id="one listening everywhere",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(write: Write, text: str, expected: list[str]) -> None:
    assert complaints(write(text)) == expected


BAD_TIMEZONE = "gateway.timezone: no time zone is called 'Asia/Jakata' → as in Asia/Jakarta"
UNSET = f'{FIRST}: token: environment variable FAX_UNSET is not set → export it, or use {{ file = "PATH" }}'
NO_COVER = f"{FIRST}: cover: is missing → more than five pages need one"
CLASH = f"{FIRST}: listens on fax://127.0.0.1:8080 like web → give one of them another port"
UNUSABLE = GOOD.replace("FAX_TOKEN", "FAX_UNSET")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[gateway]\ntimezone = 'Asia/Jakata'\nlangage = 'id'",
            ["gateway: unknown key 'langage' → did you mean 'language'?", BAD_TIMEZONE],
            id="beside an unknown key",
        ),
        pytest.param(
            "[gateway]\ntimezone = 'Asia/Jakata'\ncode_prefix = 'x'\npublic_url = 'kanal'",
            [
                "gateway.code_prefix: must be text matching regex '^[A-Z]{2,5}$'",
                "gateway.public_url: must begin with http:// or https:// and name a host",
                BAD_TIMEZONE,
            ],
            id="beside a value of the wrong form",
        ),
        pytest.param(UNUSABLE + "pages = 7", [UNSET, NO_COVER], id="beside a secret that is needed"),
        pytest.param(
            GOOD + "pages = 7\nspare = { env = 'FAX_UNSET' }",
            [UNSET.replace("token", "spare"), NO_COVER],
            id="beside a secret that may be left out",
        ),
        pytest.param(
            GOOD + "pages = 7\ntrays = [{ sheets = 1, kee = 2 }]",
            [f"{FIRST}: trays[0]: unknown key 'kee' → did you mean 'key'?", NO_COVER],
            id="beside an unknown key further in",
        ),
        pytest.param(
            GOOD + "pages = 7\ncover = 3",
            [f"{FIRST}: cover: must be text, not a whole number"],
            id="not what is said of the wrong value already",
        ),
        pytest.param(
            GOOD + "pages = 70",
            [f"{FIRST}: pages: must be a whole number <= 9"],
            id="not what follows from the wrong value alone",
        ),
        pytest.param(UNUSABLE + 'listen = "127.0.0.1:8080"', [UNSET, CLASH], id="two on one address"),
        pytest.param(
            "[web]\nport = 'http'" + GOOD + 'listen = "127.0.0.1:8080"',
            ["web.port: must be a whole number, not text"],
            id="not an address that nobody gave",
        ),
    ],
)
def test_what_could_be_read_is_checked_all_the_same(write: Write, text: str, expected: list[str]) -> None:
    assert complaints(write(text)) == expected


SMTP = """
[[channels]]
name = "mail"
kind = "smtp"
recipients = ["dki@jakarta.go.id"]
smtp = "127.0.0.1:8025"
"""
SMS = """
[[channels]]
name = "sms"
kind = "sms"
number = "1708"
secret = { made = "sms" }
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            SMS.replace('made = "sms"', 'file = "nofile"').replace("1708", " ") + 'send_url = "ftp://x"',
            ["secret", "number", "send_url", "send_url"],
            id="an SMS channel without its secret",
        ),
        pytest.param(
            SMS + 'send_url = "http://x"\nusername = "u"\npassword = { env = "FAX_UNSET" }',
            ["password"],
            id="an SMS channel without its password",
        ),
        pytest.param(SMS + 'allow = ["proxy"]', ["allow"], id="a setting that no adapter can be made with"),
        pytest.param(
            SMTP.replace("smtp = ", "lmtp = 5 #"), ["lmtp"], id="a mail channel that listens where is not known"
        ),
        pytest.param(
            SMTP.replace('"127.0.0.1:8025"', '"256.0.0.1:25"') + "recipent = []\nmax_connections = 0",
            ["", "max_connections", "smtp"],
            id="a mail channel that listens at no address",
        ),
        pytest.param(
            SMTP + 'certificate = "cert.pem"\nprivate_key = "."',
            ["certificate", "private_key"],
            id="a certificate that is not there",
        ),
    ],
)
def test_our_own_channels_tell_what_is_wrong_and_no_more(write: Write, text: str, expected: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        settings.load(write(text))
    assert [problem.where.partition(": ")[2] for problem in caught.value.problems] == expected


def test_a_certificate_is_looked_for_beside_the_settings_file(write: Write, tmp_path: Path) -> None:
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).touch()
    loaded = settings.load(write(SMTP + 'certificate = "cert.pem"\nprivate_key = "key.pem"'))
    assert msgspec.structs.asdict(loaded.channels[0])["certificate"] == tmp_path / "cert.pem"


def test_an_adapter_that_nothing_comes_in_by_is_refused(write: Write) -> None:
    assert complaints(write("[[channels]]\nname = 'p'\nkind = 'pager'\nbeeps = 0")) == [
        "channels[0] 'p': kind: nothing would come in: the adapter 'pager' neither polls nor listens nor takes web"
        " requests",
        "channels[0] 'p': unknown key 'beeps' → known here: after_crash, canary_minutes, canary_to, family,"
        " keep_person_days, keep_raw_days, limits, max_size, quiet_seconds, valid_from, valid_until",
    ]


@pytest.mark.parametrize(
    ("folder", "said"),
    [("file", "made: File exists"), ("occupied", "written: File exists")],
    ids=["it is a file", "it takes no secrets"],
)
def test_a_data_folder_that_cannot_be_used_is_said_once(write: Write, tmp_path: Path, folder: str, said: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "occupied").mkdir()
    (tmp_path / "occupied/secrets").touch()
    second = SMS.replace("sms", "smt").replace('kind = "smt', 'kind = "sms')
    with pytest.raises(ConfigError) as caught:
        settings.load(write(SMS + second + "usrname = 1"), data=tmp_path / folder, make_secrets=True)
    assert [in_words(problem) for problem in caught.value.problems] == [
        f"gateway.data: the data folder {tmp_path / folder} cannot be {said}"
        " → it must be a folder of the user that runs Kanal",
        "channels[1] 'smt': unknown key 'usrname' → did you mean 'username'?",
    ]


def test_the_data_folder_is_its_owners_alone_from_the_first_secret_on(write: Write, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        settings.load(write(SMS), data=tmp_path / "var/data", make_secrets=True)
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE((tmp_path / path).stat().st_mode) for path in ("var", "var/data", "var/data/secrets")}
    assert modes == {"var": 0o755, "var/data": 0o700, "var/data/secrets": 0o700}


def test_everything_wrong_is_said_at_once(write: Write) -> None:
    text = """
    gatway = 1
    [gateway]
    workers = 0
    [web]
    port = -1
    [[channels]]
    name = "a"
    kind = "telegraph"
    [[channels]]
    name = "a"
    kind = "fax"
    token = { env = "FAX_UNSET" }
    """
    places = [line.partition(" →")[0] for line in complaints(write(text))]
    assert places == [
        "gatway: unknown table or key",
        "gateway.workers: must be a whole number >= 1",
        "web.port: must be a whole number >= 0",
        "channels[0] 'a': name: 2 channels are called 'a'",
        "channels[0] 'a': kind: no adapter is called 'telegraph'",
        "channels[1] 'a': name: 2 channels are called 'a'",
        "channels[1] 'a': number: is missing",
        "channels[1] 'a': token: environment variable FAX_UNSET is not set",
    ]


def test_ports_that_differ_or_are_free_do_not_clash(write: Write) -> None:
    second = GOOD.replace("fax-balai-kota", "fax-b")
    text = GOOD + 'listen = "127.0.0.1:0"' + second + 'listen = "127.0.0.1:0"'
    assert len(settings.load(write(text)).channels) == 2


def test_a_file_that_is_not_toml_names_line_and_column(write: Write) -> None:
    (complaint,) = complaints(write("[web]\nport = = 1\n"))
    assert complaint.endswith("kanal.toml: is not TOML: Invalid value (at line 2, column 8)")


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    file = tmp_path / "kanal.toml"
    file.write_bytes("# Jalan Cikini Ⅱ".encode("utf-16"))
    (complaint,) = complaints(file)
    assert complaint.endswith("kanal.toml: is not text in UTF-8 (at byte 0)")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigUnreadable, match=r"nowhere\.toml: cannot be read: No such file or directory"):
        settings.load(tmp_path / "nowhere.toml")


def test_a_file_without_channels_is_warned_of(write: Write) -> None:
    assert [warning.where for warning in settings.load(write("")).warnings] == ["channels"]


def test_the_data_folder_may_be_chosen_outside_the_file(write: Write, tmp_path: Path) -> None:
    loaded = settings.load(write('[gateway]\ndata = "a"' + GOOD), data=tmp_path / "b")
    assert loaded.gateway.data == tmp_path / "b"


def test_another_process_rebuilds_equal_settings(write: Write) -> None:
    loaded = settings.load(write(GOOD + 'cover = "c.png"'))
    source, base, data = pickle.loads(pickle.dumps((loaded.source, loaded.base, loaded.gateway.data)))
    assert settings.from_data(source, base, file=loaded.file, data=data) == loaded


def test_importing_settings_loads_neither_adapters_nor_a_web_server() -> None:
    code = (
        "import sys, gateway.settings; print([m for m in sys.modules if m in ('aiohttp', 'adapters.smtp', 'aiosmtpd')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_cap_that_nothing_counts_towards_is_refused(write: Write) -> None:
    sms = "[[channels]]\nname = 's'\nkind = 'sms'\nnumber = '1708'\nsecret = { env = 'SMS_SECRET' }\ncosts = "
    told = [line for line in complaints(write(sms + "{ monthly_cap = 9 }")) if "costs" in line]
    assert told == ["channels[0] 's': costs.monthly_cap: is never reached: no price is known → set costs.segment"]
    assert not any("costs" in line for line in complaints(write(sms + "{ monthly_cap = 9, segment = 1 }")))
    wrong = complaints(write(sms + "{ monthly_cap = -1, curency = 'IDR' }"))
    assert [line.partition("costs")[2] for line in wrong if "costs" in line] == [
        ": unknown key 'curency' → did you mean 'currency'?",
        ".monthly_cap: must be a number >= 0.0",
    ]
