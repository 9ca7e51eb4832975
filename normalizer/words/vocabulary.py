"""Everyday Indonesian words, so that odd spellings of them are recognised. Names are left out on purpose."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Roots, and words that the affixes of `colloquial.py` do not make from them.
VOCABULARY = _words(
    """
    aa abai abang abu acara ada adakah adik adil administrasi adminnya adu aduan aduh agak agama agar ahad air
    ajak ajar ajuan ajukan akal akan akar akhir akhirnya akibat akses akta aktif aktivasi aktivitas aku akun alam
    alamat alami alas alasan alat alih alir aliran alkohol allah alternatif alur amal aman amat ambil amblas
    ambrol ambruk ambulans amburadul amin ampun anak anarkis ancam anda andal aneh anggap anggaran anggota angin
    angka angkat angkot angkut angkutan anjing anjir antar antara antrian apa apabila apakah apalagi apapun api
    aplikasi apotek apoteker april arah area arti artinya arus asal asap aset asing asli aspal aspirasi asri
    asuransi asusila atap atas atasan atau atur aturan awal awas ayah ayam ayo babu baca bacok badan bagai
    bagaimana bagi bagian bagus bahan bahas bahasa bahaya bahkan bahu bahwa baik bajaj bajak baju bakal bakar
    balai balap balas balasan bali balik balita bambu bandar banding bang banget bangga bangkai bangku bangsat
    bangun bangunan banjir bank bantaran bantu bantuan banyak bapak bar bara barang bareng baris barisan baru
    barusan bata batal batang batas batu batuk bau bawa bawah bayang bayar bayi beasiswa beban bebas bebek
    beberapa becak becek beda begal begini begitu bekal bekas beku belah belajar belakang belanja beli beliau
    belok belum bemo benah benar bencana benda bendera bendung bendungan bengkak bengkel bensin bentuk bentur
    berangkat berani berantakan berapa beras berat berbagai beres beri berikan berikut berita berkas bernama
    bersama bersih berupa besar besi besok betapa betis beton betul biar biarkan bias biasa biasanya biawak biaya
    bibi bibir bibit bicara bidan bijak bikin bila bilang bimbing bincang bingung bintang biodata bis bisa bising
    bisnis blok blokir bocah bocor bodoh bohlam bohong bola bolak boleh bolong bongkar bor bos bosan botol brankas
    buah buang buat bubar budaya buka bukan bukti buku bulan bulanan bulevar bulu bumi bunda bundar bundaran bunga
    buntu bunuh bunyi bupati buru buruh buruk busuk busway buta butuh byar cabai cabang cabut cacat cair camat
    campur cantik capai cara cari cat catat catatan ceceran cegah cek celaka cemar cemas cempaka cepat cerah
    cerita cermat cermin cetak cinta ciri coba cocok colok condong contoh copet copot coret corong cuaca cuci cucu
    cukup cukupan cuma curah curang curi curiga dada daerah daftar dagang daging dahan dahlia dahulu daki dalam
    damai damkar dampak dan dana danau dandan dangkal dapat dapur darah darat dari daripada darurat dasar data
    datang datar daun daya dear debat debu deh dekat delman demam demi demikian demo denda dengan dengar dengkul
    dengung depan depo deposit derajat deras derek dermaga desa desak desember detail deteksi detik dewan dewasa
    diam diare didik digital dinas dinding dingin diri disiplin diskon diskusi dll dokter dokumen dokumentasi
    domisili dong dorong dosa download drainase driver dsb dst dua duduk duga dukung dulu dunia duplikat duren
    edar efek efektif ekonomi ekor ekspedisi elang elektrik elektronik elok email emas ember embun empang empat
    enak enam endap enek energi enggan entah erat error evakuasi fakta fasilitas fasos fasum februari fiktif
    finansial fisik fitur flu fogging formulir foto fungsi gabung gagal gajah gaji galak gali galian gambar
    gampang ganas ganda gang ganggu gangguan ganteng ganti gantung gapura garam garasi gardu garis gas gaul gedung
    gelandang gelandangan gelap gelas geledah geletak gelombang gemas gembira gembok gempa gemuk genang genangan
    genap generasi genset genteng gerah gerai gerak gerakan geram gerbang gereja gerimis gerobak geser getar giat
    giga gigi gila giliran girik gizi goblok gorden goreng gorong gosong got goyang gratis gubernur gubuk gudang
    gugur gula gulai gulung guna gunting gunung gurih guru gusar gusur guyur habis hadap hadiah hadir hai hak hal
    halaman halang halangan hall halo halte halus hambat hamil hampir hancur hangat hangus hantam hanya hanyut
    hapus harap harapan harga hari harian harta harus hasil hati haus hebat heboh helm hemat hendak henti heran
    hewan hias hibah hidung hidup hijau hilang hingga hitam hitung hobi hormat hubung hubungan hubungi hujan hukum
    humor huruf hutan hutang ibadah ibu ibunda ide identitas ijazah ikan ikat iklan ikut ilmu imbau imbauan
    imigrasi impit imunisasi inap indah indikasi induk industri informasi ingat inggris ingin ini injak inovasi
    insentif insiden instansi intensitas internet intip ipar ironis iseng isi istirahat istri itu iya izin jabat
    jadi jadwal jaga jagung jahat jajan jajaran jalan jalanan jalur jam jambret jamin jaminan jamkes jangan jangka
    jangkau janji jantung januari jarak jarang jaring jaringan jasa jatuh jauh jawab jawaban jaya jebol jelas
    jelek jembatan jemput jendela jengkel jenis jentik jenuh jeprat jera jerat jernih jika jingga jodoh jual
    jualan juga juli jumat jumlah jumpa juni juntai jurang juru jurusan justru juta kabar kabel kabupaten kabur
    kabut kaca kacamata kacau kadaluwarsa kadang kadar kafe kaget kah kait kak kakak kakek kaki kalah kalau kali
    kalian kalimat kamar kambing kamera kami kamis kampung kampus kamu kan kanal kanan kandang kandung kantong
    kantor kapal kapan kapasitas kapuk karang karangan karat karcis karena karet kartu karung karyawan kasar kasih
    kasihan kasir kasus kata kategori kaum kawal kawan kawasan kawat kawin kaya kayu keadaan kebakaran keberadaan
    kebersihan kebetulan kebon kebun kecamatan kecelakaan kecewa kecil kecoa kecuali kedai kegiatan kejadian
    kejaksaan kejar kejut kelamaan kelanjutan kelap kelapa kelas kelola kelompok kelua keluar keluarga keluh
    keluhan kelurahan kem kemah kemarau kemarin kembali kembang kemudi kemudian kemungkinan kena kenal kenapa
    kencang kendala kendali kendara kendaraan kental kentang kenyang kenyataan kepada kepala keping kepung kera
    keramik keran keranjang kerap keras keren kereta kering keringat kerja kerjaan kerjasama kernet kerok keropok
    keropos kertas keruk kerumun kerusakan kesal kesehatan ketat ketemu keterangan ketik ketika ketua khawatir
    khusus kiai kini kira kiri kirim kita klaim klakson klasik klinik knalpot kode kok kolam kolom kolong komentar
    kompensasi komplain kompleks kompor komputer komunikasi komunitas kondisi koneksi konfirmasi konser konslet
    konsumen kontainer kontak kontaminasi konten kontrak kontraktor kontribusi koordinasi kopi koran korban
    korslet korupsi kosong kota kotak kotor kotoran kreatif kredit krim kriminal kritik kualitas kuas kuat kubang
    kubangan kubik kubur kuburan kucing kuda kuis kuitansi kuliah kulit kulkas kumpul kumuh kunci kuning kunjung
    kuota kupas kupon kurang kurir kursi kurung kusam kutip lacak lagi lahan lahir lain laju lajur laki laksana
    laku lalai lalat lalu lama lamar lambat lampau lampion lampir lampu lancar langgan langganan langgar langit
    langkah langsung lanjut lansia lantai lantaran lantas lapak lapang lapangan lapar lapis lapor laporan laporkan
    lapuk larang larangan lari larut larva las latar latih latihan laut lawan layak layan layanan layar lebar
    lebat lebih lebur lecet ledak ledeng lega legenda leher lekas lelah lelaki lemah lembab lembaga lembar lempar
    lengah lengan lengkap lenyap lepas letak leter lewat liar libat libur licin lihat lima limbah limpah lindung
    lingkar lingkungan lintas lipat listrik login lokal lokalisasi lokasi loket lomba lompat longgar longsor
    lorong lowong luapan luar luas lubang luber lucu luka lumayan lumpuh lumpur lumut lunas lupa lurah lurus lusa
    lutut maaf mabuk macam macan macet magang mah mahal mahasiswa main maju maka makam makan makanan makin maklum
    makna maksimal maksud mal malah malaikat malam malang malas maling mall malu mampet mampir mampu mana
    manajemen manajer mandek mandi mandir mandiri maneh manfaat mangga manggis mantan mantap manual manusia marah
    marak maret mari marka mas masa masak masalah masih masing masjid masker massa masuk masyarakat mata matahari
    mati matur maut mawar mayat mbak media mei meja melati meluap melulu memang memar menang menara mengapa menit
    mentega menteri mention menu merah mercon merdeka mereka meresahkan merk mertua mesin meski meskipun mesra
    mesti meter meteran mewah miliar milik mimpi minggu minim minimal minimum minta minum minuman minyak miring
    misal misi miskin mitra mobil modal mode model modem modern mogok mohon molen mondar monitor monyet moral
    motor muak mual muara muat muda mudah muka mulai mulia mulus mulut muncul mundur mungkin muntah murah muram
    murid murka murni musala museum mushola musibah musik musim musti mutasi mutlak nabi nada nafkah naik nakal
    nalar nama namun nanas nangis nanti napas narkoba nasabah nasi nasib naung negatif negeri nekat nelayan nenek
    ngantuk ngebut ngeri ngilu niat nih nikah nikmat nilai nominal nomor nonton normal normalisasi nostalgia nota
    notaris notifikasi november nyala nyali nyaman nyamuk nyanyi nyaris nyata nyawa nyenyak nyeri nyonya obat
    objek obrol ojek oke oknum oktober olah olahraga oleh om ombak omong ongkos online operasi orang organisasi
    otomatis otp pabrik pacar pada padahal padam padang padat pagar pagi paha paham pahit pajak pakai paket paksa
    paksaan paku palang paling palsu pam paman pamit panas pancing pandang panduan panen pangan panggil panggung
    pangkalan panik panjang pantai pantang pantas pantau papan para parah parasetamol parit parkir parkiran
    parlemen partai pasal pasang pasar pasca pasien pasir paspor pasti pasukan patah patok patroli patuh patung
    paud paving payah payung pdam pecah pecat pedagang pedas pedestrian peduli pegang pegawai pejalan pekarangan
    pelabuhan pelajar pelan pelanggan pelapor pelayanan pelepah peluang peluk pemadam pembina pemda pemerintah
    pemilik pemotor pemuda pemukiman penat pencet pencuri pendaftaran pendek penduduk pengamen pengemudi
    pengendara pengguna penting penuh penumpang penyebab penyuluhan perahu perak peralatan perang perangkat
    perawat perbaikan perbatasan percik perempatan perempuan pergi perhatian perihal periksa peringatan perintah
    peristiwa perkara perlahan perlu permisi pernah perpanjangan persen persis personal pertama pertamanan
    pertanyaan pertigaan pertokoan perumahan perut pesan pesawat pesta peta petak petani petasan petir petugas
    petunjuk pihak pikap piket pikir pilar pilek pilih pindah pinggang pinggir pingsan pinjam pintar pintu pipa
    piring pisah plastik plaza pln plus pohon poin pokok polantas poliklinik polis polisi politik polusi pompa
    ponakan pondasi pondok ponsel populer porsi portal posisi positif posko posyandu potensi potong prabayar
    praktik pramuka preman premi presiden pria pribadi prihatin primitif prioritas produk program promo prosedur
    proses protes provinsi proyek puas puasa publik pucuk puing pulang pulih pulsa puluh pun puncak pungli pungut
    punya pusat pusing puskesmas putar putih putus rabu radio ragu rahasia rajin rakit rakyat ramah ramai rambu
    rambut rampas rampok rancang rangka rangkai rantai ranting rapat rapi rapor rapuh rasa raskin rata ratus rawa
    rawan rawat raya rayap razia realisasi registrasi rekam rekan rekapitulasi rekening reklame rel rela relatif
    relawan relokasi rem remaja remang renang rencana rendah rendam renovasi reparasi repot resah resap rescue
    resi resmi respons restoran retak retribusi rezeki ribu ribut ricuh rindang ringan ringkas rintis risau risiko
    riwayat robek roboh roda rokok ronda rongsok rontok ruang ruas rubuh rugi rujuk ruko rukun rumah rumit rumput
    runding runtuh rupa rupiah rusak rusun rute rutin saat sabar sabtu sadar sah sahabat saham saing saja sajak
    sakit saksi salah salam saldo salib saling salur saluran salut sama sambil sambung sambut sampah sampai
    sampaikan samping samsat sana sanak sandal sangat sanggup sangka sangkut sanksi santai santun sapa sapi sapu
    saran sarana sarang sarapan sarung sasar satpam satpol satu saudara sawah sawit saya sayang sayap sayur sebab
    sebagai sebagian sebal sebar sebelah sebelum sebenarnya seberang sebut sedang sedangkan sedap sedekah
    sederhana sedia sedih sedikit sedimen sedot segala segan segar segel segera sehat sejahtera sejak sejarah
    sekadar sekali sekalian sekarang sekitar sekolah sekretariat sekretaris sekring sektor selain selalu selama
    selamanya selamat selambat selang selasa selatan selenggara selesai selidik selip selokan seluruh semak
    semakin semalam semangat sembako sembarang sembarangan sembilan sembuh semen sementara sempat sempit semprot
    sempurna semrawut semua senang sendiri senen seng sengaja senggang senggol sengsara senin senior sensor sentuh
    sepakat sepanjang separator sepeda seperti sepi sepinggang september sepupu seragam serah serak seram serang
    serangga serba serbu seribu sering serius serta sertifikat seru seruni serupa server servis sesak sesal sesat
    seseorang sesuai sesuatu setan setara setelah seterusnya setia setiap setinggi setor setting setuju sewa siaga
    sial siang siap siapa siar sibuk sidang sifat sih sikap sikat siksa silakan silang silih sim simpan simpang
    sinar sini sinyal siram sirene sisa sisi sistem siswa situ situasi situs skripsi sms soal sobat sobek solusi
    sopan sopir sore sosial sosialisasi spanduk stabil stadion stan standar stasiun status stempel stiker
    streaming suami suara suasana subuh suci sudah sudetan sudut suka sukses sulit suluh sumbat sumber sumpah
    sumur sungai sungguh supaya surat suruh surut survei susah susu susul susun swasta syarat tabrak tabung tadi
    tagih tagihan tahan tahu tahun tajam taksi takut talang tali taman tamat tambah tambahan tambak tambal tambat
    tampak tampil tampung tanah tanam tanaman tanda tanding tandon tangan tangani tangga tanggal tanggap tanggapan
    tanggul tanggung tangis tangkap tangki tani tanjak tanpa tante tanya tapal tapi target tari tarif tarik taruh
    taruna tata tawar tawur tawuran tebal tebang tebing teduh tegak tegang tegas tegur teka tekan teknik teknis
    teknologi telah telat telepon telinga teliti telkom teluk teman tembok tembus tempat tempel template tempuh
    temu tenaga tenang tenda tengah tenggelam tentang tentara tenteram tentu tepat tepi terang terap teras terbang
    terbit tergolong teriak terima terjadi terjun terlalu terlambat terminal ternak ternyata terobos terowongan
    terpal terpeleset tersebut tersedia tertib terus terutama tetangga tetap tetapi teteh tewas tiang tiap tiba
    tidak tidur tiga tiket tikung tikungan tikus tilang tim timbang timbul timbun timpa timur tindak tindakan
    tinggal tinggi tingkah tingkat tinjau tipe tipis tipu titik titip todong token toko tokoh tolak toleransi
    tolol tolong tongkrong tonton topang toren total tower trailer transaksi transfer transportasi tronton trotoar
    truk ttd tua tubuh tuduh tugas tugu tuhan tuju tujuan tukang tukar tulang tular tulis tulisan tulus tumbang
    tumbuh tumit tumpah tumpang tumpas tumpuk tumpukan tunai tunda tunduk tunggak tunggakan tunggu tuntas tuntut
    turun turut tusuk tutup tutur uang uap ubah ubin ucap udara uji ujian ujung ukur ukuran ulah ulang ular ulat
    umum umur undang undangan unggah unggas unit universitas untuk untung upaya upload urat urug urus urusan urut
    usah usaha usang usia usir usul utama utan utang utara vaksin versi video villa volume voucher wabah waduk
    wahai wajah wajar wajib wakil waktu walaupun wali walikota wanita warga waris warna warung waspada web wenang
    wewenang wilayah wisata wisuda wujud yaitu yakin yakni yang yatim zaman zona
    alangkah bahagia bangsa batin bonus borong boros bungkus calon capek cebur cicil contek curam curhat delapan
    dendam gosip jebak jemur jepit jijik jiwa juara kangen lemas lembap mapan masal massal mirip mumet nasional
    negara pelit pengap percaya pojok puji pukul rebus refund retur ribet salip sampean sebentar sembilan semoga
    sepuluh serempet serobot setengah setir setrika sindir sumpek tendang tujuh ulur unduh unik
    """
)

#: Verbs that somebody suffers: "ke" before them is colloquial for "ter" ("ketutup", "kepotong").
SUFFERED = _words(
    """
    baca bakar bawa buang buka cabut campur colok debit dengar ganggu ganti gores gusur hapus hubung injak
    isi jebak jual kirim kunci lempar lewat pakai pasang peleset pental peras potong putus rekam robek sambar
    sambung sandung sangkut sebar sedot selip senggol seret siram sumbat tabrak tahan tangkap tekan tembak
    timbun timpa timpuk tinggal tipu tukar tular tumpuk tunda tusuk tutup urus rasa daftar
    """
)

#: What people write in one word with "tidak" before it.
DENIED = _words(
    """
    ada aktif bakal baku balik banyak bantu baru benar beres bergerak berani berfungsi berguna berubah bisa boleh butuh
    cocok cukup dapat datang dianggap dibaca dibalas dibuka diangkat diterima enak guna habis harus ikut ingin jadi
    jalan jauh jelas kelar keluar kena kenal kepakai kuat lagi lama lancar lewat lucu lupa mahal mampu masalah masuk
    mati mau mengerti mesti muat muncul mungkin naik niat nyala nyaman nyambung paham pakai pasti peduli penting percaya
    perlu pernah pulang punya rata respons rela sabar salah sama sampai sanggup sehat selesai sempat sengaja sesuai
    setuju stabil suka tahan tahu tega terasa terima tepat turun usah wajar
    """
)

#: Verbs whose colloquial "-in" stands for "-i"; for all others but the next it is "-kan".
TAKING_I = _words(
    """
    akal alam awas batas benah biaya bohong cinta damping datang dekat duduk hadir hormat hubung ikut jalan jauh
    kagum kena kendara kotor kunjung kurang layan lengkap lewat lindung lintas lunas marah naik nasihat nikmat obat
    penuh percaya racun saing sakit sayang siram suka syukur takut tangan tanggap tangis teman temu ulang wakil warna
    """
)

#: Verbs to which it adds nothing: "ditungguin" is "ditunggu".
TAKING_NONE = _words(
    """
    ajak atur bantu blokir buka cek coba cuci culik ganti gusur hapus isi jemput kira klakson kunci lihat panggil
    pantau pasang pegang pukul sapu tabrak tagih tarik telepon tilang tipu tolong tonton tunggu tutup urus usir
    """
)


#: More roots, which are right as they stand but seldom what odd spelling was meant to be.
RIGHT = _words(
    """
    angket bandara batok bela desain dewa dia dilema drama ejek fondasi gram iri kader kala kapok kesan kesima kuasa
    langka ledek lereng limpa maket mangkal manik merek nanah nyaring oblong pawang peran poles puding raket remeh
    resep saraf serakah telaah tema topeng tutor ulet visi
    """
)

#: English words that the rules would take for Indonesian ones.
ENGLISH = _words(
    """
    add back bags bend cram crit debt deer desk deter enter glass hangs hell inform informs jump keeping lack later
    lawn layer letter lush market mass meet members milk mixing mobile must orange pager pants parts pass past
    paying peak perms peter plan plans pump puts ramps rats rich risk salt saying seeing sell sells serves slang
    slip standing stats temple tend term terms toll tolls tooling transports trap tune turn turns user users warn
    warns
    """
)

#: Names that the rules would take for words ("parah", "asap").
NAMES = _words("asep farah nanda neneng rafi samsung")
