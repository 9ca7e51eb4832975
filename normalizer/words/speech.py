"""More of how citizens write words, by the standard word: for reading and searching, not for comparing.

Beside the spellings of `spellings.py` stand words of speech here whose standard word is another one
("balik": "kembali"). Two reports are no more alike by it, so `colloquial.plain` does not use it.
"""

from types import MappingProxyType

_TEXT = """
adalah: adl adlah adlh
adanya: adax
admin: atmint mimins
aduh: adooh
agak: agk
agar: agr
airnya: airx
akan: akn bkl bklan
akhir: ahir akir
akhirnya: ahirnya akhire akhirny akhrnya akirnya
aktif: aktf aktip
aktifkan: aktifin aktivin
aktivasi: aktifasi aktipasi
aktivitas: aktipitas
aku: akoh akutu akyu aqu
akun: akunt
alamat: alamatt alamt almat
alasan: alasn alesan alsan
alasannya: alesannya
alhamdulillah: alhamdulilah alhamdulilla alhamdulillh alhamdullilah alhmdllh alhmdulillah alkhamdulillah hamdulillah
allah: alloh
aman: amann amn
ambil: ambill ambl
ambilkan: ambilin
anda: andah
anggota: member
angkat: angkt
anjing: ajg anjer anjg anjim anjirr anjirt anjjng anjng anjrit anying anyink bjir bjirr njing njir njirr
antar: anter antr
antarkan: anterin
apa: apaa apah apasi apasih
apa ya: apaya
apabila: apbila
apakah: apakh apkah apkh
aplikasi: alikasi aplikas aplikasinyaa apliksi aplkasi app
apotek: apotic
artinya: artine
asli: asly
astaga: astagaa astga buset
astagfirullah: astagfirulah astaghfirullah astaghfirulloh
asyik: asek asiik asik asikk
atau: atauu
awal: awl
ayo: ayok hayo yoklah yuk
bagaimana: bagaimanaa bagimana bagimna bgaimna bgmna gemana gimanaa gimanah gimanasih gimanaya gimane gimansi gmnnih
bagaimana: gmnsih gmnya gymana pegimane piye
bagaimana ini: gimanaini gmnini gmnni
bagaimana sih: gimanasi
bagaimanapun: bgmnpun
bahasa: bhs
bahayakan: bhyakan
bahkan: bhkan bhkn
bahwa: bahw
bajingan: bajinhan
balasan: balesan blsn
bandara: airport
bangsat: bangst bgsat bgst
bangun: bgun
banjir: bnjit
banyak: banyakk
barang: barng
baru: barru
barusan: brsan brusan
batalkan: batalin
bawah: bwh
bayar: bayr
bayaran: byran
beberapa: bberapa bbrpa
beda: bda
begini: begni bginih bgni
begitu: bgtuu gitchu gituh gitutuh gituu
belanja: blanja blnja
belikan: beliin
belum: belim bellum belumm beluum bkum blem blmm blumm
benar: bner
bentuk: btuk
beranda: brnda
berapa: berapah brapaan brape
berapaan: brpan
berarti: brarti brrti
berbeda: brbeda
berhasil: brhasil brhasl
berhenti: berenti brenti brhenti brhnti brnti
beri tahu: kasih2tau kasihtahu kasihtau kasitahu kasitau ksihtau
berikan: brikan
berisik: berisk brisik
berita: brita
berlaku: brlaku
berlubang: berlbang berlobang berlubangg berlubng brlubng
bermasalah: brmasalah brmslah
berpikir: berfikir
bertahun-tahun: thnan
bertanggung jawab: bertanggungjawab brtanggungjawab
bertanya: brtanya
bertemu: ktemuan
berubah: brubah
besarkan: gedein
besok: besokk
betulkan: betulin
biasa: byasa
biasanya: biasane biasax bsanya
bingung: bgg bgng binun binung bngung
bisa: bisaaa bisah biza bsaa bsah bsia
bisakah: bisakh bskah
bocor: boccor
bodoh: begok bgo bodo
bohong: bohng boong
bohongan: boongan
bolak-balik: bolakbalik
boleh: olh
bos: boz
buang: bwang
buatkan: buatin
bukan: bukann
bukannya: bukane
bulan: bulann
bulan depan: blndpn
cantik: syantik
cara: carany cra
caranya: cranya
carikan: cariin
cek: check chek
cepat: cepatt cepett
cepatlah: cepetlah
cerita: crita
coba: cobak
cocok: ccok
cukup: ckupp
curiga: curigation
daerah: daerahh drah
daftarkan: daftarin dftarin
dahulu: dulux
dan: dann
dapat: dapad
dapatkan: dapetin
dari: dariii drii
dari mana: drmana drmn
daripada: dripada
data: dta dtaa
datang: datng
dekat: deketan
demi: dmi
demikian: demikn
dengan: denga dengaan dengen sareng
depan: depn
di bawah: dbawah dbwh
di belakang: dblakang dblkg
di daerah: didaerah
di dalam: ddlm didlm
di dekat: ddkt
di depan: ddpn didepan didpn
di jalan: dijalan dijln djln
di kantor: dkantor
di lokasi: dilokasi
di luar: dluar
di mana: dimanaa dimane dimna
di mana-mana: dimana2
di rumah: dirmh drmh
di samping: dsamping
di sebelah: dsblh
di seberang: disebrang
di sekitar: dsekitar dsktr
di sini: disinih
di tempat: dtempat dtmpt
di wilayah: dwilayah
dia: dy dya
diam: dyam
diambil: dambil diambl
diangkat: dangkat
diangkut: dangkut
diantar: dianter
diaspal: daspal diasphal
dibalas: dbales dblas dbls dblz dibalass dibalesi dibalesin diblas dibles dibls diblz
dibantu: dbantu dbntu dibantuin dibntu
dibatalkan: dicancel dicancelin
dibawa: dbawa dibwa
dibayar: dbyr dibyr
dibenahi: dibenahin
dibereskan: dbrskn dibrskn
diberi: dikase dikasihin dkasih
diberi tahu: diberitau dibilangin dikasih2tau dikasihtau dikasitau
dibicarakan: diomongin
dibuang: dbuang
dibuangi: dibuangin
dibuat: dbuat dibkin dibwt
dibuatkan: dibikinin
dibuka: dbuka dibukak
dicek: dcek dicekin dicheck dichek
dicoba: dcoba dicobain
didengar: didenger
diganggu: digangguin
digunakan: dgunakan digunaken
dihubungi: dhubungi dihub dihubungin
diinformasikan: diinfoin diinfokan
dijawab: dijwab dijwb
dijelaskan: dijelasin
dikatakan: dblang dblg dibilang
dikembalikan: dibalekin dibalikin dikembaliin
dikerjakan: dikerjain
dikira: dikirain
dikirim: dikirimin dikirm dikrim dikrm dkirim dkrim dkrm
dikomentari: dikomen
dikunci: dikunciin
dilaporkan: dilapor dilaporin
dilayani: dilayanin
dilihat: dilht diliat dliat dlihat
diminta: dimintain
dinonaktifkan: dinonaktifin
dipakai: dipak dipakaii dipke dpakai
dipasang: dipasangin
diperbaiki: diperbaikin
diperhatikan: diperhatiin diperhatiinlah
diperiksa: dprksa
dipersulit: dipersulitin
dipotong: dipotongin dptong
diproses: diprosess dproses
dirapikan: dirapihkan
direspons: direspond diresponin diresponn dirspn drespon
disampaikan: disampein disampekan
disuruh: disuruhin
ditambah: ditambahin
ditangani: ditanganin
ditanggapi: dtanggapi
ditanya: ditanyain dtanya
ditarik: ditarikin dtarik
ditelepon: ditelfon ditelp ditelpn ditelpon ditelponin ditlp ditlpn dtelpon
ditindak: dtindak dtndk
ditindaklanjuti: ditindaklanjti ditindaklanjut ditndaklanjuti dtindaklanjuti dtndklanjuti dtndklnjt
ditinggal: ditinggalin
ditolak: dtolak
ditolong: ditulungin
ditukar: dituker
ditumpangi: ditebengin
ditunda: ditundain
diturunkan: diturunin
ditutup: dtutup
diubah: dirubah dubah
diulang: diulangin
diurus: diurusin
doakan: doain
dong: dondg dongg donggg dongs dounk dund dungg dungs duong
dulu: dluu duluann duluk duluuu
duluan: dluan
dunia: dunya
efisien: efesien
ekspres: ekspress
elektronik: elektronic
emosi: emosii emosyi esmosi
enak: enakk enaq
fasilitas: fasilitass pasilitas
foto: poto
fotokopi: fotocopy fotokopy photocopy potokopi
ganggu: gangu gngg
gangguan: gangguann ganguan ganngguan ggguan gguan gngguan
ganti: ganteee gnti
gara-gara: garagara garegare gr2an grgr
gila: gilak gile gilss gyla
gratis: free geratis gratiss grts
gubernur: gub gubernor
habis: abiz
hahaha: wkaka wkakaka wkkwkw wkwk wkwkk wkwkw wkwkwk wkwkwkw wkwkwkwk wkwkwkwkw wkwkwkwkwk wkwkwkwkwkwk
hai: hay hei hii
halaman: hlm
halo: allow hallow haloha helow
handphone: hendphone
hanya: cma cmn cuma cumaan cumen cumn hnyaa
harap: hrap hrp
harga: harge hrg hrga
harganya: harganyaa hargax
hari ini: hariini harini hrini hrni
hari-hari: harihari
harus: haruss harusss kdu
hati-hati: atiati tiati
hebat: ebat hebatt
hijau: ijo
hilang: hlang
hilangkan: ilangin
hingga: hgga hinga
hubungi: hbgi hubungn
ibu: nyokap
ijazah: ijajah
iklan: iklann
ikut: ikt ikutt
indonesia: endonesa endonesia indo indonesa indonesyah indonesyia
informasi: imformasi impormasi info infomasi informsi infrmasi inpo
informasikan: infoin
ingat: inget ingt
ingin: kepingin pgin pngin pngn
inginnya: pengennya
ini: iki inih nih niy
isi: isiin
istirahat: istrahat
istri: istrii
itu: ituh itumah itutuh ituu tuh
iya: iyak iyo yap
izin: idzin ijinin
jadi: jadiii
jalan: jalam jalanlah jaln
jalannya: jalanx
jangkauan: jgkauan
jarang: jrang
jaringan: jarigan jaringa jaringannn jaringn
jauh: jaoh
jawab: jwb
jelas: jelass jlas
jelaskan: jelasin
jemput: jmput
jika: jikaa jk jka
jual: jwal
juga: jugag ugha
jumat: jmt
jumlah: jml jumlh jumplah
juta: jt jtan jutaa
kabar: kbr
kabur: kbur
kadang: kdg
kaget: kgt
kakak: akak kakakk kakaq kaks kakz kka
kalau: kalaau kalao kalou kaluk klao klaw
kali: kli
kamar: kmr
kami: kamih kmi qami
kampret: kampred
kamu: dikau elw kamyu klean kmuu kmyu lo loe lw qamu
kanan: knn
kantor: kntor kntr
kapan: kpanlah kpann
karena: dikarnakan karana karenaa karene karne kerna kernaa krana krena krnaa
kartu: krtu
kasihan: kcian
kata: kta
katanya: katane katany katax ktany ktanya ktnya
ke dalam: kdlm
ke mana: kemanaa kemane kemna kmana kmn kmna
ke rumah: krmh
ke sana: kesono ksana ksna
ke sekolah: kesekolah
ke sini: kesinih ksini ksni
keadaan: kadaan
keamanan: kamanan
keberatan: kbratan
kecamatan: kecmatan
kecewa: kciwa kcw kecewah kecwa kuciwa
kecewakan: kecewain
kekurangan: kekurangn
kelelahan: kecapean kecapekan
keliling: klliling
keluhan: kelluhan keluhn kluhan
kelurahan: kelurhan
kemacetan: kemacetn
kemarin: kemaenn kemarenan
kembali: kembalii kembli
kembalikan: balikin
kemudian: kmdn kmudian kmudn
kena: kna
kenapa: kanapa kenala kenaoa kenap kenapaaa kenapah kenopo kenpa kenspa knaoa ngapah
kencang: kenceng kencengg
kendaraan: kendaran kendraan
kerja: krj krja
kerja sama: krjsm
kerjakan: kerjain
kesal: kzl
ketahuan: ketauan ktauan
keterangan: ketrangan ktrngan
keterlaluan: kterlaluan
ketika: ktika
ketua: ktua
khawatir: hawatir kawatir
khusus: husus khsus kusus
kira: kirain
kira-kira: kirakira
kiri: kri
kirim: krimm
kiriman: krimn
kirimkan: kirimin krimin
kita: kitah
kompensasi: konpensasi
kondisi: kndisi
koneksi: konek koneksinyaa
konfirmasi: konf konfirm konfirmasii konfrim konfrimasi konpirmasi
korsleting: kongslet konsleting konslit
kosong: kosongg ksong
kredit: credit credits
krim: cream
kuat: kwat
kucing: kucink
kuota: koata kouta koutaa kuata kuotaa kuotah kwota quota quotaa
kuotanya: kuotanyaa
kurang ajar: krgajar kurangajar kurngajar
kurang lebih: kurleb
kurir: kurirr
lagi: lagih lagiii lagik lagy lgie lgiii lgik
lah: laah
lain: laen
lainnya: lainny lainya
laki-laki: laki2
lakukan: lakuin
lalu: lllu
lambat: lambad slow
lancar: lancarr lantjar lncar
langganan: langanan
langsung: langsng langsubg langsun langsungg lgs lngs lngsg
lanjut: lnjut
lapar: laper
laporan: laporn lapporan lporan
laporkan: laporin lporin
larang: lrg
lebih: lbi lebi lebihhh
lengkap: lngkap lngkp
libur: lbur
lihat: liati liyat
login: lojin
lokasi: lokas lokasii
luar biasa: warbiasa
lucu: lucuk
lurus: lurs
maaf: maafkeun maaph mohonmaaf
maaf saja: maapaja
macet: macetos
mahal: mhal muahal
maka: mka
makan: mkan mkann mkn
makanan: mknan
maklum: mklm
maksud: maksut
maksudnya: maksude maksutnya
malam: mlem
malam minggu: malmin malming
malas: mles
mampet: mampett mampt
mana: manaa manaaa mnaa
mandi: mndi
mantap: mantabb mantappu manteb manteup mntap mntp
manusia: mnusia
marah: mrah mrh
masa: masaksih msa
masalah: masalahh masalahnyaa masalha mslhnya problem
masih: isih masik msihh
masing-masing: masing2 masingmasing msg2
masuk: masuq masuuk mlebu
masyarakat: masarakat
mati: matii
mau: mao mauu
maupun: maupn
media sosial: medsos sosmed
melakukan: melakukn mlakukan mlkukan ngelakuin
melayani: ngelayanin
meledak: mbledos
melihat: ngliat ngliatin
memang: emange emangnye emangs
membahayakan: membhayakan
membalas: mbales mbls ngebales ngebls
membantu: bntuin mbantu
membatalkan: mbatalin
membayar: mbayar ngebayar
membeli: mbeli ngebeli
memberi tahu: ngebilangin
memberikan: mmbrikan
membicarakan: ngomongin
membuang: ngebuang
membuat: bikin mbikin mbuat ngebikin ngebuat
membuka: mbuka ngebuka
memesan: mesen
memesankan: mesenin
memilih: milihin
memperbaiki: memperbaikin
memproses: mproses
menambah: nambahh nmbah
menangani: nanganin
menanggapi: nanggepin
menangis: nangess nangiss
menanyakan: nanyakan
mencoba: nyobak
mendapatkan: ngedapetin
menelepon: nelepn nelepun nelpn nelpun nlpn
mengadu: ngaduin
mengajak: ngajakin
mengaktifkan: mengaktivkan ngaktifkan
mengakui: ngakuin
mengambil: ngambilin ngambl ngmbil
menganggur: nganggur
mengantar: nganter
mengapa: koj kokk kokkk ngapain ngapainsih
mengecek: ngcek ngecek ngecekin ngecheck ngechek
mengeluh: ngeluhin
mengerikan: ngeriin
mengerti: ngerti ngertii ngrti
mengetahui: ngetahui
mengganggu: menggangu menggngu ngeganggu
mengganti: ngegantiin
menggunakan: menggunakn mengunakan mnggunakan nggunain
mengharap: ngarep
mengharapkan: ngarepin
menghilang: ngilang
menghilangkan: ngilangin
menghitung: ngitung
menghubungi: menghubugi ngehubungi ngehubungin ngubungin
mengingatkan: ngingetin
mengirim: ngrim
mengirimkan: ngirimin
mengisi: ngisiin
mengomentari: ngomen
mengurangi: ngurangin
mengurus: ngurusi
menindaklanjuti: menindaklanjutin
menjadi: menjd
menjawab: ngejawab
menjelaskan: ngejelasin
menjuntai: menjntai
menonaktifkan: mengnonaktifkan nonaktifin
menukar: nuker
menumpang: nebeng
menunggu: nungg
menurut: mnrt
menurutku: mnrtku
menyenangkan: nyenengin
menyesal: nyesel
menyetir: nyetir
menyurvei: nyurvey
meskipun: mskipun
mestinya: mustinya
minggu: mggu mingg mingu mnggu
minta: mintaa mintak mntak mntk
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
mungkin: mngkn
musala: mushalla musholla
musik: musiq
naikkan: naikin
namun: nmn
nanti: nantik nanty nnt
nasional: nasionl
negara: ngara
nomor: nmor nomerr nomornyaa nomorr
nonaktif: non-aktif
nyalakan: nyalain
nyaman: nyman
ojek online: ojol
oke: ok okedeh okee okeh okesip okey okeyy
ongkos: ongkoss
ongkos kirim: ongkir
operasional: oprasional
orang: oarang ornag
orang tua: ortu
orangnya: orangx
otomatis: automatis otomatic
pacar: pcr
pada: pda pdaa
padahal: padhal
pagi: pagii pagiih pgii
pakai: pakae pakaii pakesih paki
pakaian: pkaian
paket: paketan pakett pket pkt
panggil: pangil pgil pnggil
panggilan: pnggilan
panjang: pjg pnjng
pantas: pantesan
parkir: parkiir parkr prkr
pasang: pasangg
pasar: psr
payah: pyah pyh
pegawai: pgw
pekerjaan: pekerjan
pelajar: pljr
pelaku: plaku
pelan-pelan: alon2 pelan2
pelanggan: cust plangan plggn plgn plnggn
pemakaian: pmakaian
pembayaran: pembayran pembyaran pembyran pmbayaran
pembelian: pmbelian
pemeriksaan: pmeriksaan
pemilik: pmilik
penerangan: penrangan pnrangan
pengaduan: pengadun pngaduan
pengaspalan: pengasphalan
pengecekan: pengecekn
pengguna: penguna pngguna
pengiriman: pengirimn pengirmn pngiriman
pengumuman: pngumuman
penting: pntng
penuh: full fullll
perbaikan: perbaikann perbaikkan perbaikn
perbaiki: benerin bnerin
percaya: prcaya
percuma: percumah
pergi: pegi prgi
periksa: preksa prksa
permisi: permisii
perpanjang: prpanjang
pertanyaan: prtanyaan
perusahaan: prshaan prusahaan
pesan: psn
pesanan: pesenan
pesankan: pesenin
pohon: phn
pokoknya: pkknya pokonya
posisi: poisisi
prihatin: priatin
promo: promoo
promosi: promotion
proses: prosees prosess prses
puas: pwas
pulang: plang
pulsa: plsa plusa pulsaa pulsah pulsak pulsq pusla
punya: pnyaa punyaa punyak puyna
punyaku: punyakuh
pusing: pucing pusieng pusiing pusink pusyiang
putus-putus: ptsptus
rapi: rapih
registrasi: regist
rekening: rekning
responnya: responya
respons: respon respond response
restoran: restaurant
ribet: rbet
ribu: rbu rebu ribuu
rombongan: rmbongan
rumah sakit: rmhskt
rumahnya: rumahx
rupiah: rupiahh
rusak: rusaak
saat: saatt
saat ini: saatini
sabar: sabarr sbar
sadar: sadr
sahabat: shbt
saja: ajahh ajha sajaa sajah
sakit: atit sakitt skt
salah: salahh slah
sama: samaaa
sama sekali: samasekali samsek
sama-sama: sama2 samasama sm2
sambil: smbil smbl
sampah: sampahh smpahh
sampahnya: sampahx
sampai: nyampai samapai sampaii sampey smpek
sangat: sangad sangatt sanget sgt sngat sngt syangat
santai: sante santuy
satu-satunya: satusatunya
saudara: sdra sodara
saya: guee gw2 gwe gweh saiya saua sayah saye
sayang: sayank syang syank
sayangnya: syangnya
sebab: sbb
sebagaimana: sbgmana
sebagian: sbagian
sebanyak: sbanyak sbnyk sebyak
sebelum: sbelom seblom
sebelumnya: sblumnya seblmnya
sebenarnya: sbenernya sbnernya sebenere
sebentar: bentaran bentr bntar
seberapa: sbrapa
secepatnya: scptnya secepetnya secptnya
sedang: sedng
sedih: cedih
sedikit: sdikit sdkt
seenaknya: seenake senaknya
segera: segeraa
seharusnya: harusnya hrsnyaa hrusny
sehat: shat
sejahtera: sejahtra
sekali: bangeet banget bangettt bengat bgd bgett bgttt bgtttt bingit bingits sekalii skalii
sekali lagi: skalilagi
sekalian: skalian
sekarang: saiki sekarag sekarg sekarng sekrng skarangg skrangg skrgan
sekolah: sekul skola
selalu: salalu selaluh slalau sllau
selama ini: slamaini
selamat: selamt slamt slmat
selamat malam: metmalam
selamat pagi: metpagi
selamat siang: metsiang
selamatkan: selametin
selesai: slesai slesei slsai
selesaikan: selesaiin selesein slesein
seluler: selular
seluruh: slruh sluruh
semakin: mkin
semangat: smangat smgt smngat
sementara: sementra
semoga: semga smga smogaa
semua: semuaaa semuah semuanyaa semuwa semw semwa sumua
semuanya: semwanya smuanya smwnya
senang: seneng senengg sneng
sendiri: sendri
sendirian: sndirian
sepeda motor: spdmotor
seperti: kaek sepertii sepertu seprti sepwrti sprt
seperti ini: kayagini kayakgini kaygini kekgini kekgni
seperti itu: kayagitu kayakgitu kekgitu kekgtu kygitu
serasa: srasa
sering: asring
serius: serious seriusan seriuss siriusan srius
server: serper
seseorang: seorg
sesuai: sesuaii ssuai
setelah: setlah
setengah: setgh stengah stgh
setiap: setiapp stiyap tiyap
setiap hari: tiaphari
sial: sialann
siap: siapp syiap
siapa: sapah siapaa siapah sypa
sih: seh sich syih
silakan: sialhkan silahkan silahken silhkan silhkn slahkan slhkan slhkn
sini: sinih
sinyal: signal singnal sinyall sinyalll sinyl siyal synyal
sinyalnya: sinyalnyaa
sisa: ssa
sisakan: sisain
skripsi: sekripsi
soal: soalny
soal itu: soalitu
soalnya: soalx
sok: sokk
sore: soree sre
sudah: sdahh sduah sidah sudag sudahh sudha udaah udag udahhh udhh usudah
sudahlah: yaudalah
sup: soup
suruh: suru
susah: ssah susahh suse suzah syusah
tadi: tadiii tady
tadi malam: tadimalam tdmlm
tadinya: tdnya
tahan: tahann
tahu: tauk taukk tauu tawu
tahun: thun
tahun baru: taunbaru
takut: atut takutt tkut
tambahkan: tambahin
tampilan: tampiln
tanda tangan: tandatangan ttdgn
tangan: tngan
tanggal: tangal tanggl
tanggapan: tangapan
tanggung: tanggng
tanggung jawab: tanggungjawab tanggungjwb tgjwb
tanya: nyanya tanyak
tanyakan: tanyain
tarif: tarip
tarik: tarek
taruh: taro taroh
tata cara: tatacara
tega: tegaa
telat: telaat
telepon: teleponn telfonan telponan telponn telpun tlfn tlfon
teman: temenn tman
teman-teman: temanteman temen2 tmn2
tempat: tempatt tmpet
tempat itu: tempatitu
tenang: tnang
tentang: tentng
tepat: tepatt tpat
terakhir: terahir trahir trakhir trakhr trakir
terasa: kerasa krasa
teratasi: solved
terbaik: trbaik
terbaru: terbru
terbentur: kejedot
terdaftar: kedaftar trdaftar
terdesak: kepepet
terfavorit: terfavorite
terganggu: tgnggu
terhubung: trhubung
terima: trima trma
terima kasih: maacih makacih makash makasihhh makasii makasiih maksih mamacih mkasih mkshh mksihh mtrnwn nuhun suwun
terima kasih: tangkyu tengs terimaksh terimkasih thanks thankss thankyouu thanx thnks timaaci timakacih trimakasi
terima kasih: trimakasihh trimks trmkash trmks trmksih
terimalah: trimalah
teringat: keinget
terjadi: terjd trjdi
terjebak: kejebakk
terjepit: kejepit
terkirim: kekirim
terlalu: terlalau terlaluh
terlambat: trlambat
terlihat: trlihat
terpaksa: kepaksa trpaksa
terpotong: kepotongg ketotong
tersebar: kesebar
tersebut: tesebut trsebut
tersedia: trsedia
tersedot: kesedott
tersumbat: tersumbt
tertawa: ketawa ngakak
tertinggal: ketinggalann
terus: teruss trss trz
terus-terusan: trustrusan
tetap: tetapp tetp ttap
tetapi: tetpi ttpi tttpi
tiba-tiba: tiba2 tibatiba tibtib
tidak: enggakk gaaa gakkk ndk ngaa nggaa tdakk tdkk tidaak tidac tidal tiddak tidka tifak
tidak ada: gaadaa gaadakah gda gkda kagada ngada tdkada tidakada
tidak apa-apa: gakpapa gapapaa gpapah gppa gppp
tidak bakal: gabakal gabakalan
tidak benar: gabenerr
tidak bisa: gabis gabisaa gabisaaa gabsa gabsaa gaisa gakbs gbs gkbs ndabisa ngbisa tdkbisa tdkbs
tidak butuh: gabutuh
tidak dapat: gadapat gadapet gakdapet
tidak dibalas: gadibales
tidak enak: gaenakk
tidak enakan: gaenakan
tidak ingin: gapengen
tidak jelas: gajls gakjelas gjls
tidak keluar: gakeluar
tidak kunjung: gakunjung
tidak lagi: galagi
tidak lihat: galiat
tidak mampu: gamampu
tidak masuk: gakmasuk gamasuk
tidak mau: gamao gamauu gmw
tidak mungkin: gakmungkin gamungkin
tidak paham: gapaham
tidak peduli: bodoamat gapeduli
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
tidur: tydur
tiga: tga
tiket: ticket tket
tindak: tndak
tinggalkan: tinggalin
tingkat: tngkt
tolong: plis pliss plisss pliz pls plz tlonglah tloong tollong tolonggg tolonk tulungin
top up: topup
transaksi: tranksaksi tranksasi transaksii transaxi transksi trnsaksi
transfer: tranferr tranfers transper trfr tsf
trotoar: troroar trotor
tua: tuaa
tugas: tgas tgs
tujuan: tujuanya
tumbang: tmbang
tunggu: tggu tnggu tungggu tunggguin tunggguu tunggi
turun: trun
turunkan: turunin
ubah: ubh
udara: udra
ujung: ujg ujng
ulang: ulng
ulangi: ulangin
umum: umm
unduh: donlot
untuk: unttuk untukk untux utkk utuk
untung: untg
urus: urusin
usah: ush
usaha: ushaha
utama: utma
verifikasi: ferifikasi ferivikasi verifikas verifikasii verivikasi
voucher: vouchers
waduh: aduw wadoh wadooh waduhh waduuh
wah: waah wahh
wajib: wjb
waktu: waktuu wktuu
walaupun: walopn walupun wlaupun wlpn
warna: warnah wrna
whatsapp: wassap whatsap whatshap
wifi: waifai
ya: iyha yaaa yaap yak yaps yea yeah
ya allah: yaalah yaallah yaalloh yaawloh yallah yawla
ya ampun: yaampun yaampunn yaampyun yampun
ya sudah: yaudh yawda yudah
ya tuhan: yatuhan
yang: yabg yag yamg yangh yanh ynag
yang lain: yanglain yglain
yang mana: yangmana ygmana
zaman: jamann
"""


def _forms() -> dict[str, str]:
    lines = (line.partition(": ") for line in _TEXT.strip().splitlines())
    return {written: standard for standard, _, forms in lines for written in forms.split()}


#: From what is written to the standard word, or words.
SPEECH = MappingProxyType(_forms())
