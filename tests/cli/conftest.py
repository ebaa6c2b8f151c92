"""Runs a command line as a user would, and hands back what it said."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mainstay import examples
from mainstay_cli.main import run


@dataclass(frozen=True)
class Said:
    """Exit code and the text on standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def mainstay(capsys) -> Callable[..., Said]:
    """Carry out ``mainstay WORDS``; no command line may end in a traceback."""

    def call(*words: str | Path) -> Said:
        code = run([str(word) for word in words])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Said(code, out, err)

    return call


@pytest.fixture
def tiny() -> Path:
    """Folder of the tiny case."""
    return examples.path("tiny")


@pytest.fixture
def broken(tmp_path, mainstay) -> Path:
    """A copy of the tiny case in which one cell is no number."""
    mainstay("new", tmp_path / "broken", "--from", "tiny")
    file = tmp_path / "broken" / "lines.csv"
    file.write_text(file.read_text().replace("mask,2,", "mask,two,"))
    return tmp_path / "broken"
