"""One of some options, or yes or no."""

from gateway.bot.reading import Again, Heard, Label, Reader
from gateway.bot.understanding import LONGEST_ID, chosen, is_id


class _Choice(Reader[str]):
    """One of some options: gives its id."""

    gives = str
    hint = "again_choice"

    def __init__(self, labels: tuple[Label, ...]) -> None:
        self._labels = labels
        self._ids = frozenset(label.id for label in labels)

    def options(self) -> tuple[Label, ...]:
        return self._labels

    def read(self, heard: Heard) -> str:
        option = chosen(heard.text, heard.choice, heard.offered, heard.words)
        if option is None:
            raise Again
        return option.id

    def fits(self, value: str) -> bool:
        return value in self._ids


def choice(*options: str | Label) -> Reader[str]:
    """One of some options; gives its id. Each is an id whose text has the same name, or a `Label`. Raises `ValueError`
    if an id could not be sent by every channel, or stands there twice."""
    labels = tuple(Label(id=one, text=one) if isinstance(one, str) else one for one in options)
    ids = [label.id for label in labels]
    if not labels or len(set(ids)) < len(ids):
        raise ValueError("a choice is among at least one option, none of them twice")
    if wrong := [one for one in ids if not is_id(one)]:
        raise ValueError(f"'{wrong[0]}' must be of 1 to {LONGEST_ID} ASCII characters")
    return _Choice(labels)


class _YesNo(Reader[bool]):
    """Yes or no."""

    gives = bool
    hint = "again_yes_no"

    def options(self) -> tuple[Label, ...]:
        return (Label("yes", "yes"), Label("no", "no"))

    def read(self, heard: Heard) -> bool:
        option = chosen(heard.text, heard.choice, heard.offered, heard.words)
        answer = option.id if option else heard.words.answer(heard.text)
        if not answer:
            raise Again
        return answer == "yes"


yes_no: Reader[bool] = _YesNo()
