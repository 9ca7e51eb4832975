"""The certificates that channels show: still valid, and of the key that is beside them."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from adapters import ChannelSettings
from gateway.doctor.finding import Finding, Findings, Patient, fail, ok, warn

SOON_DAYS = 21


def check(patient: Patient) -> Findings:
    for channel in patient.settings.channels:
        if file := getattr(channel, "certificate", None):
            yield _finding(channel, file)


def _finding(channel: ChannelSettings, file: Path) -> Finding:
    check = "certificate"
    try:
        shown, *_ = x509.load_pem_x509_certificates(file.read_bytes())
        mismatch = _mismatch(shown, getattr(channel, "private_key", None))
    except (OSError, ValueError) as error:
        said = f"{channel.name}: {getattr(error, 'strerror', None) or 'cannot be read'}"
        return fail(check, said, f"{file} and its private key must be PEM files that the gateway's user can read")
    left = shown.not_valid_after_utc - datetime.now(UTC)
    said = f"{channel.name}: valid until {shown.not_valid_after_utc:%Y-%m-%d} ({left.days} days), {_names(shown)}"
    if mismatch:
        return fail(check, f"{channel.name}: it is not of its private key", "put both in place, and restart or reload")
    if shown.not_valid_before_utc > datetime.now(UTC):
        return fail(
            check, f"{channel.name}: not valid before {shown.not_valid_before_utc:%Y-%m-%d}", "is the clock right?"
        )
    if left.total_seconds() < 0:
        return fail(check, f"{channel.name}: it expired on {shown.not_valid_after_utc:%Y-%m-%d}", "renew it")
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
