"""When the certificates that channels show come to their end."""

from collections.abc import Iterable
from pathlib import Path

from cryptography import x509

from adapters import Certified
from gateway.channels import Channel


def ends(channels: Iterable[Channel]) -> dict[str, float]:
    """Unix time by channel, for those that show any; 0 where one cannot be read."""
    shown = {one.name: one.adapter.certificates() for one in channels if isinstance(one.adapter, Certified)}
    return {name: min(map(_end_or_0, files)) for name, files in shown.items() if files}


def end(file: Path) -> float:
    """Unix time at which the first certificate of a chain ends. Raises OSError or ValueError."""
    chain = x509.load_pem_x509_certificates(file.read_bytes())
    return min(certificate.not_valid_after_utc.timestamp() for certificate in chain)


def _end_or_0(file: Path) -> float:
    try:
        return end(file)
    except (OSError, ValueError):
        return 0.0
