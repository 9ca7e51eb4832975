"""Where a text holds what identifies a person without a name: numbers, addresses and accounts.

The patterns take time linear in the text: what repeats without a limit is possessive and starts at a word's beginning.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from normalizer.persons.identity import nik
from normalizer.persons.marking import Pass, Stretch
from normalizer.words.wordlists import NOT_STREETS

#: Digits and signs of other scripts and widths, one character for one.
_PLAIN = str.maketrans(
    "０１２３４５６７８９٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹＋＠．（）‐‑‒–—―\u00a0\u2007\u202f\u20e3",
    "0123456789" * 3 + "+@.()" + "-" * 6 + " " * 4,
)


def _pattern(text: str, **parts: str) -> re.Pattern[str]:
    """A verbose pattern with its <PARTS> put in; each group is called after its mask, up to the first "_"."""
    for name, part in parts.items():
        text = text.replace(f"<{name.upper()}>", part)
    return re.compile(text, re.IGNORECASE | re.VERBOSE)


def _any_of(words: str) -> Callable[[str], bool]:
    """Does a text hold one of these (apart by "|")? Quicker than a pattern."""
    wanted = words.split("|")

    def holds(text: str) -> bool:
        lowered = text.lower()
        return any(map(lowered.__contains__, wanted))

    return holds


_SPELLED_AT = re.compile(
    r"[\[({] ?at ?[\])}]| at (?:gmail|yahoo|ymail|hotmail|outlook|[\w-]++ (?:dot|titik) )|@ ", re.IGNORECASE
)
_SPELLED = _pattern(
    r"""
    (?<![\w.+%-]) (?=[.+%-]{0,3}\w) (?P<surel> [\w.+%-]++
      (?:[ ]?[\[({][ ]?at[ ]?[\])}][ ]? | [ ]at[ ]
        (?=(?:gmail|yahoo|ymail|hotmail|outlook)(?![^\W\d])|[\w-]++[ ](?:dot|titik)[ ])) [\w-]++
      (?:(?:\.|[ ]?[\[({][ ]?(?:dot|titik)[ ]?[\])}][ ]?|[ ](?:dot|titik)[ ]) [\w-]++){0,4} )
    | (?<![\w.+%-]) (?P<surel_apart> [\w.+%-]++ (?:[ ]\.[ ][\w+%-]++){0,2} [ ]?@[ ] [\w-]++
      (?:[ ]?\.[ ]? (?:com|co|net|org|id|go|ac|sch|or|web|my) (?!\w)){1,3} )
    """
)
#: Networks on which people have accounts; "line" alone is one of trains.
_NETWORK = r"(?:ig|insta(?:gram)?|fb|facebook|tik[ ]?tok|telegram|twitter|discord|id[ ]?line|line[ ]id|username)"
_NETWORKS = _any_of(
    "ig |igku|ignya|insta|fb |fbku|fbnya|facebook|tiktok|tik tok|telegram|twitter|discord|line|username"
)
_ACCOUNTS = _pattern(
    r"""
    (?<!\[)(?<![^\W\d]) <NETWORK> (?:nya|ku)? (?:[ ](?:saya|sy|aku|ku|nya|gue|gw|kami|akun|id|di|[:=])){0,2}+ [ ]
    (?!(?:www|jln?|gg|no|rt|rw|km|kel|kec|lt|tgl|jam|pkl|jak)[._]?[\d.] | (?-i:[A-Z]{2}\d{10}\b)
      | [^\W\d_]++2(?:nya|an|kan|i)?(?!\w) | [a-z]{1,2}\d{1,4}[a-z]{0,3}(?!\w))  # places, codes, "orang2", plates
    (?=[^\W\d]|\w*_)
    (?P<akun> (?=\w*[^\W_])(?=\w*[\d_]|\w++(?:[.]\w|[#]\d{4})) \w{2,}+ (?:\.\w++)*+ (?:\#\d{4}(?!\d))? )
    (?![/@]|[ -]\d{3})
    """,
    network=_NETWORK,
)
_DIGIT_WORD = "(?:nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|tuju|delapan|lapan|sembilan)"
_WRITTEN = _pattern(
    r"(?<![^\W\d]) (?P<telepon> <DIGIT> (?:[ ,.-]{1,3}<DIGIT>){6,19} ) (?![^\W\d])",
    digit=_DIGIT_WORD,
)
_LINKED = re.compile(r"[@:=]|\.(?:com|net|me)/", re.IGNORECASE)
_LINKS = _pattern(
    r"""
      <SITE> (?:wa\.me|(?:api\.|chat\.|www\.)?whatsapp\.com) / (?P<telepon> <PATH>)
    | <SITE> (?:www\.|m\.|web\.|mobile\.|id-id\.)? (?:facebook\.com|fb\.com|fb\.me|instagram\.com|twitter\.com
        |x\.com|tiktok\.com|threads\.net|threads\.com|linkedin\.com|t\.me|telegram\.me|line\.me) /
        (?P<akun_page> <PATH>)
    | <CUE> (?:ig|instagram|insta|fb|facebook|tiktok|telegram|twitter|id[ ]?line|line|username) [ ]?[:=][ ]?
        (?!https?:|www\.) (?P<akun_told> @?\w[\w.]{2,}+ <MORE>)
    | (?<![\w.+%-]) (?=[.+%-]{0,3}\w) (?P<surel> [\w.+%-]++ @ <LETTERS> [\w-]++ (?:\.[\w-]++)*+ <MORE>)
    | (?<![\w@]) (?P<akun> @ <LETTERS> \w++ (?:\.\w++)*+ <MORE>)
    """,
    cue=r"(?<!\[)(?<![^\W\d])(?<!-[0-9a-z]{2})",  # the code KNL-X7PY-G7FB names no network
    site=r"(?<!\.)(?<![^\W\d])",
    path=r"[^\s\[\]<>\"]++",
    letters=r"(?!rp(?:[ .]{0,2}\d|(?![\w.]))) (?=[\d.-]*[^\W\d])",  # "@5000" and "@Rp5000" are prices
    more=r"(?:[\w.+%-]*+@[\w.-]*+)*+",
)
#: Base64, of mails that do not say so: any words may be in it. What its last line holds is short.
_CODED = re.compile(
    r"(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*\d)"
    r"(?P<sandi>[A-Za-z0-9+/]{40,}+={0,2}(?:\n[A-Za-z0-9+/]++={0,2}(?=\n|\Z))*+)"
)
_LONG = re.compile(r"[A-Za-z0-9+/]{40}")
#: Where no six digits stand close together there is no number to mask.
_SIX_DIGITS = re.compile(r"\d(?:[\W_]{0,3}\d){5}")
_NUMBERS = _pattern(
    r"""
      (?-i: \b (?:[A-Z]{2,5}-[0-9A-Z]{4}-[0-9A-Z]{4}\b (?!-?\d) | (?!WA|HP|NO|CP)[A-Z]{2}\d{10}\b) )  # codes of reports
    | (?<![\d.]) (?:-\d{1,2}|1[0-4]\d)\.\d{4,}+ (?!\.?\d)  # coordinates
    | (?<!\[)(?<![^\W\d]) (?=[a-z]) (?:
        (?:no\.?[ ]?)? (?:hp|telp|tlp|tel|telpon|telepon|phone|handphone|wa|whatsapp|sms|call|hub|hubungi|kontak|contact
          |cp|fax|faks) (?:nya|ku)? <WHOLE> [ .:;=-]{0,3}
          (?:(?:saya|sy|kami|aktif|no|nomor|nomer|nmr|di|ke)[ .:;=]{1,3}){0,3} (?!<DATE>)
          (?P<telepon_told> <OPEN>\+?\d(?:<GAP>\d){5,14}) (?!\d)
      | npwp <WHOLE> <FILL> (?P<npwp_told> \d(?:<DOT>\d){14,15}) (?!\d)
      | (?:nik|e?-?ktp|kk|kartu[ ]keluarga) (?:nya|ku)? <WHOLE> <FILL> (?P<nik_told> \d(?:<DOT>\d){11,17}) (?!\d)
      | (?:rek|norek|rekening|bca|bri|bni|btn|bsi|mandiri|cimb|permata|danamon|jago|seabank|gopay|ovo) <WHOLE>
          [^\d\[\]\n]{0,30}+ <UNPAID> (?!<DATE>|<MONEY>) (?P<rekening> \d(?:<DOT>\d){7,17}) (?!\d)
      | (?:id[ ]?pel|nopel|pelanggan|meteran|bpjs|kis|paspor|passport|sim|nip|nisn|va|virtual[ ]account) <WHOLE>
          <FILL> <UNPAID> (?!<DATE>|<MONEY>) (?P<nomor_told> \d(?:<DOT>\d){6,17}) (?!\d) )
    | (?=[\d(+o]) (?:
        (?<!\d) (?P<nik> <NIK>) (?!\d)
      | (?<!\d) (?P<npwp> \d\d\.\d{3}\.\d{3}\.\d[.-]\d{3}\.\d{3}) (?!\d)
      | (?P<telepon_mobile> <OPEN> (?:<ABROAD>|(?<!\d)<UNPAID>62<GAP>(?:\(?0\)?)?|(?<!\d)(?!<DATE>)[0o][ ]?) <GAP>
          8 (?:\d{9,11}(?!\d) | (?:<DOTS>\d){2}\)?(?:<DOTS>\d){6,9}) ) <END>
      | (?P<telepon_line> <OPEN> (?:<ABROAD>|(?<!\d)0) <GAP> <AREA> \)?<DOTS> [1-9](?:<DOTS>\d){5,7} ) <END>
      | (?P<telepon_abroad> \+[1-9]\d{0,2}(?:[ ()-]{0,3}\d){7,12} ) <END>
      | <UNPAID> (?<![\w.,-]) (?P<telepon_bare> 8[1-9]\d{8,10} | 62[ -]?<AREA>[ -]?[1-9]\d{5,7}
          | 08\d\d[/_,]\d{3,4}[/_,]\d{3,5}) (?!\d)
      | (?<!\d) (?P<nomor> \d{13,}+ | (?:19|20)\d{6}[ ]\d{6}[ ]\d[ ]\d{3} | \d{4}(?:[ .-]\d{4}){3}) (?!\d)
      | (?<![\d.]) <UNPAID> (?P<ip> (?:<BYTE>\.){3}<BYTE>) (?!\d) )
    """,
    whole=r"(?![^\W\d])",
    fill=r"[^\d\[\]\n]{0,12}+",
    nik=(
        r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])<DOT>\d\d<DOT>\d\d<DOT>"
        r"(?:0[1-9]|[1256]\d|[37][01]|4[1-9])<DOT>(?:0[1-9]|1[0-2])<DOT>\d\d<DOT>\d\d<DOT>\d\d"
    ),
    abroad=r"(?:\+|(?<!\d)00)[ ]?62<GAP>(?:\(?0\)?)?",
    area=r"(?:2[124]|31|61|[2-79]\d\d)",
    open=r"(?:\((?=[\d+ -]{2,9}\)))?",
    end=r"(?!\d)(?<!\d\d[ ]\d)",  # "0812 3456 7890 5 rumah" ends before the 5
    unpaid=r"(?<!\brp)(?<!\brp[ .])(?<!\brp\.[ ])",
    money=r"\d{1,3}(?:\.\d{3})++(?!\.?\d)",
    date=(
        r"(?:\d{1,2}/\d{1,2}/|\d{1,2}-\d{1,2}-|\d{1,2}\.\d{1,2}\.|\d{1,2}[ ]\d{1,2}[ ])(?:19|20)\d\d(?!\d|[ ]\d{3})"
        r"|(?:\d{1,2}-\d{1,2}-|\d{1,2}\.\d{1,2}\.)\d\d(?![.-]?\d)"
        r"|\d{1,2}[.:]\d\d[ ]?-[ ]?\d{1,2}[.:]\d\d(?![.-]?\d)"
    ),
    byte=r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)",
    gap=r"[ .()*-]{0,3}",
    dots=r"[ .*-]{0,3}",
    dot=r"[ .-]?",
)


def _found(sign: Callable[[str], object], pattern: re.Pattern[str], text: str) -> Iterable[Stretch]:
    """`sign` is quick to look for: without it there is nothing to find."""
    return _stretches(pattern, text) if sign(text) else ()


def _stretches(pattern: re.Pattern[str], text: str) -> Iterator[Stretch]:
    plain = text if text.isascii() else text.translate(_PLAIN)
    for match in pattern.finditer(plain):
        if (group := match.lastgroup) and not (pattern is _ACCOUNTS and _is_sentence(match[group])):
            yield Stretch(*match.span(group), _kind(group, match[group]))


def _is_sentence(account: str) -> bool:
    """ "kemarin.mohon" has no blank after its full stop."""
    parts = account.lower().split(".")
    return account.replace(".", "").isalpha() and not NOT_STREETS.isdisjoint(parts)


def _kind(group: str, said: str) -> str:
    """What only looks like a NIK, without a word that says so, is another number."""
    return "nomor" if group == "nik" and nik(said) is None else group.partition("_")[0]


#: Find what is coded, addresses, accounts and numbers in words.
WORDED: Sequence[Pass] = (
    partial(_found, _LONG.search, _CODED),
    partial(_found, _SPELLED_AT.search, _SPELLED),
    partial(_found, _LINKED.search, _LINKS),
    partial(_found, _NETWORKS, _ACCOUNTS),
    partial(_found, _any_of("nol|kosong|delapan"), _WRITTEN),
)
_SIGN = re.compile(
    r"[@:=]|\.(?:com|net|me)/|(?<![a-z])at(?![a-z])|ig\Z|igku|ignya|insta|fb|facebook|tok|telegram|twitter|discord|line"
    r"|username|nol|kosong|delapan|[a-z0-9+/]{40}"
)


#: Finds numbers that are somebody's.
NUMBERS: Pass = partial(_found, _SIX_DIGITS.search, _NUMBERS)


def may_identify(piece: str) -> bool:
    """Is there in what stands between blanks a sign of anything but numbers? Without such a piece a text has none."""
    return _SIGN.search(piece.lower()) is not None
