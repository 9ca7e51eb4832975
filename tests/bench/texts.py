"""Made-up reports in the manner of Jakarta's: any number of them, always the same for the same seed."""

import random
from collections.abc import Iterator

PROBLEMS = (
    "Banjir setinggi {cm} cm di {place}, warga butuh perahu karet",
    "Air sudah masuk rumah kira-kira {cm} cm, {place}. Tolong segera dibantu",
    "Pohon tumbang menutup jalan di {place}, motor tidak bisa lewat",
    "Lampu jalan mati sejak {days} hari lalu di {place}, gelap sekali kalau malam",
    "Jalan berlubang sedalam {cm} cm di {place}, kemarin ada yang jatuh",
    "Sampah menumpuk {days} hari tidak diangkut di {place}, baunya menyengat",
    "Saluran air mampet di {place}, kalau hujan meluap ke rumah warga",
    "Parkir liar di trotoar {place}, pejalan kaki terpaksa turun ke jalan",
    "Kabel menjuntai rendah di {place}, berbahaya buat anak-anak",
    "Air PAM tidak mengalir {days} hari di {place}, mohon penjelasan",
    "Ada kebakaran di {place}, asap tebal, mohon kirim pemadam",
    "Lampu merah rusak di {place}, lalu lintas semrawut tiap pagi",
    "Pedagang kaki lima memenuhi bahu jalan {place}, macet terus",
    "Pembakaran sampah tiap sore di {place}, asapnya masuk kamar",
    "Tiang listrik miring di {place}, takut roboh kalau angin kencang",
    "Trotoar rusak {days} minggu dibiarkan di {place}, kursi roda tidak bisa lewat",
    "Suara musik keras sampai jam {hour} malam di {place}, mengganggu istirahat",
    "Galian kabel belum ditutup di {place}, sudah {days} hari tanpa rambu",
    "Tawuran remaja di {place} sekitar jam {hour}, mohon ada patroli",
    "Halte bus di {place} atapnya bocor dan bangkunya patah",
)
# fmt: off
FLOWERS = (
    "Melati", "Mawar", "Kenanga", "Anggrek", "Cempaka", "Flamboyan", "Teratai", "Dahlia", "Bungur", "Kamboja",
    "Seruni", "Alamanda", "Wijaya", "Kertanegara", "Rajawali", "Cendrawasih", "Kutilang", "Merpati", "Pelikan",
    "Garuda", "Mangga", "Rambutan", "Durian", "Belimbing", "Jambu", "Nangka", "Salak", "Kelapa", "Cemara", "Akasia",
    "Mahoni", "Beringin", "Jati", "Damar", "Pinus", "Trembesi", "Angsana", "Waru", "Randu", "Asem",
)
# fmt: on
KINDS = ("Raya", "Indah", "Dalam", "Barat", "Timur", "Utara", "Selatan", "I", "II", "III", "IV", "V", "VI", "VII")
WAYS = ("Jl.", "Jalan", "Jl", "Gg.", "Gang")
# fmt: off
AREAS = (
    "Kemang", "Tebet", "Cipete", "Pejaten", "Jagakarsa", "Petukangan", "Bintaro", "Menteng", "Cikini", "Gambir",
    "Senen", "Johar", "Kwitang", "Tanjung", "Duren", "Kalideres", "Cengkareng", "Kembangan", "Palmerah", "Tambora",
    "Sunter", "Koja", "Cilincing", "Pluit", "Penjaringan", "Kelapa", "Cawang", "Cililitan", "Ciracas", "Cipayung",
    "Klender", "Pulogebang", "Duren", "Rawamangun", "Matraman", "Jatinegara", "Kramat", "Condet", "Makasar",
)
# fmt: on
COURTESIES = (
    "",
    " Terima kasih.",
    " Mohon ditindaklanjuti.",
    " Makasih min",
    " Trims.",
    " Sudah lapor RT belum ada hasil.",
)


def reports(seed: int) -> Iterator[str]:
    """Texts without end; two rarely are of one place."""
    chance = random.Random(seed)
    while True:
        yield _problem(chance) + chance.choice(COURTESIES)


def sender(number: int) -> str:
    """A mobile number of its own for each `number` below ten million (E.164)."""
    return f"+62811{number:07d}"


def _problem(chance: random.Random) -> str:
    words = chance.choice(PROBLEMS)
    return words.format(
        place=_place(chance), cm=chance.randrange(5, 150, 5), days=chance.randint(2, 9), hour=chance.randint(1, 12)
    )


def _place(chance: random.Random) -> str:
    street = f"{chance.choice(WAYS)} {chance.choice(FLOWERS)} {chance.choice(KINDS)} No. {chance.randint(1, 250)}"
    neighbourhood = f"RT {chance.randint(1, 16):02d}/RW {chance.randint(1, 12):02d}"
    return f"{street}, {neighbourhood}, {chance.choice(AREAS)}"


def identity(chance: random.Random) -> str:
    """A UUID, as Kannel gives to each SMS."""
    digits = f"{chance.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
