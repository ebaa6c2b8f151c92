"""Reading the case that a command is about."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mainstay_cli.progress import progress_bar

if TYPE_CHECKING:
    from mainstay.tables import Case


def read_case(path: Path, *, as_of: datetime | None = None, horizon: str | None = None) -> Case:
    """The case of a folder or workbook, as it was known on a day, with the periods that were asked for.

    Raises
    ------
    DataError : the case has errors; its findings name each
    """
    from mainstay import tables

    with progress_bar("Reading") as progress:
        case = tables.read(path, progress=progress)
    if as_of is not None:
        case = tables.as_known(case, as_of.date())
    return case if horizon is None else case.replace(horizon=horizon)
