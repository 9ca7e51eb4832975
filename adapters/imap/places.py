"""Where we are in each folder of a mailbox: what is kept between two polls."""

from collections.abc import Mapping

import msgspec

MOST = 1_000  # of those that are lost; the latest


class Place(msgspec.Struct, frozen=True, array_like=True):
    """All mails up to `last` are kept, without those of the UIDs `lost`, which the server did not hand over and may do
    later. UIDs mean something only as long as the folder's UIDVALIDITY is the same (RFC 3501, 2.3.1.1)."""

    validity: int
    last: int
    lost: tuple[int, ...] = ()

    def at(self, last: int) -> "Place":
        return msgspec.structs.replace(self, last=last)

    def losing(self, uid: int) -> "Place":
        return msgspec.structs.replace(self, lost=(*self.lost, uid)[-MOST:])

    def finding(self, uid: int) -> "Place":
        return msgspec.structs.replace(self, lost=tuple(one for one in self.lost if one != uid))


_Places = dict[str, Place]


def decode(cursor: str | None) -> Mapping[str, Place]:
    """By folder. Raises `msgspec.DecodeError` where it is none of ours."""
    return msgspec.json.decode(cursor, type=_Places) if cursor else {}


def encode(places: Mapping[str, Place]) -> str:
    return msgspec.json.encode(dict(sorted(places.items()))).decode()
