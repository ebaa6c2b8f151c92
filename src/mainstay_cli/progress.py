"""A progress bar on standard error: for people at a terminal, silent otherwise."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Show(Protocol):
    """Shows how far the work is: the stage, its number from 1, how many there are, and a note."""

    def __call__(self, stage: str, number: int, stages: int, note: str = "", /) -> None:
        """Show it."""


def _silent(_stage: str, _number: int, _stages: int, _note: str = "", /) -> None:
    """Show nothing."""


@contextmanager
def progress_bar(title: str, *, wanted: bool = True) -> Iterator[Show]:
    """Yield a function that shows the stage, its number, how many there are and a note.

    Nothing is shown when standard error is not a terminal, or when it is not ``wanted``.
    """
    if not wanted or not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("[dim]{task.fields[note]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, note="")

        def show(stage: str, number: int, stages: int, note: str = "", /) -> None:
            bar.update(task, description=f"{title}: {stage}", completed=number - 1, total=max(stages, 1), note=note)

        yield show
