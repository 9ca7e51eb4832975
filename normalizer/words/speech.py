"""More of how citizens write words, by the standard word: for reading and searching, not for comparing.

Beside the spellings of `spellings.py` stand words of speech here whose standard word is another one
("balik": "kembali"). Two reports are no more alike by it, so `colloquial.plain` does not use it.
"""

from types import MappingProxyType

_TEXT = """
admin: atmint
akan: akn
akhir: ahir akir
akhirnya: ahirnya akhirny akhrnya akirnya
aktif: aktf aktip
aktifkan: aktifin aktivin
aktivasi: aktifasi aktipasi
alamat: alamatt alamt almat
alasan: alasn alesan alsan
alhamdulillah: alhamdulilah alhamdulilla alhamdulillh alhamdullilah alhmdulillah
allah: alloh
aman: amann
ambil: ambill ambl
ambilkan: ambilin
anjing: anjg anjirr anjjng anjng anyink njing
antar: anter antr
antarkan: anterin
apa: apaa apah
apa ya: apaya
apakah: apakh apkah apkh
aplikasi: alikasi aplikas aplikasinyaa apliksi aplkasi
apotek: apotic
atau: atauu
ayo: ayok hayo
bagaimana: bagaimanaa bgaimna bgmna gemana gimanaa gimanah gimane
bahkan: bhkan bhkn
bahwa: bahw
balasan: balesan blsn
bangsat: bangst bgsat bgst
banyak: banyakk
baru: barru
batalkan: batalin
bayar: bayr
bayaran: byran
beda: bda
begini: begni bginih bgni
begitu: bgtuu gituh gituu
belanja: blanja blnja
belikan: beliin
belum: belim bellum belumm beluum bkum blmm blumm
berarti: brarti brrti
berbeda: brbeda
berhasil: brhasil
berhenti: berenti brenti brhenti
beri tahu: kasihtau kasitau
berikan: brikan
berita: brita
berlaku: brlaku
bermasalah: brmasalah
berpikir: berfikir
bertanya: brtanya
berubah: brubah
besok: besokk
betulkan: betulin
bingung: bngung
bisa: bisaaa bsaa bsia
bocor: boccor
bodoh: bodo
bohong: bohng boong
bos: boz
buatkan: buatin
bukan: bukann
bulan: bulann
bulan depan: blndpn
cara: carany cra
caranya: cranya
carikan: cariin
cek: chek
cepat: cepatt cepett
cepatlah: cepetlah
cerita: crita
cocok: ccok
cukup: ckupp
cuma: cma
daerah: daerahh drah
daftarkan: daftarin dftarin
dan: dann
dapatkan: dapetin
dari: dariii drii
data: dta dtaa
datang: datng
dekat: deketan
demi: dmi
dengan: dengaan dengen
depan: depn
di daerah: didaerah
di depan: ddpn didepan didpn
di jalan: dijalan dijln djln
di lokasi: dilokasi
di mana: dimane dimna
di mana-mana: dimana2
di rumah: dirmh drmh
diambil: dambil diambl
diangkat: dangkat
diantar: dianter
dibalas: dbales dbls dblz dibalass dibalesin dibls diblz
dibantu: dbantu dbntu dibantuin dibntu
dibawa: dbawa dibwa
dibayar: dbyr dibyr
diberi tahu: dikasihtau dikasitau
dibuang: dbuang
dibuat: dbuat
dibuka: dbuka dibukak
dicek: dcek dicheck dichek
dicoba: dcoba dicobain
didengar: didenger
digunakan: dgunakan
dihubungi: dhubungi dihub dihubungin
diinformasikan: diinfokan
dijelaskan: dijelasin
dikembalikan: dibalikin dikembaliin
dikerjakan: dikerjain
dikirim: dikirimin dikirm dikrim dikrm dkirim dkrm
dilaporkan: dilapor dilaporin
dilihat: diliat dliat dlihat
dinonaktifkan: dinonaktifin
dipakai: dipakaii dpakai
diperiksa: dprksa
dipotong: dptong
diproses: diprosess dproses
direspons: direspond diresponn drespon
disampaikan: disampein disampekan
ditambah: ditambahin
ditanggapi: dtanggapi
ditanya: ditanyain dtanya
ditarik: dtarik
ditelepon: ditelfon ditelp ditelpon ditelponin ditlp ditlpn dtelpon
ditindak: dtindak
ditindaklanjuti: ditindaklanjut dtindaklanjuti
ditolak: dtolak
ditukar: dituker
diturunkan: diturunin
ditutup: dtutup
diubah: dirubah dubah
diulang: diulangin
doakan: doain
dong: dongg donggg dungs
dulu: dluu duluk duluuu
enak: enakk
fasilitas: fasilitass pasilitas
foto: poto
ganggu: gngg
gangguan: gangguann ganguan ganngguan gguan gngguan
ganti: gnti
gara-gara: garagara garegare
gila: gilak gile
gratis: gratiss grts
gubernur: gubernor
hahaha: wkaka wkakaka wkkwkw wkwk wkwkk wkwkw wkwkwk wkwkwkw wkwkwkwk wkwkwkwkw wkwkwkwkwk wkwkwkwkwkwk
hai: hay
handphone: hendphone
hanya: cmn cumaan cumen hnyaa
harap: hrap hrp
harga: harge hrg hrga
hari ini: hariini
harus: haruss harusss
hebat: ebat hebatt
hilangkan: ilangin
hubungi: hbgi hubungn
ibu: nyokap
iklan: iklann
ikut: ikutt
informasi: imformasi impormasi infomasi informsi infrmasi
ingat: inget ingt
inginnya: pengennya
istri: istrii
itu: ituh ituu tuh
jadi: jadiii
jalan: jalam jalanlah jaln
jarang: jrang
jaringan: jarigan jaringa jaringannn jaringn
jauh: jaoh
jelas: jelass jlas
jelaskan: jelasin
jemput: jmput
jika: jikaa jk jka
jumlah: jml jumlh
juta: jt jtan jutaa
kakak: kakakk
kalau: kalaau kalou klaw
kamar: kmr
kampret: kampred
kamu: elw kamyu kmuu kmyu lo loe lw
kantor: kntor kntr
kapan: kpanlah kpann
karena: karana karenaa krena krnaa
kartu: krtu
katanya: katany ktanya ktnya
ke mana: kmana kmna
ke sekolah: kesekolah
kecewakan: kecewain
kekurangan: kekurangn
keluhan: kelluhan keluhn kluhan
kembali: kembalii kembli
kembalikan: balikin
kemudian: kmdn kmudian kmudn
kena: kna
kenapa: kanapa kenala kenaoa kenap kenapaaa kenapah kenpa kenspa ngapah
kencang: kenceng kencengg
kendaraan: kendraan
kerja: krj krja
kerjakan: kerjain
keterangan: ketrangan ktrngan
keterlaluan: kterlaluan
ketika: ktika
ketua: ktua
khawatir: hawatir kawatir
khusus: khsus kusus
kira: kirain
kirimkan: kirimin
kondisi: kndisi
koneksi: konek koneksinyaa
konfirmasi: konfirm konfirmasii konfrimasi
kosong: kosongg ksong
kuota: kouta koutaa kuotaa
kurir: kurirr
lagi: lagiii lagik lagy lgiii lgik
lain: laen
lainnya: lainny lainya
laki-laki: laki2
lakukan: lakuin
lalu: lllu
lancar: lancarr lantjar lncar
langsung: langsng langsubg langsun langsungg lngsg
lanjut: lnjut
lapar: laper
laporan: laporn lapporan lporan
laporkan: laporin
lebih: lebi lebihhh
lengkap: lngkap lngkp
libur: lbur
lokasi: lokas lokasii
lurus: lurs
maaf: maafkeun
maaf saja: maapaja
mahal: mhal
makan: mkan mkann mkn
makanan: mknan
maklum: mklm
mampet: mampett mampt
mana: manaa manaaa mnaa
mandi: mndi
mantap: mantabb mantappu manteb mntap mntp
marah: mrah mrh
masalah: masalahh masalahnyaa masalha
masih: msihh
masing-masing: masing2 msg2
masuk: masuuk
mati: matii
melakukan: melakukn mlakukan ngelakuin
melayani: ngelayanin
membayar: mbayar ngebayar
membeli: mbeli ngebeli
membuang: ngebuang
membuat: mbuat ngebuat
membuka: mbuka ngebuka
menambah: nambahh
menelepon: nelepun nelpun
mengadu: ngaduin
mengambil: ngambilin
menganggur: nganggur
mengantar: nganter
mengapa: koj kokk kokkk
mengecek: ngecek ngecheck
mengerti: ngerti ngertii ngrti
mengetahui: ngetahui
menggunakan: menggunakn mengunakan mnggunakan nggunain
menghitung: ngitung
menghubungi: ngehubungi ngehubungin ngubungin
mengisi: ngisiin
mengurus: ngurusi
menjawab: ngejawab
menjelaskan: ngejelasin
menonaktifkan: mengnonaktifkan nonaktifin
menyesal: nyesel
menyetir: nyetir
minggu: mggu mingg mnggu
minta: mintaa mintak
minum: mnum
misal: misl
misalnya: misalny mislnya
mobil: mbl mobill
mohon: mogon mohob mohoon
muat: mwat
mudah: mdh
mudah-mudahan: mudahan
mulai: mlai mulay
muncul: mncul
naikkan: naikin
nanti: nantik nanty
nasional: nasionl
nih: nihh
nomor: nmor nomerr nomornyaa nomorr
nyalakan: nyalain
nyaman: nyman
oke: ok okedeh okee okeh
ongkos: ongkoss
orang: oarang ornag
otomatis: automatis otomatic
pada: pda pdaa
padahal: padhal
pagi: pagii pgii
pakai: pakaii paki
pakaian: pkaian
paket: pakett pket pkt
panggil: pnggil
panjang: pnjng
parkir: parkiir parkr
pasang: pasangg
pasar: psr
payah: pyah
pekerjaan: pekerjan
pelajar: pljr
pelan-pelan: alon2 pelan2
pelanggan: cust plggn plgn plnggn
pemakaian: pmakaian
pembayaran: pembayran pembyaran pembyran pmbayaran
pembelian: pmbelian
pemeriksaan: pmeriksaan
pemilik: pmilik
pengaduan: pengadun pngaduan
pengguna: penguna pngguna
pengiriman: pengirimn pngiriman
pengumuman: pngumuman
perbaikan: perbaikann perbaikkan perbaikn
pergi: prgi
periksa: preksa prksa
permisi: permisii
perpanjang: prpanjang
pertanyaan: prtanyaan
perusahaan: prshaan prusahaan
pesanan: pesenan
pesankan: pesenin
promo: promoo
proses: prosees prosess prses
pulang: plang
pulsa: plsa pulsaa
punya: pnyaa punyaa punyak
pusing: pusiing pusink
rapi: rapih
rekening: rekning
respons: respond response
ribu: rbu ribuu
rumah sakit: rmhskt
rupiah: rupiahh
rusak: rusaak
saat: saatt
saat ini: saatini
sabar: sabarr
sahabat: shbt
saja: ajahh sajaa
sakit: sakitt
salah: salahh slah
sama: samaaa
sama-sama: sama2 samasama sm2
sambil: smbil smbl
sampah: sampahh smpahh
sampai: sampaii
sangat: sangad sangatt sanget sgt sngat sngt
santai: sante santuy
saudara: sdra sodara
saya: guee gw2 gwe gweh saiya saua sayah saye
sebagian: sbagian
sebanyak: sbanyak sbnyk
sebelum: sbelom seblom
sebelumnya: sblumnya seblmnya
sedang: sedng
sedikit: sdikit sdkt
segera: segeraa
sehat: shat
sejahtera: sejahtra
sekali: bangeet bangettt bgd bgett bgttt bgtttt sekalii skalii
sekali lagi: skalilagi
sekalian: skalian
sekarang: sekarag sekarng sekrng skarangg skrangg
selamat: selamt slamt slmat
selamatkan: selametin
selesai: slesai slsai
selesaikan: selesaiin selesein
seluruh: slruh sluruh
semakin: mkin
semangat: smangat smgt smngat
sementara: sementra
semoga: semga smga smogaa
semua: semuaaa semuanyaa semwa sumua
semuanya: semwanya smuanya smwnya
senang: seneng senengg sneng
sendirian: sndirian
seperti: sepertii sepertu seprti sepwrti sprt
serius: seriusan seriuss siriusan srius
server: serper
sesuai: sesuaii ssuai
setelah: setlah
setengah: setgh stengah stgh
setiap: setiapp
setiap hari: tiaphari
siap: siapp syiap
siapa: sapah siapaa sypa
silakan: sialhkan silahken silhkn slahkan slhkan
sini: sinih
sinyal: singnal sinyall sinyalll sinyl siyal synyal
sisa: ssa
sisakan: sisain
soal: soalny
soal itu: soalitu
sore: soree sre
sudah: sdahh sduah sidah sudag sudahh sudha udaah udag udahhh udhh usudah
suruh: suru
susah: susahh
tadi: tadiii
tadi malam: tadimalam tdmlm
tahan: tahann
tahu: tauk taukk tauu
tahun: thun
takut: takutt tkut
tambahkan: tambahin
tampilan: tampiln
tangan: tngan
tanggal: tangal tanggl
tanggapan: tangapan
tanggung: tanggng
tanggung jawab: tgjwb
tanyakan: tanyain
tarif: tarip
tarik: tarek
taruh: taro taroh
tega: tegaa
telat: telaat
telepon: teleponn telponn telpun tlfn tlfon
teman: temenn tman
teman-teman: temanteman temen2 tmn2
tempat: tempatt tmpet
tempat itu: tempatitu
tenang: tnang
tentang: tentng
tepat: tepatt tpat
terakhir: terahir trakhir trakir
terasa: kerasa krasa
terbaik: trbaik
terdaftar: kedaftar trdaftar
terhubung: trhubung
terima: trima trma
terima kasih: maacih makasihhh makasii makasiih mamacih mkshh mksihh mtrnwn nuhun suwun tangkyu tengs terimaksh
terima kasih: terimkasih thanks thankss thankyouu thanx thnks trimakasihh trimks trmkash trmksih
terimalah: trimalah
terjadi: terjd trjdi
terkirim: kekirim
terlalu: terlalau
terlambat: trlambat
terlihat: trlihat
terpaksa: kepaksa trpaksa
tersebar: kesebar
tersebut: trsebut
tersedia: trsedia
tertinggal: ketinggalann
terus: teruss trss
tetap: tetapp ttap
tetapi: tetpi tttpi
tiba-tiba: tiba2
tidak: enggakk gaaa gakkk ndk ngaa nggaa tdakk tdkk tidaak tidal tiddak tidka tifak
tidak ada: gaadaa gaadakah gda gkda ngada tdkada tidakada
tidak apa-apa: gakpapa gapapaa gpapah gppa gppp
tidak bakal: gabakal gabakalan
tidak benar: gabenerr
tidak bisa: gabisaa gabisaaa gabsa gabsaa gakbs gbs gkbs ndabisa ngbisa tdkbisa
tidak butuh: gabutuh
tidak dapat: gadapat gadapet gakdapet
tidak dibalas: gadibales
tidak enak: gaenakk
tidak ingin: gapengen
tidak jelas: gajls gakjelas gjls
tidak keluar: gakeluar
tidak lagi: galagi
tidak mampu: gamampu
tidak masuk: gakmasuk gamasuk
tidak mau: gamao gamauu gmw
tidak mungkin: gakmungkin gamungkin
tidak paham: gapaham
tidak peduli: gapeduli
tidak perlu: gakperlu gaperlu
tidak punya: gakpunya gapunya
tidak sabar: gasabar
tidak salah: gasalah
tidak sama: gasama
tidak sesuai: gasesuai
tidak suka: gasuka
tidak tahan: gatahan
tidak tahu: gaktauu gataau gatauu gtaulah gtaw
tidak terima: gaterima
tiga: tga
tiket: tket
tindak: tndak
tinggalkan: tinggalin
tingkat: tngkt
tolong: plis pliss plisss pliz pls plz tlonglah tloong tollong tolonggg
transaksi: tranksaksi transaksii transksi trnsaksi
tua: tuaa
tugas: tgs
tunggu: tggu tnggu tunggguu
turunkan: turunin
ujung: ujng
ulang: ulng
ulangi: ulangin
umum: umm
untuk: unttuk untukk utkk
untung: untg
usah: ush
verifikasi: ferifikasi ferivikasi verifikas verifikasii verivikasi
wah: waah wahh
waktu: waktuu wktuu
walaupun: walupun wlaupun wlpn
warna: wrna
wifi: waifai
ya: yaaa yaap
ya allah: yaallah yaalloh yallah
ya ampun: yaampun yaampunn yaampyun yampun
ya sudah: yaudh
ya tuhan: yatuhan
yang: yabg yamg yangh ynag
yang lain: yanglain yglain
yang mana: yangmana ygmana
zaman: jamann
"""


def _forms() -> dict[str, str]:
    lines = (line.partition(": ") for line in _TEXT.strip().splitlines())
    return {written: standard for standard, _, forms in lines for written in forms.split()}


#: From what is written to the standard word, or words.
SPEECH = MappingProxyType(_forms())
