"""A mail's text taken apart: what its sender says, and beside it what they answer or pass on, and what signs it."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from normalizer.mails import quoting
from normalizer.mails.signature import signature_lines
from normalizer.message import Aside

QUOTE, SIGNATURE, FORWARDED = "quote", "signature", "forwarded"
_OWN = "own"
_MOST_FORWARDS = 5
_FEW_LINES = 3
_FEW_LETTERS = 300


class Apart(NamedTuple):
    """`text` is the sender's own, or what they pass on below it; `asides` in the order in which they stood."""

    text: str
    asides: tuple[Aside, ...] = ()


class _Block(NamedTuple):
    kind: str
    lines: Sequence[str]


def set_apart(text: str, forwards: bool = False, shows: bool = False) -> Apart:
    """Take a mail's text apart; `forwards` if its subject says that it passes another one on. Nothing is lost: who
    writes nothing, or nothing but a signature, says what they quote, unless it `shows` files in answer to that. Never
    raises; linear in the text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    blocks = list(_answered(list(_signed(_blocks(lines, forwards)))))
    if not shows and not any(block.kind == _OWN for block in blocks):
        blocks = [_Block(_OWN, _dedented(block.lines)) if block.kind == QUOTE else block for block in blocks]
    said = "\n\n".join(_joined(block) for block in blocks if block.kind == _OWN)
    return Apart(said, tuple(Aside(kind=block.kind, text=_joined(block)) for block in blocks if block.kind != _OWN))


def _blocks(lines: Sequence[str], forwards: bool) -> Iterator[_Block]:
    for _ in range(_MOST_FORWARDS):
        passed_on = yield from _until_forward(lines, forwards)
        if passed_on is None:
            return
        lines, forwards = passed_on, False
    yield _Block(_OWN, lines)


def _until_forward(lines: Sequence[str], forwards: bool) -> Generator[_Block, None, Sequence[str] | None]:
    """The blocks up to a mail that is passed on; returns what follows its headers, None where there is none."""
    own_from = at = 0
    while at < len(lines):
        begins = _begins(lines, at, forwards)
        if begins is None:
            at += 1
            continue
        yield _Block(_OWN, lines[own_from:at])
        if begins.kind == FORWARDED:
            headers, inside = _headers_apart(lines[begins.end :])
            yield _Block(FORWARDED, [*lines[at : begins.end], *headers])
            return inside
        yield _Block(QUOTE, lines[at : begins.end])
        own_from = at = begins.end
    yield _Block(_OWN, lines[own_from:])
    return None


class _Beginning(NamedTuple):
    """What begins at a line: a quote that ends at `end`, or a forwarded mail whose announcement does."""

    kind: str
    end: int


def _begins(lines: Sequence[str], at: int, forwards: bool) -> _Beginning | None:
    line = lines[at]
    if not line or line.isspace():
        return None
    if quoting.MARK.match(line):
        inside = quoting.without_mark(line)
        if quoting.is_forward_mark(inside):
            return _Beginning(FORWARDED, at + 1)
        return _Beginning(QUOTE, _marked_end(lines, at))
    if quoting.is_forward_mark(line):
        return _Beginning(FORWARDED, at + 1)
    return _announced(lines, at, forwards)


def _announced(lines: Sequence[str], at: int, forwards: bool) -> _Beginning | None:
    """Earlier mails below a line or a block of headers: to the end, unless they carry marks."""
    ruled = quoting.is_original_mark(lines[at])
    if ruled or _is_headed(lines, at):
        return (
            _Beginning(FORWARDED, at + (ruled or quoting.is_rule(lines[at])))
            if forwards
            else _Beginning(QUOTE, len(lines))
        )
    end = quoting.attribution_end(lines, at)
    if end is None:
        return None
    below = _after_blanks(lines, end)
    marked = below < len(lines) and quoting.MARK.match(lines[below]) is not None
    if forwards and (marked or quoting.says_when(lines[at:end])):
        return _Beginning(FORWARDED, end)
    if marked:
        return _Beginning(QUOTE, _marked_end(lines, below))
    return _Beginning(QUOTE, len(lines)) if quoting.says_when(lines[at:end]) else None


def _is_headed(lines: Sequence[str], at: int) -> bool:
    if quoting.is_rule(lines[at]):
        at = _after_blanks(lines, at + 1)
    return at < len(lines) and quoting.is_header_block(lines, at)


def _after_blanks(lines: Sequence[str], at: int) -> int:
    return next((number for number in range(at, len(lines)) if lines[number].strip()), len(lines))


def _marked_end(lines: Sequence[str], start: int) -> int:
    """After the last of the marked lines that only blank ones part."""
    end = start
    for number in range(start, len(lines)):
        if quoting.MARK.match(lines[number]):
            end = number + 1
        elif lines[number].strip():
            break
    return end


def _headers_apart(lines: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The headers of what is forwarded, and what it says, both without the marks of a mail that is passed on as a
    quote: in some its headers have none."""
    inside = _dedented(lines)
    end = quoting.headers_end(inside, _after_blanks(inside, 0))
    return inside[:end], inside[end:] if inside != lines else _dedented(inside[end:])


def _dedented(lines: Sequence[str]) -> Sequence[str]:
    first = _after_blanks(lines, 0)
    end = _marked_end(lines, first)
    return [*map(quoting.without_mark, lines[first:end]), *lines[end:]] if end > first else lines


def _signed(blocks: Iterable[_Block]) -> Iterator[_Block]:
    """Own words without the signature, which follows them; what is blank is left out."""
    opening = True
    for block in blocks:
        if block.kind == _OWN:
            below = signature_lines(block.lines, opening)
            yield from _filled(_OWN, [line for number, line in enumerate(block.lines) if number not in below])
            yield from _filled(SIGNATURE, [block.lines[number] for number in sorted(below)])
        else:
            yield from _filled(block.kind, block.lines)
        opening = opening and not any(line.strip() for line in block.lines)


def _filled(kind: str, lines: Sequence[str]) -> Iterator[_Block]:
    if any(line.strip() for line in lines):
        yield _Block(kind, lines)


def _answered(blocks: Sequence[_Block]) -> Iterator[_Block]:
    """Answers between quotes keep the few lines that they answer above them, where there are only a few, or where
    there is more than one answer; below a long quote the answer stands alone."""
    answered = [one.kind == QUOTE and below.kind == _OWN for one, below in pairwise([*blocks, _Block("", ())])]
    among_others = sum(answered) > 1
    for block, is_answered in zip(blocks, answered, strict=True):
        start = _question(block.lines, among_others) if is_answered else len(block.lines)
        yield from _filled(block.kind, block.lines[:start])
        yield from _filled(_OWN, block.lines[start:])


def _question(lines: Sequence[str], among_others: bool) -> int:
    """Where the last paragraph of a quote begins, if it is what is answered; else where the quote ends."""
    end = max(number for number, line in enumerate(lines) if line.strip()) + 1
    start = end
    while start and quoting.MARK.match(lines[start - 1]) and quoting.without_mark(lines[start - 1]).strip():
        start -= 1
    alone = not any(quoting.MARK.match(line) and quoting.without_mark(line).strip() for line in lines[:start])
    short = end - start <= _FEW_LINES and sum(map(len, lines[start:end])) <= _FEW_LETTERS
    return start if short and (alone or among_others) else len(lines)


def _joined(block: _Block) -> str:
    return "\n".join(block.lines).strip()
