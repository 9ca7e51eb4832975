"""How citizens write words, by the standard word: a table of our own, written from counts over real sentences.

Words stand here whose meaning is beyond doubt wherever they are met. A longer list does harm: "35 cm" is not "35 cuma",
"bkn" may be "bikin" as well as "bukan", "smp" is also a school. Regular changes ("cepet", "ngirim", "matiin") are made
by the rules in `colloquial.py`.
"""

from types import MappingProxyType

_TEXT = """
ada: ad
adik: adek adk
admin: atmin mimin mimim minn minnn
agar: biar spy
agustus: agst
air: aer
aktivitas: aktifitas
aku: aq akuh ku
alamat: almt
almarhum: alm
anak-anak: ank2
anak: ank
anda: andaa
apa-apa: apa2
apalagi: aplg apalg apalgi
aplikasi: apl apk
apotek: apotik
assalamualaikum: askum asslmkm samlekum semlikum assalamu'alaikum aslm
atas: ats
atau: ato ataw ataupn atw
bagaimana: bagemana bagaimna bgaimana bgm bgmn gimana gmn gmna gmana gimna gmnaa gmanaa bgmana
bagaimanapun: gmnpun
bagus: bgs bagos bgus
bahaya: bhy bhya
bahwa: bhw bhwa
baik: baek baikk
balas: bls bales
bangun: bgn
bangunan: bgnan bngunan
banjir: bnjr banjr bnjir bajir banjer
bantu: bntu
banyak: banyk bnyk byk bnyak bnyaak buanyak
barang: brg brng
barat: brt
baru: bru
bawa: bwa
bayar: byr
beberapa: bbrp bbrapa bebrp brapa2
begini: bgini gini gni begene
begitu: bgitu gitu gtu bgtu
belakang: blkg blkng blakang blkang
beli: bli
belum: blm blum belom blom blon lum bloman belon
benar-benar: beneran bnr2
benar: bener bnr bnar
berangkat: brgkt brangkat
berapa: brp brapa brpa berape
berbahaya: brbahaya
berbicara: ngmng ngomong
berikut: brkt brikut
berikutnya: brktnya
berpengaruh: ngaruh
berpikir: mikir
bersama: brsma
bersangkutan: ybs
bersih: brsh
bersihkan: bersihin
besar: bsr
besok: bsk bsok besuk
betul: btl btul
biaya: biaye
bilang: blg blng
bisa: bs bsa bisaa biso
boleh: bole blh bleh
bos: boss
buat: bwt
buka: bukak
bulan: bln
cepat: cpt cepet cpet
coba: cb cba
cukup: ckup ckp
daerah: daera drh
dalam: dlm dalem
dan: dn
dapat: dpt dapet dpet dpat
dari tadi: drtd daritadi drtadi
dari: dri darii
daripada: drpd
datang: dtg dtng dateng
dekat: dkt dket deket
dengan: dgn dg dng dengn dngan dgan dngn ama
depan: dpn dpan
di mana-mana: dmn2
di mana: dmn dmana dimn dmna
di sana: dsana dsna disono disna
di sini: dsini dsni disni
dia: doi
diberi: dikasi dikasih
dibersihkan: dibersihin
dijawab: djwb
dinas: dns
dipakai: dipake dpke dpake dipakek
diperbaiki: dibenerin dibenarin dperbaiki
ditindaklanjuti: ditindaklanjutin ditindaklanjutii
ditunggu: dtunggu dtggu dtgguin
dong: donk dunk doong
dulu: dl dlu dolo duluu
entah: ntah ntahlah
error: eror erorr
gang: gg
gara-gara: gr2 gara2 gra2
gelap: gelep
grup: group
habis: abis hbs
hakikat: hakekat
halo: hallo alo haloo aloo hlo haii hello helo
hampir: hmpir hampr
hancur: ancur ancuur hacur ancurr
hanya: cuman hny hnya cman cumak
hari: hri hr
harus: hrs kudu musti mesti hrus
hati-hati: ati-ati ati2 hati2
hidup: idup idop idupp
hilang: ilang ilank hilank
hobi: hobby hobbi
hubungi: hub hubungin
hujan: ujan hjan
ingin: pengen pengin pgn pingin pngen pengenn
ini: ni inii
internet: inet
iya: iye iyah yoi ho'oh hooh he'eh iyoo
izin: ijin
jadi: jd jdi jadii
jadwal: jadual
jalan-jalan: jln2
jalan: jl jln jlan jlaan jalann
jangan: jgn jngn jangn jngan jangann
jarang: jrng jrg
jaringan: jrgn jringan
jelas: jls
jembatan: jmbatan jmbtn
juga: jg jga jugak jgaa
kabel: kbl
kabupaten: kab
kadang-kadang: kdg2 kadang2 kdng2
kak: kakk kaak kaa
kakak: kaka
kalau: kalo klo kl klu klw kalu klau kalok kaloo klou kalaw
kalian: klian
kami: kamii
kampung: kampong
kamu: kmu lu elo elu luh
kapan: kpn kpan kapann kpnn
karena: karna krn krna gegara karn
kasih: ksh kasi
kasihan: kasian ksian ksihan
kawan: kwn
ke mana-mana: kmn2 kemana2
kebakaran: kabakaran kbakaran kbeakaran keabkaran keakaran kebaakaran kebaakran kebaaran kebajaran kebakaan
kebakaran: kebakaaran kebakaarn kebakaean kebakara kebakaraan kebakarab kebakaram kebakarann kebakaren kebakarn
kebakaran: kebakarna kebakarran kebakarsn kebakatan kebakeran kebakkaran kebakraan kebakran kebaksran kebalaran
kebakaran: kebbakaran kebekaran kebkaaran kebkaran kebskaran keebakaran kegakaran kenakaran kevakaran kibakaran
kebakaran: kkebakaran kwbakaran
kebetulan: kbtulan kbtlan
kecamatan: kec
kecelakaan: kclkaan
kecewa: kcewa
kecil: kcl kecik kecill
kelihatan: keliatan kliatan kliatn
keluar: kluar kluarr
keluarga: klg klrga
kelurahan: kel klurahan klrhn kelrahan
kemarin: kmrn kmrin kmren kmarin kemaren kmaren kmaren2
kembali: kmbali kmbli
kenapa: knp knapa napa knpa ngapa nape kenapaa knpp kenape knaa
kendaraan: kndaraan
kepada: kpd kpada kepda kpda
kesal: kesel
ketemu: ktemu
kira-kira: kira2 kr2
kirim: krm
kita: kitaa qta
komentar: komen
komplain: komplen
kompleks: komplek
kotor: kotorr
kualitas: kwalitas
kurang lebih: krglbh
kurang: krg krang kurg kurng
lagi: lg lgi lgii lage
lalu lintas: lalin
lalu: llu
lama: lamaa
lambat: lemot lelet lmbt lemott lemod
lampu: lmpu lampuu lmp
langganan: lgganan
langsung: lgsg lgsng lngsung lsg lgsung langsg
lapor: lapoor
layanan: lyanan
lebih baik: mending mendingan
lebih: lbh lbih lebihh
lewat: lwat lwt
lihat: liat lht liet lihatt liatt
lingkungan: lingkngan lngkungan
lubang: lobang lbang
lumayan: lmyn lumayn
maaf: maap mf maapin maff maafin
macam-macam: macem2
macam: macem
macet: mct
makanya: mknya mangkanya makany
maksud: mksd maksd
malah: mlh malahan mlah
malam: mlm malem
malas: males mls
mana: mn mna
mantap: mantul mantab mantep mantapp
masalah: mslh masalh msalah mslah
masih: msh masi msih msi masihh
masjid: mesjid msjd
masuk: msk masup masok msuk masukk
masyarakat: masy mayarakat msyarakat
matikan: matiin
mau: mo mw maw
mbak: mba embak
melewati: ngelewatin
melihat: ngeliat ngelihat liatin
meluap: mluap
melulu: mulu mlulu
memang: emang emg mmg emng emank emangg
membantu: ngebantu ngebantuin bantuin
memberi: ngasih ngasi
memberitahu: ngasihtau ngasitau
memikirkan: mikirin
menanyakan: nanyain
mencari: nyariin
mencoba: nyobain
menelepon: nelpon nelfon nelepon nelp nelponin
menemukan: nemu nemuin
mengapa: kok kog koq ko
mengurus: ngurusin
menit: mnt mnit
menjadi: mnjd mnjadi
menunggu: nungguin nunggui
meskipun: meski2
minta: mnta
mohon: mhn mohn mhon moon mohonn mohom
motor: mtr motorr
mulai: mulei mule
mungkin: mgkn mungkn mngkin mgkin
naik: naek
nama: nma
nanti: ntar nti ntr entar nntii
napas: nafas
nasihat: nasehat
negeri: negri
nomor: nomer nmr nmer nomr
notifikasi: notif
orang-orang: org2
orang: org orng oran
padahal: pdhl pdahal pdhal pdhall padahl
padam: pdm
pagi-pagi: pg2
pagi: pgi
paham: pahm
pakai: pake pke pakek pkai pkek
paling: plng
panas: panes
parah: parahh prh prah
pasang: psg psng
pasti: psti pst pastii
pelayanan: plyanan
pemerintah: pmrnth pemrintah
penjelasan: penjlasan
penting: pnting
penuh: pnuh
perbaikan: prbaikan
perbaiki: perbaikin
percuma: prcuma
perempatan: prempatan
perhatiannya: perhatianya
perlu: prlu
pernah: prnh prnah perna
pertama: prtama
pertigaan: prtigaan
pesan: pesen
petugas: ptgs ptugas
pikir: fikir
pilih: plh
pindah: pndh
pinggir: pinggr
pinjam: minjem pinjem
pohon: phon
pompa: pomp
ponsel: hape
potong: ptng
praktik: praktek
provinsi: propinsi
pulang: pulangg plg
punya: pny pnya pnny punye
ramai: rame
registrasi: regis
risiko: resiko
rumah: rmh rumh rmah
rusak: rsk rusakk
saat: pas
sabar: sbr
saja: aja aj doang ae ajah ajj ajaa sj sja ajja
sakit: skit
salah: slh
sama: sm sma samaa
sampah: smpah smph
sampai-sampai: sampe2
sampai: sampe ampe nyampe nyampek smpe smpai smpi sampek nympe
sampaikan: smpkn
samping: smping smpng
saya: sy gue gw gua ane aing saia sya syaa sayaa gwa gueh guwe
sayang: syg
sebagai: sbg sbgai
sebal: sebel sebell
sebelah: sblh sebelh
sebelum: sblm seblm sbelum sebelom sblum
sebelumnya: sblmnya sblmny
sebenarnya: sbnrnya sbenarnya sebenernya
sebentar: bentar bntr sbntr sbentar
seberang: sebrang sebrng
sebuah: sbuah
sebulan: sbln
sedang: sdg sdng
sedikit: dikit dkit
segera: sgr sgra segra sgera
sehari-hari: sehari2
seharusnya: hrsnya harusny seharusny
sehingga: shg shingga
sejak: sjk
sekali: bgt bngt bangat bget bangett skali skl bgtt skli
sekarang: skrg skg skrang skr skrng skrag sekrang skarang
sekian: skian
sekitar: sktr skitar
sekitarnya: sktrnya
sekolah: skolah skul skolahan
selalu: slalu sllu sll slallu
selama: slama slma
selamat: slmt slamat met
selanjutnya: slnjtnya slanjutnya
selatan: sltn
selesai: kelar
seluruh: slrh
semakin: makin smakin
semalam: smlm semalem smalem
sementara: smntr smntara
semoga: smoga smg moga mudah2an moga2
semua: smua smw smuaa smu
sendiri: sndiri sndri
seperti: kaya kayak kyk spt sprti kek sperti sepeti kyak spti kaye kya
sepertinya: kayanya kayaknya keknya kyknya kykny sprtinya kayany kyaknya kayaknyaa
sering: srg sring seringg
setelah: stlh stelah stlah
setiap: tiap stiap tiep
setinggi: stinggi
siang: siank
siapa: sapa syapa
status: stts
sudah: sdh udah udh dah uda suda sdah sudh udeh udahh dh sdhh ud
suka: suke
supaya: spya
susah: ssh sush
tadi: td tdi tadii
tahu-tahu: tau2
tahu: tau
tahun: thn taun
tambah: tmbh
tanah: tnah
tanggal: tgl tggl tnggal
tanggapan: tnggapan
tanpa: tnp tanpaa
tanya: nanya nany tny tnya
tapi: tp tpi tapii
tebang: tbg
telantar: terlantar
telepon: telpon telfon tlp tlpn telp tlepon tilpun telefon telvon tilpon tilp
teman: temen tmn tmen
tempat: tmpt tempt tmpat
tentang: ttg tntang
tentu: tntu
tergenang: trgenang
terhadap: thd thdp
terima kasih: makasih terimakasih trims thx tks mksh tq trimakasih makasi makasihh thankyou tengkyu tengkiu ty trmksh
terima kasih: trimksih trm maturnuwun tnx thnx makaci mksih mksi trimksh terimaksih trimaksih terimakasi trmakasih
terjadi: trjadi trjd
terkait: trkait
terlalu: trlalu tll terllu
ternyata: trnyata trnyta
tersebut: tsb tsbt tersbt trsbt tersebt
tertutup: ttutup
terus-menerus: mulu2
terus: trus trs teros tross
tetangga: ttangga
tetap: ttp tetep ttep
tiba-tiba: tbtb tb2
tidak ada: gada gaada gakada gkada nggada
tidak apa-apa: gapapa gpp gapp gpapa ngapapa
tidak benar: gabener
tidak bisa: gabisa gakbisa gabs gbisa ngabisa gkbisa
tidak boleh: gaboleh gakboleh
tidak enak: gaenak
tidak jadi: gajadi
tidak jelas: gaje gajelas
tidak mau: gamau gakmau gmau
tidak pernah: gapernah gkpernah
tidak sampai: gasampe
tidak tahu: gatau gataw gaktau gtau gtw
tidak usah: gausah gakusah gausa
tidak: tak ngak enga dak kagakk tidakk gaak gkk ngg gada2 nggakk
tidak: tak tdk ga gak gk engga enggak ngga nggak kagak kaga ndak nda tdak tidk ngk enggk gakk tida tydak nggk kgk gag
tidur: tdr
timur: tmr
tindak lanjut: tindaklanjut tndklnjt
tindak lanjuti: tindaklanjuti
tinggal: tgal
tinggi: tnggi tniggi
tolong: tlg tlng tlong tulung tolg tlongg tolng tulong toling tolonh tolobg
transfer: trf tf transfee
tutup: ttup
uang: duit duwit
untuk: utk tuk untk ntuk untok unt
utara: utr
verifikasi: verif
video: vidio
voucher: vocher vocer pocer voucer
waktu: wkt wktu
walaupun: walopun
warga: wrg wrga
warung: wrung
wilayah: wlyh wilyah
ya sudah: yaudah yauda yasudah yowes yawdah yodah yaudahlah
ya: yaa yah yha yach
yang terhormat: yth
yang: yg yng yngg yangg ygg nyang
zaman: jaman
"""

#: From what is written to the standard word, or words.
SPELLINGS = MappingProxyType(
    {
        written: standard
        for standard, _, forms in (line.partition(": ") for line in _TEXT.strip().splitlines())
        for written in forms.split()
    }
)

#: Abbreviations of offices and works, written out. They are names by now: for comparing they stay as they are.
ABBREVIATIONS = MappingProxyType(
    {
        "tl": "tindak lanjut",
        "pju": "penerangan jalan umum",
        "pkl": "pedagang kaki lima",
        "jpo": "jembatan penyeberangan orang",
        "rth": "ruang terbuka hijau",
        "rptra": "ruang publik terpadu ramah anak",
        "ppsu": "penanganan prasarana dan sarana umum",
        "apill": "alat pemberi isyarat lalu lintas",
        "tkp": "tempat kejadian perkara",
    }
)
