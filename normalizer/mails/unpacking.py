"""Letters within letters: what is in a mail's mails, Outlook messages and winmail.dat, and how it is found again.

"part:3/1" is number 1 of what is inside number 3 of the mail itself.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from normalizer.mails import compound, headers, markup, msg, rtf, tnef, uuencoded
from normalizer.mails.body import MAX_TEXT, file_name, is_text, read_body
from normalizer.mails.charset import decode
from normalizer.mails.letter import MOST_FILES, File, Letter
from normalizer.mails.mime import Leaf, Tree, content, read_tree
from normalizer.message import Attachment
from normalizer.words.text import one_line

#: A mail in a mail in a mail … is opened no further.
MAX_LETTERS_DEEP = 4
#: Octets of all files within letters within one mail: they may overlap.
MAX_OPENED = 60_000_000

_MOST_TEXTS = 5
_MOST_OCTETS_READ = 250_000
_REFERENCE = re.compile(rf"part:(\d{{1,4}}(?:/\d{{1,4}}){{0,{MAX_LETTERS_DEEP}}})", re.ASCII)
_EML = frozenset({"message/rfc822", "message/global"})
_UNSAID = frozenset({"application/octet-stream", "application/x-unknown", "text/plain"})
_ENDINGS = {".txt": "text/plain", ".htm": "text/html", ".html": "text/html", ".rtf": "text/rtf"}
_WORDS = {kind: kind for kind in ("text/plain", "text/html", "text/rtf")} | {"application/rtf": "text/rtf"}
_PICTURES = ("image/", "audio/", "video/")


class Unpacked(NamedTuple):
    """All files in a mail, the letters that have words, the files that are nothing but words, and whether a limit was
    reached or a letter is damaged: then the file that holds it is listed."""

    attachments: tuple[Attachment, ...]
    letters: tuple[Letter, ...]
    texts: tuple[File, ...]
    cut: bool


def unpack(raw: bytes, tree: Tree) -> Unpacked:
    """What is in the mail `raw`, which was cut to `tree`. Never raises."""
    walk = _Walk()
    walk.items(_items(raw, tree), "part:", 0)
    return Unpacked(tuple(walk.attachments), tuple(walk.letters), tuple(walk.texts), walk.cut)


def attachment_bytes(raw: bytes, reference: str) -> bytes:
    """The bytes of the attachment that was called `reference` ("part:3/1"); raises LookupError if it is not there.

    The last mail is kept open: who asks for one of its files will ask for the others.
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise LookupError("no such part")
    return _open(raw).content(tuple(map(int, found[1].split("/"))))


def words_of(files: Iterable[File]) -> tuple[list[str], bool]:
    """The texts of files that are nothing but words, each of at most `MAX_TEXT` characters, and whether they were too
    long: of all together `_MOST_OCTETS_READ` are read."""
    texts, left, cut = [], _MOST_OCTETS_READ, False
    for file in files:
        data = file.content()
        texts.append(_text_in(file, data[:left]))
        cut, left = cut or len(data) > left, max(0, left - len(data))
    return texts, cut


def _text_in(file: File, data: bytes) -> str:
    kind = _type_of_words(file)
    words = rtf.to_text(data) if kind == "text/rtf" else decode(data, file.charset)[0]
    return (markup.to_text(words) if kind == "text/html" else words.strip())[:MAX_TEXT]


def is_document(attachment: Attachment) -> bool:
    """A file that may hold a text which only a person can read: no picture, sound or film."""
    return not attachment.media_type.startswith(_PICTURES)


Items = tuple[File | tuple[int, Letter], ...]


class _Open:
    def __init__(self, raw: bytes) -> None:
        self._items: dict[tuple[int, ...], Items] = {(): _items(raw, read_tree(raw))}

    def content(self, path: tuple[int, ...]) -> bytes:
        item = self._item(path)
        if not isinstance(item, File):
            raise LookupError("not a file")
        return item.content()

    def _item(self, path: tuple[int, ...]) -> File | Letter:
        for item in self._inside(path[:-1]):
            if isinstance(item, File):
                if item.number == path[-1]:
                    return item
            elif item[0] == path[-1]:
                return item[1]
        raise LookupError("no such part")

    def _inside(self, path: tuple[int, ...]) -> Items:
        if path not in self._items:
            item = self._item(path)
            letter = _opened(item, item.content()) if isinstance(item, File) else item
            self._items[path] = letter.items if letter else ()
        return self._items[path]


_open = lru_cache(maxsize=1)(_Open)


def _is_letter(file: File, data: bytes) -> bool:
    return _is_mail(file) or data.startswith((tnef.SIGNATURE, compound.MAGIC))


def _is_mail(file: File) -> bool:
    return file.media_type in _EML or (file.name or "").lower().endswith(".eml")


def _opened(file: File, data: bytes) -> Letter | None:
    return tnef.read(data) or msg.read(data) or (_mail(data) if _is_mail(file) else None)


def _mail(raw: bytes) -> Letter:
    tree = read_tree(raw)
    text = partial(_text_of, raw, tree)
    return Letter(headers.subject(tree.headers), headers.sender(tree.headers), text, _items(raw, tree), tree.cut)


def _text_of(raw: bytes, tree: Tree) -> str:
    return read_body(raw, tree, _MOST_OCTETS_READ)[0]


def _items(raw: bytes, tree: Tree) -> Items:
    return tuple(item for number, leaf in enumerate(tree.leaves) for item in _item(raw, number, leaf))


def _item(raw: bytes, number: int, leaf: Leaf) -> Iterator[File | tuple[int, Letter]]:
    if not is_text(leaf):
        charset = leaf.described.get_content_charset()
        yield File(number, file_name(leaf), leaf.media_type[:100], partial(content, raw, leaf), charset)
    elif files := uuencoded.split(content(raw, leaf))[1]:
        yield number, Letter(None, None, str, tuple(_uuencoded(*named) for named in enumerate(files)))


def _uuencoded(number: int, file: tuple[bytes, bytes]) -> File:
    name = re.split(r"[/\\]", one_line(decode(file[0], None)[0], 400))[-1][-200:].strip()
    return File(number, name or None, "application/octet-stream", partial(uuencoded.decoded, file[1]))


def _type_of_words(file: File) -> str | None:
    """The type of a file that is nothing but words, None if it is none."""
    _, dot, ending = (file.name or "").lower().rpartition(".")
    return (_ENDINGS.get(dot + ending) if file.media_type in _UNSAID else None) or _WORDS.get(file.media_type)


class _Walk:
    def __init__(self) -> None:
        self.attachments: list[Attachment] = []
        self.letters: list[Letter] = []
        self.texts: list[File] = []
        self.cut = False
        self._octets = 0

    def items(self, items: Items, path: str, depth: int) -> None:
        for item in items:
            if isinstance(item, File):
                self._file(item, f"{path}{item.number}", depth)
            else:
                self._letter(item[1], f"{path}{item[0]}", depth)

    def _file(self, file: File, path: str, depth: int) -> None:
        if len(self.attachments) >= MOST_FILES or self._octets > MAX_OPENED:
            self.cut = True
            return
        data = file.content()
        self._octets += len(data) if depth else 0
        letter = self._opened(file, data, depth)
        if (data or file.name) and not (letter and data.startswith(tnef.SIGNATURE) and self._is_all_there(letter)):
            self.attachments.append(_listed(file, path, data))
        if letter:
            self._letter(letter, path, depth)
        elif _type_of_words(file):
            self.texts.append(file)

    def _opened(self, file: File, data: bytes, depth: int) -> Letter | None:
        if not _is_letter(file, data):
            return None
        if depth >= MAX_LETTERS_DEEP:
            self.cut = True
            return None
        return _opened(file, data)

    def _is_all_there(self, letter: Letter) -> bool:
        """Then its wrapping is of no use to anybody."""
        return not letter.cut and bool(letter.items or (len(self.letters) < _MOST_TEXTS and letter.text()))

    def _letter(self, letter: Letter, path: str, depth: int) -> None:
        self.cut = self.cut or letter.cut
        if len(self.letters) < _MOST_TEXTS:
            self.letters.append(letter)
        self.items(letter.items, f"{path}/", depth + 1)


def _listed(file: File, path: str, data: bytes) -> Attachment:
    digest = hashlib.sha256(data).hexdigest()
    return Attachment(file.name, file.media_type, len(data), digest=digest, reference=path)
