"""Throw-away certificates."""

import subprocess
from pathlib import Path

from tests.adapters.smtp_running import tool


def make_certificate(folder: Path, host: str = "localhost", days: int = 2) -> tuple[Path, Path]:
    """A self-signed certificate for a host and 127.0.0.1, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = [tool("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += [
        "-nodes",
        "-days",
        str(days),
        "-subj",
        f"/CN={host}",
        "-addext",
        f"subjectAltName=DNS:{host},IP:127.0.0.1",
    ]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return certificate, key
