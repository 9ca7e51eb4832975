"""The survey of citizens' satisfaction with a public service: twenty questions, each of which may be left out.

The first nine are the elements of Permenpan-RB 14/2017, answered from 1 (worst) to 4 (best).
"""

from gateway.bot import (
    Ask,
    Keep,
    Label,
    Reader,
    Say,
    Steps,
    Talk,
    choice,
    command,
    dialogue,
    free_text,
    number,
    yes_no,
)

#: Each element with its question and its four answers, from the worst.
ELEMENTS = {
    "persyaratan": (
        "Apakah syarat yang diminta sesuai dengan jenis pelayanannya?",
        "Did the papers asked for fit the service?",
        ("Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"),
        ("Not at all", "Hardly", "Yes", "Very well"),
    ),
    "prosedur": (
        "Apakah prosedurnya mudah?",
        "Was it easy to go through?",
        ("Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah"),
        ("Not at all", "Hardly", "Easy", "Very easy"),
    ),
    "waktu": (
        "Apakah pelayanannya cepat?",
        "Was it quick?",
        ("Tidak cepat", "Kurang cepat", "Cepat", "Sangat cepat"),
        ("Not at all", "Hardly", "Quick", "Very quick"),
    ),
    "biaya": (
        "Bagaimana biayanya?",
        "What do you say of the fees?",
        ("Sangat mahal", "Cukup mahal", "Murah", "Gratis"),
        ("Very high", "Rather high", "Low", "There were none"),
    ),
    "hasil": (
        "Apakah hasilnya sesuai dengan yang dijanjikan?",
        "Did you get what was promised?",
        ("Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"),
        ("Not at all", "Hardly", "Yes", "All of it"),
    ),
    "kemampuan": (
        "Apakah petugasnya mampu?",
        "Were the officers able?",
        ("Tidak mampu", "Kurang mampu", "Mampu", "Sangat mampu"),
        ("Not at all", "Hardly", "Able", "Very able"),
    ),
    "perilaku": (
        "Apakah petugasnya sopan dan ramah?",
        "Were the officers polite and friendly?",
        ("Tidak sopan", "Kurang sopan", "Sopan dan ramah", "Sangat sopan"),
        ("Not at all", "Hardly", "Polite", "Very polite"),
    ),
    "pengaduan": (
        "Bagaimana penanganan pengaduan di sana?",
        "How are complaints dealt with there?",
        ("Tidak ada", "Hanya formalitas", "Kurang baik", "Dikelola baik"),
        ("Not at all", "Only on paper", "Not well", "Well"),
    ),
    "sarana": (
        "Bagaimana ruang dan sarananya?",
        "How were the rooms and equipment?",
        ("Buruk", "Cukup", "Baik", "Sangat baik"),
        ("Bad", "Fair", "Good", "Very good"),
    ),
}

#: What can be chosen of, by question.
CHOICES = {
    "peran": ("rt", "rw", "lmk", "fkdm", "tokoh", "warga"),
    "kantor": ("kelurahan", "kecamatan", "puskesmas", "dinas", "lain"),
    "keperluan": ("surat", "izin", "bantuan", "aduan", "lain"),
    "cara": ("datang", "telepon", "pesan", "aplikasi"),
    "umur": ("umur_1", "umur_2", "umur_3", "umur_4"),
    "pendidikan": ("sd", "smp", "sma", "kuliah"),
}

TEXTS = {
    "id": {
        "mulai": "Survei kepuasan: 20 pertanyaan. LEWATI: tidak menjawab. BATAL: berhenti.",
        "setengah": "Terima kasih. Tinggal 11 pertanyaan.",
        "selesai": "Terima kasih, jawaban Anda kami simpan.",
        "peran": "Anda menjawab sebagai siapa?",
        "rt": "Pengurus RT",
        "rw": "Pengurus RW",
        "lmk": "Anggota LMK",
        "fkdm": "Anggota FKDM",
        "tokoh": "Tokoh masyarakat",
        "warga": "Warga",
        "kantor": "Kantor apa yang Anda nilai?",
        "kelurahan": "Kelurahan",
        "kecamatan": "Kecamatan",
        "puskesmas": "Puskesmas",
        "dinas": "Dinas",
        "lain": "Lainnya",
        "nama_kantor": "Apa nama kantornya?",
        "keperluan": "Untuk keperluan apa?",
        "surat": "Surat keterangan",
        "izin": "Izin",
        "bantuan": "Bantuan sosial",
        "aduan": "Pengaduan",
        "cara": "Dengan cara apa Anda dilayani?",
        "datang": "Datang sendiri",
        "telepon": "Telepon",
        "pesan": "SMS atau chat",
        "aplikasi": "Aplikasi atau situs",
        "kali": "Berapa kali Anda harus datang atau menghubungi kantor itu?",
        "tuntas": "Apakah urusan Anda sudah selesai?",
        "pungutan": "Apakah Anda diminta membayar di luar biaya resmi?",
        "umur": "Berapa umur Anda?",
        "umur_1": "Di bawah 25 tahun",
        "umur_2": "25-40 tahun",
        "umur_3": "41-60 tahun",
        "umur_4": "Di atas 60 tahun",
        "pendidikan": "Apa pendidikan terakhir Anda?",
        "sd": "SD atau kurang",
        "smp": "SMP",
        "sma": "SMA atau SMK",
        "kuliah": "Perguruan tinggi",
        "saran": "Terakhir: apa saran Anda? Jangan tulis nama atau nomor.",
    },
    "en": {
        "mulai": "How content are you? 20 questions. SKIP: no answer. CANCEL: stop.",
        "setengah": "Thank you. 11 questions are left.",
        "selesai": "Thank you, your answers are kept.",
        "peran": "As who do you answer?",
        "rt": "For an RT",
        "rw": "For an RW",
        "lmk": "Member of the LMK",
        "fkdm": "Member of the FKDM",
        "tokoh": "Community leader",
        "warga": "Citizen",
        "kantor": "Which kind of office is it about?",
        "kelurahan": "Kelurahan",
        "kecamatan": "Kecamatan",
        "puskesmas": "Puskesmas",
        "dinas": "Dinas",
        "lain": "Another",
        "nama_kantor": "What is the office called?",
        "keperluan": "What did you need?",
        "surat": "A certificate",
        "izin": "A permit",
        "bantuan": "Social aid",
        "aduan": "To complain",
        "cara": "How were you served?",
        "datang": "I went there",
        "telepon": "By phone",
        "pesan": "By SMS or chat",
        "aplikasi": "By app or website",
        "kali": "How often did you have to go there or get in touch?",
        "tuntas": "Is your matter settled?",
        "pungutan": "Were you asked to pay more than the official fee?",
        "umur": "How old are you?",
        "umur_1": "Under 25",
        "umur_2": "25-40",
        "umur_3": "41-60",
        "umur_4": "Over 60",
        "pendidikan": "Which school did you last finish?",
        "sd": "Primary or less",
        "smp": "Junior high",
        "sma": "Senior high",
        "kuliah": "University",
        "saran": "Last: what should be better? Write no names or numbers.",
    },
}
for _element, (_in_indonesian, _in_english, _answers, _in_english_too) in ELEMENTS.items():
    TEXTS["id"] |= {_element: _in_indonesian} | {f"{_element}_{n}": one for n, one in enumerate(_answers, 1)}
    TEXTS["en"] |= {_element: _in_english} | {f"{_element}_{n}": one for n, one in enumerate(_in_english_too, 1)}


def scored(element: str) -> Reader[str]:
    """1 to 4, in this element's own words."""
    return choice(*(Label(str(score), f"{element}_{score}") for score in range(1, 5)))


#: The other questions, in their order.
OTHERS = {
    "peran": choice(*CHOICES["peran"]),
    "kantor": choice(*CHOICES["kantor"]),
    "nama_kantor": free_text,
    "keperluan": choice(*CHOICES["keperluan"]),
    "cara": choice(*CHOICES["cara"]),
    "kali": number(1, 100),
    "tuntas": yes_no,
    "pungutan": yes_no,
    "umur": choice(*CHOICES["umur"]),
    "pendidikan": choice(*CHOICES["pendidikan"]),
    "saran": free_text,
}


@dialogue("survei", opens=command("survei", "survey"), texts=TEXTS)
def survei(talk: Talk) -> Steps:
    """How content citizens are with an office."""
    answers = {}
    yield Say("mulai")
    for element in ELEMENTS:
        chosen = yield Ask(element, scored(element), otherwise=None)
        answers[element] = int(chosen) if chosen else None
    yield Say("setengah")
    for name, read in OTHERS.items():
        answers[name] = yield Ask(name, read, otherwise=None)
    yield Keep("keep", answers)
    yield Say("selesai")
