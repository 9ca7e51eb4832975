"""The answers of pages, with the headers that keep browsers from harm.

No page may run or load anything but our own files, be shown within another, or tell other hosts that it was open.
"""

from collections.abc import Mapping

from adapters import Response

HTML = "text/html; charset=utf-8"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}
NOT_KEPT = {"Cache-Control": "no-store"}
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def html(text: str, status: int = 200, headers: Mapping[str, str] = NOT_KEPT) -> Response:
    return Response(
        status=status, body=text.encode("utf-8", "replace"), content_type=HTML, headers=HEADERS | dict(headers)
    )


def redirect(to: str, headers: Mapping[str, str] = NOT_KEPT) -> Response:
    """Go on with a GET (303), as after a form was sent. `to` is a path of ours."""
    if not is_ours(to):
        raise ValueError("only to a page of our own")
    return Response(status=303, headers=HEADERS | {"Location": to} | dict(headers))


def is_ours(path: str) -> bool:
    """Is it a path, which no browser takes for the address of another host? They leave out tabs and line breaks."""
    is_plain = all(" " < letter < "\x7f" for letter in path)
    return is_plain and path.startswith("/") and not path.startswith(("//", "/\\"))


def away(to: str) -> Response:
    """Go to another site, which the settings name."""
    return Response(status=303, headers=HEADERS | NOT_KEPT | {"Location": to})


def plain(status: int, text: str, headers: Mapping[str, str] = NOT_KEPT) -> Response:
    return Response(status=status, body=f"{text}\n".encode(), headers=HEADERS | dict(headers))


def file(content: bytes, media_type: str, name: str = "", headers: Mapping[str, str] = NOT_KEPT) -> Response:
    """A file; with a `name` it is to be saved, not shown."""
    disposition = {"Content-Disposition": f'attachment; filename="{_plain_name(name)}"'} if name else {}
    return Response(body=content, content_type=media_type, headers=HEADERS | disposition | dict(headers))


def _plain_name(name: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "_" for letter in name)
