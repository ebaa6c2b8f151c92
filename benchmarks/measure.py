"""What benchmarks share: CPU and wall seconds, memory of child processes, the machine, where figures are kept."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

FIGURES = Path(__file__).parent / "figures"
PACKAGES = ("mainstay", "highspy", "numpy", "polars", "scipy")


@dataclass
class Spent:
    """Seconds of a piece of work; cpu counts all threads of the process."""

    cpu: float = 0.0
    wall: float = 0.0


@contextmanager
def spent() -> Iterator[Spent]:
    """Measure the block; the figures stand when it ends."""
    figures = Spent()
    cpu, wall = process_time(), perf_counter()
    yield figures
    figures.cpu, figures.wall = process_time() - cpu, perf_counter() - wall


@dataclass(frozen=True)
class Child:
    """A child process that ended well: its output, seconds and largest memory [MB]."""

    output: str
    cpu: float
    wall: float
    memory: float

    @property
    def last(self) -> dict[str, Any]:
        """The JSON object on its last line."""
        found: dict[str, Any] = json.loads(self.output.strip().splitlines()[-1])
        return found


def child(*arguments: str) -> Child:
    """Run this Python with the arguments; RuntimeError when it fails."""
    wall = perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}: {output}")
    return Child(output, usage.ru_utime + usage.ru_stime, perf_counter() - wall, usage.ru_maxrss / 1024)


def machine() -> dict[str, Any]:
    """Cores, memory and versions, without any name of the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "load_at_end": round(os.getloadavg()[0], 1),
    }


def rounded(figures: Any, digits: int = 3) -> Any:
    """All numbers inside rounded to so many digits after the point."""
    if isinstance(figures, float):
        return round(figures, digits)
    if isinstance(figures, dict):
        return {name: rounded(value, digits) for name, value in figures.items()}
    if isinstance(figures, list | tuple):
        return [rounded(value, digits) for value in figures]
    return figures


def conclude(name: str, figures: dict[str, Any], *, keep: bool) -> None:
    """Print the figures with the machine as one line of JSON; ``keep``: also write them into ``benchmarks/figures``."""
    found = {"benchmark": name, **rounded(figures), "machine": machine()}
    if keep:
        FIGURES.mkdir(exist_ok=True)
        (FIGURES / f"{name}.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found), flush=True)


def arguments(text: str | None) -> argparse.ArgumentParser:
    """The options that every benchmark has."""
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--keep", action="store_true", help="write the figures into benchmarks/figures")
    return parser
