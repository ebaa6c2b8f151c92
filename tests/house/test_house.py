"""The house itself: what a newcomer, a packager and a machine expect to find."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from mainstay import __version__

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("target", ["setup", "run", "demo", "test", "lint", "bench"])
def test_every_promised_make_target_can_be_made(target):
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_setting_up_twice_does_the_work_once(tmp_path):
    (tmp_path / "tools").mkdir()
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text())
    (tmp_path / "tools" / "setup.sh").write_text('mkdir -p "$1" && echo working')
    for name in ("pyproject.toml", "requirements-dev.lock"):
        (tmp_path / name).touch()

    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    said = [
        subprocess.run(["make", "setup"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]

    assert ["working" in one.stdout for one in said] == [True, False]


def test_continuous_integration_ends_with_the_tests():
    script = ROOT / ".ci" / "run"
    lines = [line for line in script.read_text().splitlines() if line.strip()]

    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert lines[-2:] == ["make lint", "make test"]
    assert os.access(script, os.X_OK)


def test_the_changelog_speaks_of_this_version():
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_licence_is_the_one_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    text = (ROOT / "LICENSE").read_text()

    assert project["license"] == "Apache-2.0"
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_every_dependency_says_what_it_is_for():
    text = (ROOT / "pyproject.toml").read_text()
    declared = re.findall(r'^  "[\w.-]+(?:>=|==)[^"]*",(.*)$', text, re.MULTILINE)

    assert len(declared) >= 14
    assert all(re.match(r"\s+# \w+", comment) for comment in declared)
