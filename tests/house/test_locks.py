"""The lock files: all pinned, all hashed, no host named, nothing missing."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-platform.lock", "requirements-dev.lock")


def read_lock(name: str) -> dict[str, str]:
    """Package -> the text of its entry (the entries of one package joined)."""
    entries: dict[str, str] = {}
    for entry in re.split(r"\n(?=\S)", (ROOT / name).read_text().strip()):
        package = re.match(r"[\w.-]+", entry)
        assert package, f"{name}: cannot read {entry[:60]}"
        entries[package[0]] = entries.get(package[0], "") + entry
    return entries


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_no_file(name):
    assert not re.search(r"://|--index|--find-links|file:|@ ", (ROOT / name).read_text())


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_and_hashed(name):
    for package, entry in read_lock(name).items():
        assert re.match(rf"{re.escape(package)}==\S+", entry), f"{name}: {package} is not pinned"
        assert "--hash=sha256:" in entry, f"{name}: {package} has no hash"


def test_every_declared_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-platform.lock": project["project"]["optional-dependencies"]["platform"],
        "requirements-dev.lock": project["dependency-groups"]["dev"],
    }
    wanted: set[str] = set()
    for name in LOCKS:
        wanted |= {re.match(r"[\w.-]+", dependency)[0] for dependency in declared[name]}
        assert wanted <= set(read_lock(name))


def test_all_locks_agree_on_every_version():
    versions = re.compile(r"==([^\s;]+)")
    for small, large in pairwise(map(read_lock, LOCKS)):
        for package in small:
            assert versions.findall(small[package]) == versions.findall(large[package])
