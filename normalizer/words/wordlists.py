"""Small word lists of our own for Indonesian as citizens write it. A word that could name a problem is in none."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Function words, courtesies and titles: they say nothing of what is wrong or where.
EMPTY_WORDS = _words(
    """
    ada adalah adanya admin agar aja akan aku apa apakah aq assalamualaikum atas atau ayo bagaimana bagi bahwa bang
    bantu bantuannya bapak bapa beberapa begini begitu belum berikut bgmn bgt bisa blm bpk bs bu buat bahkan banget
    cek cuma d dah dalam dan dapat dari dear demikian dengan deh dg dgn di dia dicek diperbaiki ditangani ditindak
    ditindaklanjuti dlm dong dr dibereskan dibantu diperhatikan dimohon disampaikan dilaporkan gimana gmn guys hai
    halo hallo hanya harap hampir hormat hrs harus ia ibu info infonya ingin ini itu izin ijin jadi jd jg jika juga
    kah kak kalau kalo kami kapan karena kasih kasihan ke kenapa kepada kerjasamanya kita klo kl kok krn kakak kpd
    lagi lah lanjut lanjuti lapor laporan laporkan lg loh lho maaf malam mas masih mau mbak melapor melaporkan
    menyampaikan memohon mengadukan menjadi mhn mohon min minta mimin msh mengenai makasih maka nih nya ni oh oleh
    om pada pagi pak para pemprov perhatian perhatiannya per pernah pula pun permisi saat saja salam sambil sampai
    sangat saya sdh sdr se sebagai secara secepatnya sedang segera sehingga sejak sekali sekarang selalu selamat
    semoga seperti serta setelah sgr sih silakan silahkan siang sore spy sudah supaya sy sbg tadi tanggapan
    tanggapannya tapi telah tentang terima terimakasih terkait ternyata tersebut tersbt tindak tks tl tlg tlng
    tolong tp trims trimakasih tsb trus terus thanks thx ucapkan udah udh untuk utk wahai warga walau wassalam ya
    yaa yaitu yang yg yth yah anda apalagi dulu entah iya kalian kamu makanya malah melulu memang mengapa nanti
    padahal sebenarnya sepertinya tanggal tgl
    """
)

#: Words that look as if they had an affix but mean something else without it, or else would name an official.
UNCUT_WORDS = _words(
    """
    bantuan berjalan jembatan kebakaran kecamatan kelurahan lantaran memohon menyala pejalan pendatang perbaikan
    perjalanan penyeberangan petugas sebaiknya sekali sekolah selalu selebaran terbakar terlalu
    """
)

#: What stands after these tells where something is, and not what it is.
BEFORE_PLACES = _words(
    """
    belakang dekat depan komplek kompleks pertigaan perempatan perumahan samping sbrg seberang sebelah sebrang
    simpang sisi
    """
)

#: What stands after these is what comes of a matter, or what it stands in the way of.
BEFORE_EFFECTS = _words(
    """
    akibatkan bikin ganggu membuat memicu mengakibatkan mengganggu menghalangi menghambat menimbulkan menimpa menutup
    menutupi menyebabkan
    """
)

#: Before the name of an area.
BEFORE_AREAS = _words("kelurahan kecamatan desa kampung dusun")

#: Before a digit these number something ("blok2" is block 2); all other words are doubled by it.
UNITS = frozenset({"blok", "gang", "nomor", "lantai", "meter", "liter", "unit", "persil", "blk"})

#: Parts of area names as people shorten them.
SHORT_NAME_WORDS = {
    "kp": "kampung",
    "kmp": "kampung",
    "kpg": "kampung",
    "pd": "pondok",
    "pdk": "pondok",
    "tj": "tanjung",
    "tjg": "tanjung",
    "tg": "tanjung",
    "kb": "kebon",
    "kbn": "kebon",
    "kebun": "kebon",
    "brt": "barat",
    "tmr": "timur",
    "tim": "timur",
    "utr": "utara",
    "slt": "selatan",
    "sltn": "selatan",
    "pst": "pusat",
    "slatan": "selatan",
    "sel": "selatan",
    "bru": "baru",
    "ats": "atas",
    "bsr": "besar",
    "ps": "pasar",
    "psr": "pasar",
    "keb": "kebon",
    "gng": "gunung",
    "tmn": "taman",
    "klp": "kelapa",
    "sei": "sungai",
}

#: Before the name of a city or province; people leave them out.
AREA_TITLES = _words("daerah ibukota istimewa kabupaten khusus kota administrasi provinsi")

#: The last words of many areas' names, and how a city's short name has them ("timsel").
DIRECTIONS = {"barat": "bar", "timur": "tim", "utara": "ut", "selatan": "sel", "pusat": "pus"}

#: What a street's name begins with.
STREET_MARKERS = _words("jl jln jalan gg gang")

_FACILITIES = _words(
    """
    apartemen asrama bandara bengkel bundaran dermaga flyover gedung gereja gor halte hotel jembatan jpo kampus klenteng
    klinik komplek kuburan lapangan mall masjid monumen museum mushola pabrik pasar pelabuhan perumahan pesantren polres
    polsek puskesmas rptra rs rsia rsu rsud rusun sd sdn sekolah situ sma sman smk smkn smp smpn spbu stadion stasiun
    taman terminal tk tpu tugu underpass universitas vihara waduk
    """
)

#: Kinds of places that people name to say where they are, in one spelling.
FACILITIES = {
    **{word: word for word in _FACILITIES},
    **{"mesjid": "masjid", "msjd": "masjid", "musholla": "mushola", "musola": "mushola", "kompleks": "komplek"},
    **{"komp": "komplek", "komplk": "komplek", "mal": "mall", "perum": "perumahan", "rusunawa": "rusun"},
    **{"apartement": "apartemen", "apartment": "apartemen", "sekolahan": "sekolah", "terminl": "terminal"},
}

#: Before a place that a report is not about, but on the way to or from.
WAY_WORDS = _words("arah menuju nuju mengarah ke dari dr jurusan tujuan antara rute trayek via krl kereta")

#: Before a place that something else is compared with.
LIKE_WORDS = _words("seperti kayak kaya spt dibanding dibandingkan beda")

#: Before the place that a report is about.
IN_WORDS = _words("di d daerah wilayah kawasan sekitar lokasi area dibilangan bilangan didaerah diwilayah")

#: Words of every day that are also names of areas: they name one only after "kel.", "kec." and the like.
ORDINARY_WORDS = _words(
    """
    air atas baru batu besar bungur bunga dalam dua dukuh duri galur gedong gelora guntur gunung indah jati kali kamal
    kampung karet kartini kenari kota lama makmur mulya pasar pulau pulo raya rambutan sari sawah serdang setu sumber
    taman tanah tangki tengah tugu utama
    """
)

#: No street's name begins with these, and none goes on with them.
NOT_STREETS = EMPTY_WORDS - {"atas", "bang", "ibu", "siang", "info", "dr"} | _words(
    """
    air akses alfamart alternatif ambles amblas ancur anak apalagi arah area asap aspal atap bagian baik banjir
    banjirnya banyak bau baunya belakang belokan belum berada berantakan berat berbulan berdebu berhari berlubang
    berlobang bersih bertahun bikin bikinnn bkn blkng blok bnyk blm bocor bolong buntu byar cafe cepat cukup daerah
    debu dekat deket dengan depan deras di dibongkar digali dilalui dingin diperlebar dkt dlm dpn dusun gak ga gang
    gangguan gara gelap genangan gg gk got halaman halte hancur hari hati hidup hilang hujan https http indomaret
    jalan jalanan jalannya jam jebol jembatan jl jln jualan kab kabel kabupaten kaki kampus kanan kantor kebanjiran
    kec kecamatan kecelakaan kehujanan kel kelurahan keluar kemacetan kemarin kemaren kembali kendaraan kereta keren
    khusus kiri km komplek kompleks kondisi kotor kota krn kurang lalin lalu lampu lancar lapak lebar lewat licin
    liar lingkungan lokasi longsor lubang lumpur macet malah malam mampet mana masjid masuk mati mau meluap
    membahayakan menanjak menggenang mengganggu mengarah menimpa menuju menumpuk menurun menyala menyempit menutup
    merah mesjid miring mobil motor mushola musholla nomor no nomer nyala oleh orang padahal padam pakai parah
    parkir paving pejalan pengendara pengguna penuh perbatasan perempatan pergi perlu pertigaan pertokoan pinggir
    pintu pju pkl pln pohon polisi pos puskesmas putus rabu rata rawan ribuan roboh rt ruko rumah rmh rusak rw
    sampah sampe saluran sama samping sblm sebagian sebelah sebelum seberang sehari sekolah sekolahan seksi selama
    selokan semakin semalam semenjak seminggu sempit semrawut sensor sepanjang sering sepi setapak setiap setinggi
    simpang sebrang smpah smpe spbu suara sungai tadi tak tambah tanpa tdk tempat tenggelam tergenang terendam
    terjadi terlalu terputus tertutup terutama tetap tiang tidak tiap tikungan tinggi tol total trotoar truk tumbang
    tutup umum untuk warga warung wilayah wrg
    akibat dibuatkan dikhawatirkan disapu ditakutkan ganggu hal ketika khususnya lampunya mengingat menunggu merasa
    misalnya parkirnya petugas subuh tahun terdapat terganggu terlebih termasuk
    """
)

#: Last words of a street's name: only a number or another of these can follow.
STREET_CLOSERS = _words(
    "raya utama besar kecil baru lama dalam luar barat timur utara selatan tengah ujung indah permai asri"
)

#: Ranks and titles before the name of whom a street is called after; a full stop may follow them.
STREET_TITLES = _words(
    """
    raya h hj haji kh kyai ki r rd raden ra dr prof ir jend jenderal letjen mayjen brigjen kol kolonel kapt kapten
    letda letkol mayor serma sersan sultan pangeran st tb
    """
)

_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")

#: "vii" to "7", from 1 to 39.
ROMAN_NUMBERS = {"x" * (number // 10) + _ONES[number % 10]: str(number) for number in range(1, 40)}

#: Small words that tell the two languages apart; none is common in the other.
INDONESIAN_WORDS = _words(
    """
    ada akan atau banyak belum bisa dan dari dengan di ini itu jangan juga karena kami kasih ke lagi mohon oleh pada
    saya segera sejak sekali selamat sudah terima tidak tolong untuk warga yang yg sdh tdk gak udah sampai lebih
    """
)
ENGLISH_WORDS = _words(
    """
    a an and are at been can for from has have is it my no not of on please since that the there this to was we were
    with you your
    """
)

#: Small words of Javanese, low and high; none of them is common in Indonesian or Sundanese.
JAVANESE_WORDS = _words(
    """
    ana arep awake awakku bae banyune dalane dereng dudu durung enten iki iku ingkang isih iso isok jarene
    kabeh karo kaliyan kepriye kuwi kulo lagek lan latare maneh mboten mburi menika meniko mergo mugi nang nek ngarep
    ngene nggih nggon ngono nika niki niku ning niko omahe ono ojo opo ora panjenengan pripun piye rampung sakniki
    saiki sampeyan sampun sing sesuk suwene tulung uwis wau wes wingi wis yen
    """
)
#: Small words of Sundanese; none of them is common in Indonesian or Javanese.
SUNDANESE_WORDS = _words(
    """
    abdi acan anjeun atos aya ayeuna bade bieu caina dugi euy eta geus hayang henteu heunteu ieu iraha jeung kuring
    kumaha kunaon lamun leuwih loba nembe nuju parantos pisan sabaraha saha sareng sapertos seueur teu tos
    teuing tiasa urang upami
    """
)

#: What stands, in brackets, for a masked piece of a text (see `normalizer.persons.masking`).
MASKS = ("telepon", "surel", "akun", "nik", "npwp", "rekening", "nomor", "ip", "nama", "sandi")
