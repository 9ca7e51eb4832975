"""Makes of what a dialogue says the messages that a channel can carry. Pure."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from adapters import Capabilities, Choice
from gateway.bot.engine import Said
from gateway.bot.measuring import clusters, cost, fits
from gateway.bot.splitting import split
from gateway.bot.state import Option
from gateway.bot.understanding import is_id, wire_id


class Rendered(msgspec.Struct, frozen=True):
    """One message. `choices` are buttons or the rows of a list; what else can be chosen is in the text."""

    text: str
    choices: tuple[Choice, ...] = ()


def render(said: Sequence[Said], capabilities: Capabilities, serial: int) -> tuple[Rendered, ...]:
    """What is said in a row becomes one message if it fits into one and costs no more so, else several; one that is too
    long is split.

    What is offered becomes buttons, or a list, where there are some; else a numbered line each. Labels that are too
    long for a button stand in the text in full, and buttons begin with their numbers. `serial` is that of the question.
    """
    drafts = [_draft(one, capabilities, serial) for one in said if one.text.strip() or one.options]
    return tuple(message for draft in _joined(drafts, capabilities) for message in _split(draft, capabilities))


def _draft(said: Said, capabilities: Capabilities, serial: int) -> Rendered:
    numbered = [f"{number} {option.label}" for number, option in enumerate(said.options, 1)]
    in_full = "\n".join([said.text, *numbered]).strip()
    if not _has_buttons(said.options, capabilities):
        return Rendered(in_full)
    longest = capabilities.label_limit
    if all(len(option.label) <= longest for option in said.options):
        return Rendered(said.text.strip(), _choices(said.options, [option.label for option in said.options], serial))
    labels = [_cut(line, longest) for line in numbered]
    return Rendered(in_full, _choices(said.options, labels, serial))


def _has_buttons(options: Sequence[Option], capabilities: Capabilities) -> bool:
    return len(options) <= max(capabilities.choices, capabilities.list_rows) and all(is_id(one.id) for one in options)


def _choices(options: Sequence[Option], labels: Iterable[str], serial: int) -> tuple[Choice, ...]:
    return tuple(Choice(wire_id(serial, one.id), label) for one, label in zip(options, labels, strict=True))


def _cut(label: str, longest: int) -> str:
    short = ""
    for cluster in clusters(label):
        if len(short + cluster) > longest:
            break
        short += cluster
    return short.rstrip()


def _joined(drafts: Iterable[Rendered], capabilities: Capabilities) -> Iterator[Rendered]:
    before: Rendered | None = None
    for draft in drafts:
        if before and not before.choices and _belong(before.text, draft.text, capabilities):
            before = Rendered(f"{before.text}\n{draft.text}", draft.choices)
            continue
        if before:
            yield before
        before = draft
    if before:
        yield before


def _belong(before: str, after: str, capabilities: Capabilities) -> bool:
    joined = f"{before}\n{after}"
    return fits(joined, capabilities) and cost(joined, capabilities) <= cost(before, capabilities) + cost(
        after, capabilities
    )


def _split(draft: Rendered, capabilities: Capabilities) -> Iterator[Rendered]:
    *first, last = split(draft.text, capabilities)
    yield from map(Rendered, first)
    yield Rendered(last, draft.choices)
