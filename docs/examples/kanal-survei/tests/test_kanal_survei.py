"""The survey, as transcripts."""

import pytest
from kanal_survei import CHOICES, ELEMENTS, OTHERS, TEXTS, survei

from gateway.bot import Keep
from gateway.bot.measuring import cost
from gateway.bot.testing import SMS, converse

ALL = """
> survei
< Survei kepuasan: 20 pertanyaan. LEWATI: tidak menjawab. BATAL: berhenti.
  Apakah syarat yang diminta sesuai dengan jenis pelayanannya?
  1 Tidak sesuai
  2 Kurang sesuai
  3 Sesuai
  4 Sangat sesuai
> sesuai
< Apakah prosedurnya mudah?
  1 Tidak mudah
  2 Kurang mudah
  3 Mudah
  4 Sangat mudah
> 2
< Apakah pelayanannya cepat?
  1 Tidak cepat
  2 Kurang cepat
  3 Cepat
  4 Sangat cepat
> cepat
< Bagaimana biayanya?
  1 Sangat mahal
  2 Cukup mahal
  3 Murah
  4 Gratis
> gratis
< Apakah hasilnya sesuai dengan yang dijanjikan?
  1 Tidak sesuai
  2 Kurang sesuai
  3 Sesuai
  4 Sangat sesuai
> lewati
< Apakah petugasnya mampu?
  1 Tidak mampu
  2 Kurang mampu
  3 Mampu
  4 Sangat mampu
> 3
< Apakah petugasnya sopan dan ramah?
  1 Tidak sopan
  2 Kurang sopan
  3 Sopan dan ramah
  4 Sangat sopan
> sangat sopan
< Bagaimana penanganan pengaduan di sana?
  1 Tidak ada
  2 Hanya formalitas
  3 Kurang baik
  4 Dikelola baik
> d
< Bagaimana ruang dan sarananya?
  1 Buruk
  2 Cukup
  3 Baik
  4 Sangat baik
> baik
< Terima kasih. Tinggal 11 pertanyaan.
  Anda menjawab sebagai siapa?
  1 Pengurus RT
  2 Pengurus RW
  3 Anggota LMK
  4 Anggota FKDM
  5 Tokoh masyarakat
  6 Warga
> rw
< Kantor apa yang Anda nilai?
  1 Kelurahan
  2 Kecamatan
  3 Puskesmas
  4 Dinas
  5 Lainnya
> 1
< Apa nama kantornya?
> Kelurahan Sukamaju
< Untuk keperluan apa?
  1 Surat keterangan
  2 Izin
  3 Bantuan sosial
  4 Pengaduan
  5 Lainnya
> surat
< Dengan cara apa Anda dilayani?
  1 Datang sendiri
  2 Telepon
  3 SMS atau chat
  4 Aplikasi atau situs
> datang sendiri
< Berapa kali Anda harus datang atau menghubungi kantor itu?
> dua kali
< Apakah urusan Anda sudah selesai?
  1 Ya
  2 Tidak
> ya
< Apakah Anda diminta membayar di luar biaya resmi?
  1 Ya
  2 Tidak
> tidak
< Berapa umur Anda?
  1 Di bawah 25 tahun
  2 25-40 tahun
  3 41-60 tahun
  4 Di atas 60 tahun
> 2
< Apa pendidikan terakhir Anda?
  1 SD atau kurang
  2 SMP
  3 SMA atau SMK
  4 Perguruan tinggi
> sma
< Terakhir: apa saran Anda? Jangan tulis nama atau nomor.
> Loketnya ditambah
< Terima kasih, jawaban Anda kami simpan.
"""
SKIPPED = """
> survei
< Survei kepuasan: 20 pertanyaan. LEWATI: tidak menjawab. BATAL: berhenti.
  Apakah syarat yang diminta sesuai dengan jenis pelayanannya?
  1 Tidak sesuai
  2 Kurang sesuai
  3 Sesuai
  4 Sangat sesuai
> lewati
< Apakah prosedurnya mudah?
  1 Tidak mudah
  2 Kurang mudah
  3 Mudah
  4 Sangat mudah
> entahlah
< Maaf, kami belum paham. Pilih salah satu jawaban. Apakah prosedurnya mudah?
  1 Tidak mudah
  2 Kurang mudah
  3 Mudah
  4 Sangat mudah
"""


def test_all_is_answered_and_kept() -> None:
    (kept,) = converse(survei, ALL).wishes
    assert isinstance(kept, Keep)
    assert list(kept.answers) == [*ELEMENTS, *OTHERS]
    assert [kept.answers[element] for element in ELEMENTS] == [3, 2, 3, 4, None, 3, 4, 4, 3]
    assert (kept.answers["peran"], kept.answers["kali"], kept.answers["pungutan"]) == ("rw", 2, False)
    assert (kept.answers["nama_kantor"], kept.answers["saran"]) == ("Kelurahan Sukamaju", "Loketnya ditambah")


def test_a_question_may_be_left_out_and_is_asked_again_where_the_answer_fits_none() -> None:
    played = converse(survei, SKIPPED)
    assert played.wishes == []
    assert played.state and played.state.asked == "prosedur"


def test_there_are_twenty_questions() -> None:
    assert len({*ELEMENTS, *OTHERS}) == 20
    assert TEXTS["id"].keys() == TEXTS["en"].keys()


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("question", [*ELEMENTS, *OTHERS])
def test_each_question_is_one_sms(question: str, language: str) -> None:
    texts = TEXTS[language]
    options = CHOICES.get(question) or [f"{question}_{score}" for score in (1, 2, 3, 4) if question in ELEMENTS]
    asked = "\n".join([texts[question], *(f"{number} {texts[one]}" for number, one in enumerate(options, 1))])
    assert cost(asked, SMS) == 1
