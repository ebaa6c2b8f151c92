"""The wheel stands alone: in an empty environment it begins a case and plans it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command away from the tree and return what it prints; fail with all it said."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def has_uv() -> bool:
    if shutil.which("uv") is None:
        return False
    return subprocess.run(["uv", "--version"], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """An empty environment, in a folder of its own, with the locked dependencies and the wheel alone."""
    folder = tmp_path_factory.mktemp("alone")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    python = folder / "venv" / "bin" / "python"
    lock = ROOT / "requirements.lock"
    if has_uv():
        run("uv", "venv", "--quiet", "--python", sys.executable, folder / "venv", cwd=folder)
        install = ("uv", "pip", "install", "--quiet", "--python", python)
    else:
        run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
        install = (python, "-m", "pip", "install", "--quiet")
    run(*install, "--require-hashes", "-r", lock, cwd=folder)
    run(*install, "--no-deps", wheel, cwd=folder)
    return folder


def test_the_wheel_alone_begins_a_case_and_plans_it(home):
    mainstay = home / "venv" / "bin" / "mainstay"

    run(mainstay, "new", "case", "--from", "tiny", cwd=home)
    answer = json.loads(run(mainstay, "plan", "case", "--out", "plan", "--json", cwd=home))

    assert answer["check"]["violations"] == []
    assert (home / "plan" / "report.html").stat().st_size > 10_000
    assert (home / "plan" / "production.csv").is_file()


def test_the_wheel_brings_every_bundled_case(home):
    mainstay = home / "venv" / "bin" / "mainstay"

    run(mainstay, "new", "hubei", "--from", "hubei-2020", cwd=home)

    assert (home / "hubei" / "needs.csv").stat().st_size > 10_000


def test_the_wheel_alone_derives_needs(home):
    mainstay = home / "venv" / "bin" / "mainstay"

    run(mainstay, "new", "cholera", "--from", "cholera-mini", cwd=home)
    answer = json.loads(run(mainstay, "demand", "cholera", "--out", "demand", "--json", cwd=home))

    assert answer["paths"] == 200


def test_the_wheel_and_the_tree_say_the_same_version(home):
    from mainstay import __version__

    assert run(home / "venv" / "bin" / "mainstay", "--version", cwd=home) == f"mainstay {__version__}\n"
