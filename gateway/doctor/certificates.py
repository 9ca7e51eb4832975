"""The certificates that channels show: still valid, and of the key that is beside them."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from adapters import Certified
from gateway import listening
from gateway.doctor.finding import Finding, Findings, Patient, fail, ok, warn

SOON_DAYS = 21


def check(patient: Patient) -> Findings:
    for channel in patient.settings.channels:
        adapter = listening.built(channel)
        if isinstance(adapter, Certified):
            key = getattr(channel, "private_key", None)
            yield from (_finding(channel.name, file, key) for file in adapter.certificates())


def _finding(name: str, file: Path, key: Path | None) -> Finding:
    check = "certificate"
    try:
        chain = x509.load_pem_x509_certificates(file.read_bytes())
        mismatch = _mismatch(chain[0], key)
    except (OSError, ValueError) as error:
        said = f"{name}: {getattr(error, 'strerror', None) or 'cannot be read'}"
        return fail(check, said, f"{file} and its private key must be PEM files that the gateway's user can read")
    first = max(one.not_valid_before_utc for one in chain)
    last = min(one.not_valid_after_utc for one in chain)
    left = last - datetime.now(UTC)
    said = f"{name}: valid until {last:%Y-%m-%d} ({left.days} days), {_names(chain[0])}"
    if mismatch:
        return fail(check, f"{name}: it is not of its private key", "put both in place, and restart the gateway")
    if first > datetime.now(UTC):
        return fail(check, f"{name}: not valid before {first:%Y-%m-%d}", "is the clock right?")
    if left.total_seconds() < 0:
        return fail(check, f"{name}: it expired on {last:%Y-%m-%d}", "renew it")
    return warn(check, said, "renew it") if left.days < SOON_DAYS else ok(check, said)


def _mismatch(shown: x509.Certificate, key: Path | None) -> bool:
    if key is None:
        return False
    return _encoded(load_pem_private_key(key.read_bytes(), None).public_key()) != _encoded(shown.public_key())


def _encoded(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _names(shown: x509.Certificate) -> str:
    try:
        found = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return "for no name"
    return "for " + ", ".join(found.get_values_for_type(x509.DNSName))
