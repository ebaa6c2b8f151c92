"""Tables on the terminal: quiet, without frames, and whole when they go to a file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH_OF_A_FILE = 140
"""Columns of text when standard output is no terminal."""


def console() -> Console:
    """The terminal, or a wide page when the output goes to a file or another program."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE, highlight=False, markup=False, emoji=False)


def grid(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    """An empty table with these columns; numbers stand to the ``right``."""
    from rich import box
    from rich.table import Table

    view = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        view.add_column(name, justify="right" if name in right else "left", overflow="fold")
    return view
