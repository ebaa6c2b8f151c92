"""A tape of what is asked of HiGHS: recorded while a plan is made, played again in a bare loop.

The tape holds every call that changes the model or runs it, with the arrays as they were passed, so that playing it
makes HiGHS solve the same matrices in the same order with the same options, and nothing else.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import highspy
import numpy as np
from highspy._core import _Highs

TAPED = (
    "passModel",
    "setOptionValue",
    "changeColsCost",
    "changeColsBounds",
    "changeRowsBounds",
    "changeColsIntegrality",
    "addRow",
    "deleteRows",
    "setBasis",
    "setSolution",
    "clearSolver",
    "run",
)

Call = tuple[int, str, tuple[Any, ...]]
"""Number of the solver object, name of the method, arguments."""


class Recorder:
    """A HiGHS object that writes the calls it gets on a tape."""

    tape: list[Call] = []  # noqa: RUF012  one tape for all objects

    def __init__(self) -> None:
        self._highs = _Highs()
        self._number = len({number for number, _, _ in self.tape})

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._highs, name)
        if name not in TAPED:
            return method

        def taped(*arguments: Any) -> Any:
            self.tape.append((self._number, name, tuple(_kept(each) for each in arguments)))
            return method(*arguments)

        return taped

    @staticmethod
    def resetThreadScheduler(blocking: bool) -> None:  # noqa: N802  the solver's own name
        """Passed on; it changes no model."""
        _Highs.resetThreadScheduler(blocking)


def _kept(argument: Any) -> Any:
    if isinstance(argument, np.ndarray):
        return argument.copy()
    if isinstance(argument, highspy.HighsBasis):
        return ("basis", [int(s) for s in argument.col_status], [int(s) for s in argument.row_status])
    return argument


@contextmanager
def recording(file: Path) -> Iterator[None]:
    """Record what the engine asks of HiGHS in this block, and write it into the file."""
    from mainstay.solve import highs

    Recorder.tape.clear()
    before, highs._Highs = highs._Highs, Recorder  # type: ignore[misc,assignment]
    try:
        yield
    finally:
        highs._Highs = before  # type: ignore[misc]
        file.write_bytes(pickle.dumps(Recorder.tape, protocol=5))


def _given(argument: Any) -> Any:
    if isinstance(argument, tuple) and len(argument) == 3 and argument[0] == "basis":
        basis = highspy.HighsBasis()
        basis.col_status = [highspy.HighsBasisStatus(s) for s in argument[1]]
        basis.row_status = [highspy.HighsBasisStatus(s) for s in argument[2]]
        basis.valid = True
        return basis
    return argument


def play(file: Path) -> dict[str, Any]:
    """Play the tape; seconds from the first call to the last, those of the runs alone, and their number."""
    tape: list[Call] = pickle.loads(file.read_bytes())
    tape = [(number, name, tuple(_given(each) for each in arguments)) for number, name, arguments in tape]
    solvers: dict[int, Any] = {}
    running = 0.0
    cpu, wall = process_time(), perf_counter()
    for number, name, arguments in tape:
        if number not in solvers:
            solvers[number] = _Highs()
        begin = process_time()
        getattr(solvers[number], name)(*arguments)
        running += (process_time() - begin) if name == "run" else 0.0
    return {
        "cpu_seconds": process_time() - cpu,
        "wall_seconds": perf_counter() - wall,
        "run_cpu_seconds": running,
        "runs": sum(name == "run" for _, name, _ in tape),
    }
