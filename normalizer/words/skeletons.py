"""Short forms that leave vowels out: "blg" is "bilang", "jrang" "jarang", "mgkn" "mungkin".

Of the everyday words with these letters in their order the one is meant that leaves out the fewest consonants, and of
several such the most frequent.
"""

import re
from functools import lru_cache

from normalizer.words.frequent import FREQUENT

_VOWELS = frozenset("aiueo")
_SHORTEST, _LONGEST_WITHOUT_VOWELS = 3, 8
#: So many consonants may be left out beside the vowels: "mgkn", "spt".
_LEFT_OUT = 1

#: Without vowels, or with two consonants at the beginning that no short Indonesian word begins with.
_BARE = re.compile(r"[^aiueo]+\Z")
_OPENING = re.compile(r"(?!ng|ny|kh|sy|[kpbdgt]r|[kpbgfs]l|s[ptkwm]|tw|kw|wh|th|sh|ch|ph)[^aiueo]{2}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Written without vowels, and short for no word.
INITIALS = _words(
    """
    bbm bca bdn bkd bkn bkt bmkg bni bnn bpjs bpk bpkb bpn bps bri brt bsd btm btn btp btpn bts btw bumn cbd cctv
    cdma ctrl dbd dbs ddr diy dki dkk dkm dkp dlhk dll dns dpd dpm dpr dprd dsb dst dtks dvd fdr fkdm fpp fpv fwb
    fyi gbk gnb gprs gps gsm hbd hdd hdmi hgb hpl hrd hsbc html http https hvs jbl jfc jkt jnt jpg jps kbm kbps kck
    kdrt kfc kjp kkn klb klp kmh kml kms kpk kpp kpr kps kpt kpu krl krs ksm kta ktm ktna ktp kts kwh lcd lcgc ldr
    lhkpn lmk lng lpdp lpg lpj lpk lpm lpmk lrt lsm ltd lte mbps mcb mcd mcs mdr mhz mpr mrt mtq mtr mtsn ncr nfc
    nft ngo njop nkp nkri npwp nsfw nsp ntb ntr nts ntt nvm obb pbb pbdt pcr pdb pdf pdk pdp pgri phd phk phl php
    pkb pkh pkk pkl pkm pkn pks plh pln plt plts pltu pmi pmk png pnm pns ppb ppdb pph ppkm ppks ppn ppp pppk ppsu
    ppt prt psbb psk pskk ptkp ptm ptn pts ptsl ptsp ptt pvc pwk rbt rkb rkpd rks rnb rpjmd rpm rpp rpptl rptra
    rptrw rsf rsj rsk rskb rskd rskm rspp rsud rtb rth rthk rtlh rtrw rwt sbb sbn sbu sbw sdgs sdks sdlb sdm sdn sdp
    skb skck skd skdu skep skl skm skp skpd skt sktm slb slbn slta sltp smk smkn sml smm smp smpn smpt sms smtp
    snmptn spbg spbk spbu spd spg spj spk spkt spp sppd sppt spt sptjm sql srg ssd ssh ssl sss sst stbm stdl stm
    stnk stp stpp stps stt sttp svp swt tbc tbk tcash tcp thr tht tka tki tkp tks tkw tmc tmii tms tni tnkb tnp tnt
    tpa tpg tph tpk tps tpst tpt tpu tsel ttb ttd ttl tts tvm tvri twk txt tzu ugd uhd ukm umkm umr unbk upt uptd
    usb utbk vbr vcd vga vhs vip vpn vps wfh wfo wkwk wna wni wtp www xls xml ykk ylbhi ylki yth ztv
    """
)


@lru_cache(maxsize=4_096)
def filled(word: str) -> str | None:
    """The everyday word that `word` (lower case letters) is short for, if any."""
    if len(word) < _SHORTEST or word in INITIALS or not _is_short(word):
        return None
    found = [each for each in _SHELVES.get(word[0], ()) if len(word) < len(each) <= 3 * len(word) and _fits(word, each)]
    return min(found, key=lambda each: _missing(word, each), default=None)


def _is_short(word: str) -> bool:
    if _BARE.match(word):
        return len(word) <= _LONGEST_WITHOUT_VOWELS
    return bool(_OPENING.match(word))


def _fits(short: str, long: str) -> bool:
    """Whether its letters stand in `long` in their order, up to its last consonant or beyond."""
    letters = iter(long)
    return all(letter in letters for letter in short) and _ends(short, long) and _missing(short, long) <= _LEFT_OUT


def _ends(short: str, long: str) -> bool:
    return short[-1] in (long[-1], _consonants(long)[-1])


def _missing(short: str, long: str) -> int:
    return len(_consonants(long)) - len(_consonants(short))


def _consonants(word: str) -> str:
    """ "ng" is one."""
    return "".join(letter for letter in word.replace("ng", "g") if letter not in _VOWELS)


def _shelves() -> dict[str, tuple[str, ...]]:
    shelves: dict[str, list[str]] = {}
    for word in FREQUENT:
        shelves.setdefault(word[0], []).append(word)
    return {first: tuple(words) for first, words in shelves.items()}


_SHELVES = _shelves()
