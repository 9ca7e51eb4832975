"""Which words name persons, and which stand where a name could though they name nobody."""

from functools import cache
from typing import NamedTuple

from normalizer.wordlists import NOT_STREETS


class Names(NamedTuple):
    """Given names; words that name a person wherever a cue says so; all that can be part of a name (lower case)."""

    given: frozenset[str]
    sure: frozenset[str]
    parts: frozenset[str]


@cache
def names() -> Names:
    """lokal-id's common names and some of our own."""
    from lokal.samaran import _names as lists  # noqa: PLC0415  (loads all of lokal)

    given = lists.GIVEN_NAMES | MORE_NAMES
    parts = given | lists.FAMILY_NAMES | lists.AMBIGUOUS_GIVEN_NAMES | lists.SECOND_NAMES | DOUBTFUL_NAMES
    return Names(given - DOUBTFUL_NAMES, parts - DOUBTFUL_NAMES, parts)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Common names of Indonesians that lokal-id 0.7 does not list.
MORE_NAMES = _words(
    """
    alex ali alif amin amir anas andre aryo atik azis aziz bahar basuki burhan choirul darsono darto dika djoko edo
    elis erni fahri fatma ferdi gatot gunadi hamid hamdan harto haryono hasanuddin herman hermanto heri herry idris
    imron indri ismi jainal juli juliana juminten kohar lastri leni lilik lisa mardi mardiyah marni martina maulana
    mulyono munawar mustafa nani nardi neneng nugie parto prabowo purwadi rahmi ratri ridho rohman rohmat rosidah
    rusdi rusli samsudin sanusi sarah sarmin sartono sidik sodikin soleh subandi sudarto sukardi sulaiman sulis
    sulistyo sumarna sunarto sunarti suparno supri supriatna suprapto suroso suryana susilawati sutikno suwarno
    suyono syafii syamsul tarno tarmin tarmizi tini triyono wahid wardi wati yahya yana yanuar yayat yono yuliani
    yusri zaenal zulkifli
    """
)

#: Names that are words of every day too: they name somebody only with a capital or beside another name.
DOUBTFUL_NAMES = _words(
    """
    agung ana angel asih bagus bintang bunga cahya cinta citra dini fajar grace hakim hari imam ina indah intan
    kartika kasih kurnia laras lestari maya mega melati mulia murni mutiara nur okta panca pandu panji permata puji
    puspa putra putri ratu rejeki rezeki ria salim sari sekar setia sinar suci sudirman surya tari utami utomo
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

#: Offices that stand between "Pak" and a name, or instead of a name.
ROLES = _words(
    """
    alm almarhum anggota babinsa bidan bos boss bupati camat damkar danramil dewan direksi direktur dirjen dirut dokter
    dr dra drs gubernur guru h hajah haji hajjah hansip hj imam ir jaksa jenderal kader kades kadin kadis kadus kanit
    kapolda kapolres kapolri kapolsek kasatpol kasi kasie kasudin kepala ketua kh komandan kyai lurah manager manajer
    mandor menteri mentri modin pastor pendeta penghulu pengurus petugas pimpinan pj plh plt polisi presiden prof rt rw
    satpam security sekcam sekda sekdes sekretaris sopir supir tukang ust ustad ustadz ustadzah ustaz wagub wakapolri
    wakil wali walikota
    """
)

#: First words of the names of Jakarta's kelurahan and kecamatan that are no persons' names.
_AREAS = _words(
    """
    ancol angke balekambang bali bambu bangka baru batu bendungan bidara bintaro bukit bungur cakung cawang ceger
    cempaka cengkareng cibubur cideng ciganjur cijantung cikini cikoko cilandak cilangkap cililitan cilincing cipayung
    cipedak cipete cipinang cipulir ciracas dukuh duren duri galur gambir gandaria gedong glodok gondangdia grogol
    guntur gunung harapan jagakarsa jati jatinegara jatipulo jelambar joglo johar kalibaru kalibata kalideres kalisari
    kamal kapuk karang karet kayu keagungan kebagusan kebayoran kebon kedaung kedoya kelapa kemanggisan kemayoran
    kembangan kenari kepulauan klender koja kramat kramatjati krendang krukut kuningan kwitang lagoa lebak lenteng
    makasar malaka mampang mangga manggarai maphar marunda matraman melawai menteng meruya munjul pademangan pal
    palmerah palmeriam pancoran papanggo paseban pegadungan pegangsaan pejagalan pejaten pekayon pekojan pela pengadegan
    penggilingan penjaringan pesanggrahan petamburan petogogan petojo petukangan pinangranti pinangsia pisangan pluit
    pulau pulo pulogadung ragunan rambutan rawa rawajati rawamangun rawasari roa rorotan sawah selong semanan semper
    senayan senen serdang setiabudi setu slipi srengseng sukabumi sukapura sumur sunter susukan tambora tanah tangki
    tanjung tebet tegal tengah tomang ujung ulujami utan warakas
    """
)

_NEITHER = _words(
    """
    aduan aduannya agama allah anda angkot anjing asli asn bandung bank barat beliau bersama betawi bis bogor bpbd bpjs
    bro bus busway cs cv depok dinas dishub disini dki dlh drainase dukcapil dulu fb hamil ibu indonesia instansi
    jabodetabek jakarta jakbar jakpus jaksel jaktim jakut jasa jpu kabel kandung kartu kelas keluarga kementerian
    knalpot koordinator kpk ktp kucing lalu lansia lembaga listrik marka mereka mertua monggo muda musik nama nasional
    negara nik nyamuk ogah ojek orangtua organisasi pagar panitia pedagang pejabat pekerja pelajar pelapor pemda
    pemerintah pemilik pemkot penduduk pengadu pengamen pengemis pertiwi perusahaan perwakilan peserta pihak pipa pkk
    pns polri portal preman pribadi provinsi pt pupr pusat qlue rambu republik rp rukun rumput satpol saudara sby sda
    sehat sejahtera sekalian sekeluarga sekitar selatan seluruh semua sendiri setempat sosial sudin suku surabaya swt
    tangerang tangga tawuran team teman tembok tetangga tikus tim timur tiri tni transjakarta tua tuhan ular umur usia
    utara wib
    """
)
#: What follows "Pak", "atas nama" or "Hormat kami," though it names nobody.
NO_NAMES = NOT_STREETS | PLACE_HEADS | ROLES | _AREAS | _NEITHER

#: Persons after whom streets, mosques and schools are called, often without a word for them: first two words.
NAMESAKES = _words(
    """
    abdul-jalil abdul-majid abdul-muis abdul-rahman abdulrahman-saleh agus-salim ahmad-dahlan ahmad-yani ali-sadikin
    amir-hamzah arief-rahman basuki-rahmat dewi-sartika husein-sastranegara lukmanul-hakim moh-kahfi mohamad-ali
    mohamad-kahfi mohammad-husni mohammad-kahfi muhammad-kahfi nurul-amal nurul-huda nurul-iman otto-iskandar ridwan-
    rais setia-budi siti-aisyah siti-khadijah slamet-riyadi surya-wijaya widya-chandra wijaya-kusuma yusuf-adiwinata
    """
)
