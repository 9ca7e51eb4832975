"""Files that lie with Meta at an address of their own, which is good for a while and needs no token."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from adapters import Attachment, Get, Refused

#: Meta's own, by the login of Facebook or of Instagram.
GRAPH_HOSTS = ("graph.facebook.com", "graph.instagram.com")
#: Where they lie.
CDN = ("*.fbcdn.net", "*.fbsbx.com", "*.cdninstagram.com")
ADDRESS = "url:"
LONGEST_ADDRESS = 4096


def hosts_of(graph_url: str, usual: Sequence[str]) -> Sequence[str]:
    """With the Graph API itself. Another one than Meta's own is one that the operator named."""
    graph = urlsplit(graph_url)
    if graph.hostname in GRAPH_HOSTS:
        return (graph.hostname, *usual)
    return (f"{graph.scheme}://{graph.netloc}", *usual)


def attachment(url: str, media_type: str) -> Attachment | None:
    """A file at an address; None where that is none. How large it is is not told."""
    if not url.startswith(("https://", "http://")) or len(url) > LONGEST_ADDRESS:
        return None
    return Attachment(None, media_type, size=0, reference=f"{ADDRESS}{url}")


async def fetched(file: Attachment, get: Get) -> bytes:
    """Raises what `get` does, and `Refused` if it has no address."""
    reference = file.reference or ""
    if not reference.startswith(ADDRESS) or reference == ADDRESS:
        raise Refused("this is no file of Meta's")
    return await get(reference.removeprefix(ADDRESS))
