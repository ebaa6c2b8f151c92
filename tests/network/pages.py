"""The pages of the kinds of task: each brings a small case, made of tiny and the tables that the page shows.

A fenced block ``csv FILE`` or ``toml FILE`` is that table of the case (or, with a folder in its name, a file beside
it). The lines of a ``console`` block that begin with ``$`` are run beside the case, and what follows is what they say.

``python -m tests.network.pages [PAGE ...]`` runs the pages and writes what they say anew; read the difference.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mainstay.network.kinds import kinds
from mainstay_cli.main import run as mainstay

ROOT = Path(__file__).parents[2]
TINY = ROOT / "examples" / "tiny"
FENCE = re.compile(r"^```(csv|toml|console)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Command:
    """One line of a console block, and the text that it is said to print (empty: not shown)."""

    line: str
    output: str


def kind_names() -> list[str]:
    """Names of all kinds of task, as their pages bear them."""
    return [kind.__name__.rpartition(".")[2].rstrip("_") for kind in kinds()]


def page_of(kind: str) -> Path:
    return ROOT / "docs" / "kinds" / f"{kind}.md"


def page_case(page: Path, folder: Path) -> Path:
    """Make the case of a page in ``folder/case``: tiny, with the tables of the page in the place of its own."""
    case = folder / "case"
    shutil.copytree(TINY, case)
    for language, name, text in FENCE.findall(page.read_text(encoding="utf-8")):
        if language != "console" and name.strip():
            file = folder / name.strip() if "/" in name else case / name.strip()
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
    return case


def commands(text: str) -> list[Command]:
    """The lines of all console blocks, each with what follows it."""
    found = []
    for language, _, block in FENCE.findall(text):
        if language == "console":
            parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
            found += [Command(*part.split("\n", 1)) for part in parts]
    return found


def run(line: str, folder: Path) -> str:
    """What a line of a page prints: ``mainstay`` is carried out here, all else by the shell."""
    words = shlex.split(line)
    if words[0] != "mainstay":
        done = subprocess.run(line, shell=True, cwd=folder, check=True, capture_output=True, text=True)
        return done.stdout
    said = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = mainstay([*words[1:], "--no-report"] if words[1] == "plan" else words[1:])
    assert code == 0, f"{line}: exit code {code}\n{said.getvalue()}"
    return re.sub(r" +$", "", said.getvalue(), flags=re.MULTILINE)


def rerun(page: Path) -> str:
    """The text of a page with every output as it is now; what a ``mainstay`` prints only where the page shows it."""
    text = page.read_text(encoding="utf-8")
    with TemporaryDirectory() as name:
        folder = Path(name)
        page_case(page, folder)
        for command in commands(text):
            output = run(command.line, folder)
            if command.output or not command.line.startswith("mainstay"):
                text = text.replace(f"$ {command.line}\n{command.output}", f"$ {command.line}\n{output}", 1)
    return text


if __name__ == "__main__":
    for page in map(Path, sys.argv[1:] or [page_of(kind) for kind in kind_names()]):
        page.write_text(rerun(page), encoding="utf-8")
