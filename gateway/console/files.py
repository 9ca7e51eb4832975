"""Files of ours that pages load. Their address changes with their content, so browsers keep them for ever.

They are sent compressed, a third of their size, to phones that pay for each octet. Pages are not: what somebody else
has put into one, compressed together with its secrets, would tell these by its length (BREACH).
"""

import gzip
import mimetypes
from functools import lru_cache

from adapters import Response
from gateway.console import answers
from gateway.console.rendering import STATIC, asset
from gateway.console.routes import Route
from gateway.console.visit import Visit

ICON = "kanal.svg"
_FILES = {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*") if path.is_file()}


async def file(visit: Visit) -> Response:
    name = "/".join(visit.values[part] for part in ("folder", "package", "name") if part in visit.values)
    return _answer(visit, name) if name in _FILES else answers.plain(404, "not found")


async def icon(visit: Visit) -> Response:
    """Where browsers look for it that show what is no page, such as a photo."""
    return _answer(visit, ICON)


def _answer(visit: Visit, name: str) -> Response:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    is_newest = asset(name) == visit.request.path
    headers = {**(answers.FOR_EVER if is_newest else answers.NOT_KEPT), "Vary": "Accept-Encoding"}
    if _takes_gzip(visit):
        return answers.file(_packed(name), media_type + charset, headers=headers | {"Content-Encoding": "gzip"})
    return answers.file(_FILES[name].read_bytes(), media_type + charset, headers=headers)


def _takes_gzip(visit: Visit) -> bool:
    """Says it so, as browsers do; who weighs it otherwise gets the file as it is."""
    return "gzip" in {one.strip() for one in visit.request.headers.get("Accept-Encoding", "").split(",")}


@lru_cache
def _packed(name: str) -> bytes:
    return gzip.compress(_FILES[name].read_bytes(), mtime=0)


ROUTES = (
    Route("GET", "/favicon.ico", icon, None),
    Route("GET", "/statis/{version}/{name}", file, None),
    Route("GET", "/statis/{version}/{folder}/{package}/{name}", file, None),
)
