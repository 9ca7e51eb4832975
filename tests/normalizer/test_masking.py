"""What is masked in citizens' words, and what must stay because reports are compared by it."""

from base64 import b64encode
from datetime import UTC, date, datetime
from time import process_time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from normalizer.book import Book
from normalizer.message import Attachment, Message, Place
from normalizer.normalize import normalize
from normalizer.persons.marking import Stretch, replaced
from normalizer.persons.masking import found, marks, mask, masked
from normalizer.report import Report
from normalizer.words.wordlists import MASKS

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)

CODED = b64encode(b"Nama saya Budi Santoso, telepon 0812 3456 7890").decode()
NUMBERS = {
    "with dashes": ("hub 0812-3456-7890 ya", "hub [telepon] ya"),
    "with the country": ("+62 812 3456 7890", "[telepon]"),
    "with the country and a zero": ("+62 (0)812-3456-7890", "[telepon]"),
    "country without plus": ("wa 62812345678", "wa [telepon]"),
    "dialled abroad": ("0062 812 34567890", "[telepon]"),
    "from another country": ("call +65 9123 4567", "call [telepon]"),
    "area in brackets": ("rumah (021) 1234567", "rumah [telepon]"),
    "mobile in brackets": ("(0812) 3456 7890", "[telepon]"),
    "in brackets": ("Budi (0812 3456 7890)", "[nama] ([telepon])"),
    "area of three digits": ("0251 8321234", "[telepon]"),
    "two numbers": ("021-7654321/0813 1111 2222", "[telepon]/[telepon]"),
    "dots and blanks": ("08.12 34 56 78 90", "[telepon]"),
    "slashes": ("0812/3456/7890 0813_1111_2222", "[telepon] [telepon]"),
    "country with an area": ("62-21-7654321", "[telepon]"),
    "digit by digit": ("0 8 1 2 3 4 5 6 7 8 9 0", "[telepon]"),
    "full width": ("０８１２３４５６７８９０ tolong", "[telepon] tolong"),
    "stars": ("0812*3456*7890", "[telepon]"),
    "in words": ("telp nol delapan satu dua, tiga empat lima enam tujuh ya", "telp [telepon] ya"),
    "letter o for zero": ("O812 3456 7890", "[telepon]"),
    "glued to a word": ("WA081234567890 hp081234567890", "WA[telepon] hp[telepon]"),
    "glued to the name": ("budi081234567890", "[nama][telepon]"),
    "zero lost": ("81234567890", "[telepon]"),
    "told by a word": ("no hp saya: 8123456789", "no hp saya: [telepon]"),
    "without an area": ("telp 7654321", "telp [telepon]"),
    "followed by a count": ("0812 3456 7890 5 rumah", "[telepon] 5 rumah"),
    "SMS without stops": (
        "lapor lampu mati jl mawar 3 rt 05 rw 02 hub 081234567890 budi",
        "lapor lampu mati jl mawar 3 rt 05 rw 02 hub [telepon] [nama]",
    ),
    "NIK": ("NIK 3174051208900001", "NIK [nik]"),
    "NIK of a woman, in groups": ("3174 0552 0890 0001", "[nik]"),
    "NIK with dots": ("31.74.05.120890.0001", "[nik]"),
    "NIK in parts": ("317405 120890 0001", "[nik]"),
    "16 digits that are no NIK": ("3174053102900001 ini", "[nomor] ini"),
    "KK": ("no KK: 3174051208120017", "no KK: [nik]"),
    "KTP that is none": ("ktp saya 1234567890123456", "ktp saya [nik]"),
    "NPWP": ("npwp 01.234.567.8-901.000", "npwp [npwp]"),
    "account of a bank": ("rek BCA a.n. Budi Santoso 1234567890", "rek BCA a.n. [nama] [rekening]"),
    "account with dashes": ("norek 123-456-7890", "norek [rekening]"),
    "account of a wallet": ("transfer mandiri 1230004567890", "transfer mandiri [rekening]"),
    "customer": ("nomor pelanggan 512345678901", "nomor pelanggan [nomor]"),
    "card": ("kartu 6032 9812 3456 7890", "kartu [nomor]"),
    "officer": ("NIP 19670512 199803 2 008", "NIP [nomor]"),
    "long number": ("resi 8825471120036641", "resi [nomor]"),
    "IP address": ("dari 36.72.215.104.", "dari [ip]."),
    "base64": (f"ini:\n{CODED}\nODEyMzQ1Njc4OTA=\nterima kasih", "ini:\n[sandi]\nterima kasih"),
    "base64 of one line": (CODED, "[sandi]"),
}

ACCOUNTS = {
    "mail": ("budi.santoso88@gmail.com, terima kasih", "[surel], terima kasih"),
    "mail at the end": ("ke budi@dki.go.id.", "ke [surel]."),
    "mail without a domain's end": ("budi@gmail tolong", "[surel] tolong"),
    "mail with number and name": ("budi081234567890@gmail.com", "[surel]"),
    "mail of a domain that is also money": ("a@rp.com", "[surel]"),
    "mail in brackets": ("Budi Santoso <budi@x.id>", "[nama] <[surel]>"),
    "mail spelled": ("rina (at) gmail dot com ya", "[surel] ya"),
    "mail spelled without brackets": ("rina.w at gmail titik com", "[surel]"),
    "handle": ("cc @budi_s. dan @rina.w!", "cc [akun]. dan [akun]!"),
    "the city's own handle": ("@DKIJakarta banjir", "[akun] banjir"),
    "handle elsewhere": ("@budi@mastodon.social", "[akun]"),
    "named network": ("IG: budi_s", "IG: [akun]"),
    "page": ("https://www.facebook.com/budi.s?x=1 ini", "https://www.facebook.com/[akun] ini"),
    "page without scheme": ("t.me/budi_s", "t.me/[akun]"),
    "account after its network": ("ig budi_s99, fb budi.santoso99", "ig [akun], fb [akun]"),
    "account of mine": ("IG saya budi_s99 ya", "IG saya [akun] ya"),
    "accounts elsewhere": (
        "tiktok budi.s, telegram budi_s, twitter budi99",
        "tiktok [akun], telegram [akun], twitter [akun]",
    ),
    "account of chats": ("line id budi_s99 atau discord budi#1234", "line id [akun] atau discord [akun]"),
    "mail in pieces": ("ke budi . s @ example . com ya", "ke [surel] ya"),
    "mail spelled, of any domain": ("budi_s at example dot com", "[surel]"),
    "chat link": ("https://wa.me/6281234567890?text=halo", "https://wa.me/[telepon]"),
}

PERSONS = {
    "nama saya": ("nama saya Budi Santoso, warga", "nama saya [nama], warga"),
    "nama saya in small letters": ("nama saya budi santoso mau lapor", "nama saya [nama] mau lapor"),
    "name that no list holds": ("nama saya jainul tumanggor", "nama saya [nama]"),
    "bernama": ("petugas bernama wirasasmita minta uang", "petugas bernama [nama] minta uang"),
    "saya with a name that no list holds": ("Saya Wirasasmita, warga RT 3", "Saya [nama], warga RT 3"),
    "from": ("Laporan dari Bambang Wirasasmita RT 3", "Laporan dari [nama] RT 3"),
    "houses": ("rmh p budi santoso, depan rumah budi santoso", "rmh p [nama], depan rumah [nama]"),
    "house of an unknown name": ("rumah Bambang Wirasasmita", "rumah [nama]"),
    "workshop": ("bengkel pak budi santoso bising", "bengkel pak [nama] bising"),
    "rented": ("kontrakan haji budi santoso", "kontrakan haji [nama]"),
    "lurah": ("lurah budi santoso minta uang", "lurah [nama] minta uang"),
    "hurt": ("pohon menimpa budi santoso", "pohon menimpa [nama]"),
    "known and unknown name": ("pak budi wirasasmita bakar sampah", "pak [nama] bakar sampah"),
    "nama pelapor": ("Nama pelapor: Dewi Lestari\nLokasi: Tebet", "Nama pelapor: [nama]\nLokasi: Tebet"),
    "nama sy pak": ("nm sy pak darsono", "nm sy pak [nama]"),
    "form": (
        "Nama : Tiur\nNo HP : 0812-3456-7890\nAlamat: Jl Mawar 3",
        "Nama : [nama]\nNo HP : [telepon]\nAlamat: Jl Mawar 3",
    ),
    "a.n.": ("KTP a.n. SITI FADILAH belum jadi", "KTP a.n. [nama] belum jadi"),
    "a/n": ("ktp a/n bambang hadiyanto", "ktp a/n [nama]"),
    "atas nama": ("atas nama Moh. Ismail", "atas nama [nama]"),
    "saya": ("Saya Budi Santoso warga Kemang", "Saya [nama] warga Kemang"),
    "saya in brackets": ("saya (Budi Santoso) warga RT 03", "saya ([nama]) warga RT 03"),
    "saya in small letters": ("sy budi rt 3 mau lapor", "sy [nama] rt 3 mau lapor"),
    "saya dengan gelar": ("Dengan hormat, saya Maria Goreti Sihombing", "Dengan hormat, saya [nama]"),
    "Pak": ("Pak Budi di no 12 bakar sampah", "Pak [nama] di no 12 bakar sampah"),
    "pak": ("pak budi bakar sampah terus", "pak [nama] bakar sampah terus"),
    "PAK": ("TOLONG PAK BUDI SANTOSO", "TOLONG PAK [nama]"),
    "Pak with a name that no list holds": ("rumah Pak Tumanggor", "rumah Pak [nama]"),
    "Pak RT": ("Pak RT Slamet dan bu hj. Aminah diam saja", "Pak RT [nama] dan bu hj. [nama] diam saja"),
    "Bapak": ("Yth. Bapak Heru Budi Hartono", "Yth. Bapak [nama]"),
    "Sdr": ("Sdr. Andi Wijaya, Sdri Rina", "Sdr. [nama], Sdri [nama]"),
    "Bpk. H.": ("bpk. H. Tumanggor dan istrinya Aminah", "bpk. H. [nama] dan istrinya [nama]"),
    "title before a number": ("hub pak jon 081234567890", "hub pak [nama] [telepon]"),
    "form on one line": ("nama budi santoso alamat jl mawar 3", "nama [nama] alamat jl mawar 3"),
    "officer's signature": ("Hormat kami,\nKetua RT 05 Budi Santoso", "Hormat kami,\nKetua RT 05 [nama]"),
    "mas": ("mas Joko tukang parkir", "mas [nama] tukang parkir"),
    "with father's name": ("Ibu Aisyah binti Ahmad", "Ibu [nama]"),
    "in a street": ("di jl mawar pak budi santoso parkir", "di jl mawar pak [nama] parkir"),
    "signature": ("Lampu mati.\n\nHormat kami,\nRina Wijaya", "Lampu mati.\n\nHormat kami,\n[nama]"),
    "signature of an unknown name": ("Salam,\nTiur Pandiangan\n021-7654321", "Salam,\n[nama]\n[telepon]"),
    "signature on the line": ("Wassalam, Joko", "Wassalam, [nama]"),
    "ttd": ("ttd Agus Salim", "ttd [nama]"),
    "after thanks": ("Terima kasih. Robert Prayogo", "Terima kasih. [nama]"),
    "line of its own": ("Sampah menumpuk\nSiti Rahayu", "Sampah menumpuk\n[nama]"),
    "in full": ("Agus Setiawan parkir sembarangan", "[nama] parkir sembarangan"),
    "beside a number": ("hubungi rina 0812 3456 7890", "hubungi [nama] [telepon]"),
    "English": ("My name is John Smith. Best regards,\nJohn Smith", "My name is [nama]. Best regards,\n[nama]"),
}


@pytest.mark.parametrize(("text", "expected"), NUMBERS.values(), ids=NUMBERS)
def test_numbers_are_masked(text: str, expected: str) -> None:
    assert mask(text) == expected


@pytest.mark.parametrize(("text", "expected"), ACCOUNTS.values(), ids=ACCOUNTS)
def test_addresses_and_accounts_are_masked(text: str, expected: str) -> None:
    assert mask(text) == expected


@pytest.mark.parametrize(("text", "expected"), PERSONS.values(), ids=PERSONS)
def test_names_of_persons_are_masked(text: str, expected: str) -> None:
    assert mask(text) == expected


STAYS = {
    "streets": "Jl. Jenderal Sudirman, Jl Pattimura, jln KH Agus Salim 25, Jl. H. Nawi, gang Haji Mansur",
    "streets without a marker": "macet di Ahmad Yani, Slamet Riyadi dan Widya Chandra VIII, Wijaya 3",
    "street of an officer": "Jl. Letjen S. Parman dan Jl Pak Gatot",
    "schools and mosques": "SMPN 5, SD Budi Mulia, Masjid Nurul Huda, RSUD Budi Asih, Halte Imam Bonjol",
    "parks and markets": "Taman Suropati, Pasar Minggu, Pasar Rebo, Taman Dewi Sartika",
    "called after persons": "gang haji naim, jalan budi kemuliaan, SMP Budi Santoso, jalan bernama mawar",
    "houses of no person": "rumah sakit budi asih, rumah makan sari bundo, korban banjir, rumah dewi sartika",
    "presented as none": "Saya Warga, mohon; Saya Mohon, dari dinas",
    "shops": "depan warung Bu Tini, toko Pak Budi, sate pak Joko dan bengkel mas Agus",
    "underpass": "banjir di terowongan Bu Tini",
    "offices": "Pak RT, Pak RW 05, Bu Lurah, Pak Gubernur, Yth. Bapak Walikota Jakarta Barat, Ibu Camat Tebet",
    "forms of address": "Bapak/Ibu mohon bantuannya, pak tolong pak, Pak Lampu mati, mbak admin, bang jago",
    "families": "ibu saya sakit, anak saya jatuh, bapak saya juga; Ibu Kota, ibu hamil",
    "area after Pak": "Pak Kebon Jeruk banjir lagi",
    "area after thanks": "Terima kasih\nKebon Kacang",
    "not a person": "nama jalan: Mawar, nama ibu kota, atas nama warga RT 05, namanya juga usaha",
    "RT, RW and houses": "RT 003/RW 012 no 12-14 blok C3/15, no. 0812, km 8.5, lantai 2",
    "dates and times": "tgl 08-12-2024 jam 09.30, 08/12/24 08.00-17.00, 08 12 2024, 2024-08-12 08:15:30",
    "money": "Rp 1.500.000, Rp1.500.000.000, Rp 62.812.345.678, denda 250.000, rekening 12.500.000",
    "tracking codes": "KNL-7F3K-92QX KNL-0812-3456 dan JK2503050007, LAPOR 8123456",
    "a tracking code that ends like the name of a network": "Laporan KNL-X7PY-G7FB: dikerjakan. Instansi: Dinas",
    "hotlines": "sudah telp 112, 1708 dan call 14022",
    "buses and poles": "bus TJ-0812 koridor 13, tiang PJU 0123/45, JAK 19",
    "number plates": "B 1234 XYZ parkir liar",
    "coordinates": "-6.208763, 106.845599 dan -6.2088123456789,106.8456123456789",
    "long words": f"{'a' * 60} {'1' * 12} HURUF{'f' * 40} https://www.detik.com/berita/d-7654321/Banjir-di-Jalan-Raya",
    "maps and short links": "https://maps.google.com/?q=-6.208763,106.845599 https://t.co/abc08123",
    "prices": "2@5000, @Rp5000, 3 @ 10000",
    "versions": "aplikasi v1.2.3",
    "talk of networks": "lapor di twitter kemarin.mohon dibantu, ig rt05, fb no.5, telegram JK2503050007, fb orang2",
    "counting": "satu dua tiga empat orang, lima enam",
    "slang": "min tolong dong jalanan depan rmh sy bolong2 bgt udh 2thn gk dibenerin kasian org2",
    "masks": "hub [telepon] a.n. [nama], nik [nik]",
}


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS)
def test_what_reports_are_compared_by_stays(text: str) -> None:
    assert mask(text, "31") == text


AREAS = {
    "after Pak": ("Pak Slipi banjir lagi", "33.18", "Pak [nama] banjir lagi"),
    "after Pak, there": ("Pak Slipi banjir lagi", "31", "Pak Slipi banjir lagi"),
    "of another region": ("Salam, Juwana", "31", "Salam, [nama]"),
    "of its own": ("Salam, Juwana", "33.18", "Salam, Juwana"),
    "short": ("Salam, Jaksel", "31", "Salam, Jaksel"),
    "also a person's name": ("Pak Halim bakar sampah", "31", "Pak [nama] bakar sampah"),
}


@pytest.mark.parametrize(("text", "region", "expected"), AREAS.values(), ids=AREAS)
def test_only_the_areas_of_the_region_are_no_persons(text: str, region: str, expected: str) -> None:
    assert mask(text, region) == expected
    assert "[nama]" in mask(text), "without a region rather more is masked"


def test_all_masks_are_known() -> None:
    texts = [expected for table in (NUMBERS, ACCOUNTS, PERSONS) for _, expected in table.values()]
    assert {name for name in MASKS if any(f"[{name}]" in text for text in texts)} == set(MASKS)


def digits(least: int, most: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=least, max_size=most)


def grouped(first: str, between: str) -> st.SearchStrategy[str]:
    return st.tuples(digits(4, 4), digits(3, 4)).map(lambda groups: between.join((first, *groups)))


ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)
FRAGMENTS = (
    "nama saya|Nama :|a.n.|an.|atas nama|pak|Bu|Bapak/Ibu|RT|haji|Budi|budi|Santoso|Tiur|Hormat kami,|Salam|kasih|ttd|"
    "\n|, |. |(|)|-|/|0812-3456-7890|0812 3456|+62|(021) 1234567|8123456789|3174051208900001|3174 0512 0890 0001|telp|"
    "rek BCA|NIK|12345678|@budi|@|budi@gmail.com|(at)|at gmail|ig:|t.me/|[nama]|[telepon]|[|]|KNL-0812-3456|1.2.3.4|Rp|"
    "08-12-2024|09.30|5|V|Jl|Taman|saya|mas|hub|moh|warga|İ|٠٨|０８１２"
)
MIXED = st.lists(st.sampled_from(FRAGMENTS.split("|")) | ANY_TEXT, max_size=12).map(" ".join)

PHONES = st.one_of(
    grouped("0812", "-"),
    grouped("0857", " "),
    grouped("0899", "."),
    grouped("+62 812", " "),
    grouped("+62813", "-"),
    digits(8, 10).map("081".__add__),
    digits(8, 10).map("+6281".__add__),
    st.tuples(st.sampled_from("23456789"), digits(6, 7)).map(lambda rest: "(021) " + "".join(rest)),
)
MAILS = st.from_regex(r"[a-z][a-z0-9]{0,9}([._][a-z0-9]{1,9})?@[a-z]{2,9}\.(com|co\.id|id)", fullmatch=True)
NIKS = st.tuples(
    st.sampled_from(["317405", "3201", "357803", "1101"]),
    st.dates(date(1940, 1, 1)),
    digits(4, 4),
).map(lambda parts: f"{parts[0]:0<6}{parts[1]:%d%m%y}{parts[2]}")


@pytest.mark.threat("P0-31")
@settings(max_examples=400, deadline=None)
@given(MIXED | ANY_TEXT, PHONES | MAILS | NIKS, MIXED | ANY_TEXT)
def test_no_planted_phone_mail_or_nik_survives(before: str, planted: str, after: str) -> None:
    assume(planted not in before and planted not in after)
    assert planted not in mask(f"{before} {planted} {after}")


@settings(max_examples=500, deadline=None)
@given(MIXED | ANY_TEXT)
def test_masking_again_changes_nothing(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


MARKED = {
    "numbers and names": (
        "Pak Budi (0812-3456-7890), NIK 3174 0512 0890 0001",
        [("nama", "Budi"), ("telepon", "0812-3456-7890"), ("nik", "3174 0512 0890 0001")],
    ),
    "a name beside a number": ("hubungi rina 0812 3456 7890", [("nama", "rina"), ("telepon", "0812 3456 7890")]),
    "found in all passes": (
        f"{CODED} rina at gmail, @budi_s, telp 7654321 Agus Setiawan",
        [
            ("sandi", CODED),
            ("surel", "rina at gmail"),
            ("akun", "@budi_s"),
            ("telepon", "7654321"),
            ("nama", "Agus Setiawan"),
        ],
    ),
    "nothing": ("banjir di Jl. Mawar 3", []),
}


@pytest.mark.parametrize(("text", "expected"), MARKED.values(), ids=MARKED)
def test_marks_say_where_and_what(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(mark.kind, text[mark.start : mark.end]) for mark in marks(text)] == expected


@settings(max_examples=400, deadline=None)
@given(MIXED | ANY_TEXT)
def test_what_is_marked_is_what_is_masked(text: str) -> None:
    made = marks(text)
    bounds = [bound for mark in made for bound in (mark.start, mark.end)]
    assert bounds == sorted(bounds)
    assert all(0 <= mark.start < mark.end <= len(text) and mark.kind in MASKS for mark in made)
    assert replaced(text, [Stretch(mark.start, mark.end, mark.kind) for mark in made]) == mask(text)


HOSTILE = {
    "digits apart": "0 ",
    "digits": "8",
    "phones": "0812-",
    "labels": "a.n. ",
    "accounts": "rek ",
    "at signs": "a@",
    "dots": "a.",
    "spelled mails": "a at gmail dot a ",
    "pages": "t.me/",
    "titles": "Pak ",
    "presented": "Saya Wirasasmita ",
    "houses": "rumah ",
    "names": "Budi ",
    "lines": "kasih\n",
    "brackets": "((",
    "masks": "[telepon] ",
    "base64": "aB1/",
    "lines of base64": "aB1/" * 19 + "\n",
    "short lines": "aB\n",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = process_time()
        found.__wrapped__(text)
        return process_time() - began

    short = min(seconds(5_000) for _ in range(5))
    assert min(seconds(20_000) for _ in range(5)) < 10 * short + 0.01


WORDS = "Pak Budi (0812-3456-7890), NIK 3174 0512 0890 0001, bakar sampah di Jl. Mawar 3 RT 05 kel. Slipi"


def report(text: str, subject: str | None = None, place: Place | None = None) -> Report:
    photo = Attachment("Budi Santoso.jpg", "image/jpeg", 3, "ab", "part:1")
    message = Message(
        id="1",
        channel="sms",
        sender=None,
        text=text,
        subject=subject,
        conversation="6281234567890",
        place=place,
        attachments=(photo,),
        fields={"nama": "Budi"},
    )
    return normalize(message, NOW, Book("31"))


def test_a_report_stands_in_clear_without_personal_data() -> None:
    full = report(WORDS, "Laporan Agus Setiawan", Place(-6.2, 106.8, words="Rumah Pak Budi, Jl. Mawar 3"))
    clear = masked(full)
    assert clear.text == "Pak [nama] ([telepon]), NIK [nik], bakar sampah di Jl. Mawar 3 RT 05 kel. Slipi"
    assert clear.subject == "Laporan [nama]"
    assert clear.place and full.place
    assert clear.place.words == "Rumah Pak [nama], Jl. Mawar 3"
    assert (clear.conversation, clear.fields, clear.attachments[0].name, clear.personal) == ("", {}, None, ())
    assert [full.text[mark.start : mark.end] for mark in full.personal] == [
        "Budi",
        "0812-3456-7890",
        "3174 0512 0890 0001",
    ]
    assert (clear.place.streets, clear.place.numbers) == (("jl mawar 3",), ("rt 5",))
    assert (clear.place.latitude, clear.place.areas) == (-6.2, full.place.areas)
    assert (clear.id, clear.received_at, clear.attachments[0].digest) == (full.id, full.received_at, "ab")
    assert masked(clear) == clear


TYPES = {"image/jpeg": "image/jpeg", "image/heic": "image/heic", "application/pdf": "application/pdf"} | dict.fromkeys(
    ("image/081234567890", "x-budi/santoso", "budi", ""), "application/octet-stream"
)


@pytest.mark.threat("P0-31")
@pytest.mark.parametrize(("named", "shown"), TYPES.items())
def test_a_type_that_the_sender_made_up_does_not_stand_in_clear(named: str, shown: str) -> None:
    full = report(WORDS)
    made_up = replace(full, attachments=(replace(full.attachments[0], media_type=named),))
    assert masked(made_up).attachments[0].media_type == shown


def test_a_report_without_subject_and_place_stays_without() -> None:
    clear = masked(report("tolong"))
    assert (clear.subject, clear.place) == (None, None)


@pytest.mark.parametrize("number", ["0812 3456 7890", "0812-3456-7890", "3174 0512 0890 0001", "021-7654321"])
@pytest.mark.parametrize("marker", ["no", "no.", "rt", "rw", "blok", "km", "jl", "gg"])
def test_no_piece_of_a_number_becomes_a_place(marker: str, number: str) -> None:
    said = f"{marker} {number}"
    place = report(f"lampu mati {said}", said, Place(words=said)).place
    assert place
    assert (place.streets, place.numbers) == ((), ())
    assert masked(report(said)).place is None
