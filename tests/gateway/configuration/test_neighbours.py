"""Kanal refuses to run beside a distribution that installs packages under its names."""

from pathlib import Path

import pytest

from gateway.neighbours import foreign_packages


def install(site: Path, name: str, files: str) -> None:
    info = site / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files.split()))


def test_nothing_is_wrong_here() -> None:
    assert foreign_packages() == []


def test_a_distribution_with_one_of_our_packages_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "dedupe", "dedupe/__init__.py dedupe/api.py")
    install(tmp_path, "django-adapters", "adapters.py django_adapters/__init__.py")
    install(tmp_path, "kanal", "gateway/__init__.py normalizer/__init__.py")
    install(tmp_path, "neighbour", "gateways/__init__.py neighbour/dedupe/__init__.py")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert sorted(foreign_packages()) == [
        "The distribution 'dedupe' installs a package 'dedupe' too: "
        "install Kanal in an environment of its own, or run `pip uninstall dedupe`.",
        "The distribution 'django-adapters' installs a package 'adapters' too: "
        "install Kanal in an environment of its own, or run `pip uninstall django-adapters`.",
    ]


def test_packages_of_a_linux_distribution_are_seen_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "python_gateway-2.egg-info"
    info.mkdir()
    (info / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: python-gateway\nVersion: 2\n")
    (info / "top_level.txt").write_text("gateway\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    (sentence,) = foreign_packages()
    assert sentence.startswith("The distribution 'python-gateway' installs a package 'gateway' too")
