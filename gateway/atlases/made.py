"""What is made of a file that is imported."""

from typing import Any, Literal

import msgspec

from normalizer.places.atlas import Landmark, Named, Point, Shape, Street

Kind = Literal["areas", "streets", "landmarks", "aliases", "neighbours", "pins"]
KINDS: tuple[Kind, ...] = ("areas", "streets", "landmarks", "aliases", "neighbours", "pins")

Kept = Shape | Street | Landmark | Named | Point


class Made(msgspec.Struct):
    """What was made of a file: `kept` by its key, and what is wrong, by what it is, each with where."""

    kind: Kind
    kept: dict[Any, Kept] = {}
    left_out: dict[str, list[str]] = {}
    doubts: dict[str, list[str]] = {}

    def leave(self, why: str, where: str) -> None:
        self.left_out.setdefault(why, []).append(where)

    def doubt(self, what: str, where: str) -> None:
        self.doubts.setdefault(what, []).append(where)

    def keep(self, key: Any, what: Kept, where: str) -> None:
        if key in self.kept and self.kind == "areas":
            self.doubt("the code is there twice; the last one is taken", where)
        self.kept[key] = what
