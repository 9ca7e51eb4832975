"""Everyday words, the most frequent first, counted over reports and formal sentences: what a short form stands for."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Names are left out, and words that nobody shortens.
FREQUENT = _words(
    """
    saya tidak sudah bisa yang dari kasih tolong terima mengapa mohon nomor untuk kenapa bagaimana apakah saja paket
    kalau belum juga sampai masih tapi hari lagi sekali masuk pulsa seperti jalan padahal dengan dapat sama terus
    banjir ingin segera jadi selamat malam atau saat karena tetapi pagi baru lebih selalu pakai depan sangat
    kelurahan tadi harus sekarang internet lama beli kamu lewat jaringan minta banyak kemarin hanya macet kuota
    sampah tiba sering kami atas lambat dicek ribu sejak aplikasi warga saldo jangan bulan kirim mana berapa akun
    sinyal menggunakan tanya pesan dibantu terkait maaf dinas transfer memang lalu baik sedang periksa hilang siang
    salah dana namun tetap bertanya lampu tanggal transaksi gagal bayar tahu dipakai dong pembayaran parah rumah
    minggu langsung benar cepat setiap jika parkir kira naik pelanggan setelah diperbaiki timur terpotong sore
    ditangani buka pohon kakak melakukan teman uang orang akan gangguan aktif pesanan anak tersebut data ditindak
    kembali buat daerah mati malah coba harap ganti lain rawan kota merah pada kantor menunggu sekitar semua dalam
    dikirim dibalas dekat pernah habis makan pasar barang masalah dulu begitu bukan penuh kode melaporkan kapan agar
    kasihan lancar daftar dibereskan punya ternyata oleh keluar keluhan hampir bahwa respons samping lupa cuma
    dimana kecil rekening balas kita kereta kabel susah kendaraan waktu mengganggu sendiri layanan listrik semalam
    dibuka beberapa kepada hujan besar trotoar menutup mantap anda telepon pengiriman lokasi bonus saluran selesai
    jauh liar padam membahayakan seminggu miring nama tumbang semakin selatan tiang aktivasi diperiksa soalnya
    laporkan petugas laporan muncul komplain pengendara mbak kendala nanti bantuan koneksi ikut hingga tiket gratis
    sesuai ampun biasanya pasti mendapatkan tempat rusak situ digunakan enak apalagi kalian mulai jelas perhatian
    menjadi berarti biaya datang semoga alamat akses jatuh kecelakaan betul maksudnya pengemudi barusan memakai
    penipuan cukup kredit bermasalah bakar perlu subuh mungkin menjuntai gelap diberi katanya konfirmasi cara roboh
    tunggu kondisi telah bapak sepertinya bagus harga asap kecamatan tahun motor ambil mampet genangan menerus gila
    solusi dahulu cabang membeli mengisi sesak supaya sistem pelayanan secara sebelumnya boleh penerangan kena suara
    ucapkan tinggi kurang sebelum bersih begini ulang jembatan informasi minimal siapa meminta truk mengalir sini
    balik selama besok sekolah diproses jawaban menghubungi turun membayar kemana keras terjadi sehingga menit awal
    bengkel lihat berat kata buruk pulang main suka paling kerja belakang bantu tentang suruh membuat halte sedikit
    meluap disuruh jawabannya sayang pertigaan domisili informasinya bising seberang lainnya sisa puskesmas tulisan
    umum bertambah beda anggota apapun berhasil aneh tanpa pantau ojek diterima arah sepanjang akhirnya biasa luar
    surat mushola cetak wilayah keran mengajukan lanjuti jadinya tinggal ketika kemacetan foto sebelah jawab gorong
    pompa kampung mengambil terdapat perbaikan terdekat menimpa pecah bilang pindah terbuka ruko selokan bendungan
    sembarangan dibuang salam lanjut badan ranting mudah sebentar rata memberi alasan sabtu rasa hancur area
    kebanjiran taman patah lumpur namanya antar ganggu masjid menerima gudang jalanan balap dunia seharusnya
    mengirimkan ongkos disini blok iklan mengganti kunjung goblok lucu nyala tengah ditanggapi tarif mesin berlubang
    buntu polisi keterangan perbaiki kaki disaat tindak keterlambatan pinggir terlalu sebagai meluber bawa para
    sedangkan program menyala setinggi sementara rute berikut proses sebab butuh upload berserakan aspal mitra
    antrian bersama perusahaan bahkan lapangan tepatnya pengguna sungai perumahan murah tindakan sambil diberikan
    beri usah lumayan adalah tambah jumat pengajuan jarang tanggapan angkot halaman seru sempat penjelasannya
    menumpuk marah saudara mengalami apabila kedua aman tanyakan menuju berakhir penjelasan semuanya kecuali
    prosesnya kampus korban khususnya bekas kemudian melihat sampaikan akibat pelajar galian berfungsi menghalangi
    pemerintah diperhatikan berhenti bolong menanyakan total pintu lebar dewasa bawah ancaman rendah stasiun berlaku
    berbahaya takut diangkut adanya diaspal lakukan setempat semata bagi bila selain kesulitan sana fasilitas mobil
    bersihkan asli tanah dimohon pengurusan instansi tanda keluarga asal lubang gambar sambung terhadap minum mandi
    kawan adik lusa tutup hubungi mahal jelek cantik ganteng cinta senang sedih bingung pusing capek lapar haus
    sakit sembuh sehat hidup kamar kuliah kelas guru murid kanan kiri terang panas dingin putus ketemu cari taruh
    simpan pasang cabut jual sewa pinjam tukar pilih kosong tunda batal bunga tagihan bayaran gaji kabupaten desa
    masyarakat lurah camat bupati gubernur presiden bocor tentu kadang meski antara sesudah detik senin selasa rabu
    kamis januari februari maret april september oktober november desember mereka kawin sahabat pacar suami istri
    jahat hebat keren percaya paham ingat kenal dengar bicara cerita baca tulis hitung kerjakan sungguh semangat
    sukses puasa lebaran
    """
)
