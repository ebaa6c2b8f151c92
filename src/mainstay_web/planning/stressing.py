"""The stress test of a plan: at once with a small one, as a job in the background with a large one."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mainstay.report.page import render_stress_part

if TYPE_CHECKING:
    from mainstay.tables import Case

DAYS = 14
"""Days of each loss, or the horizon where that is shorter."""
FILES = ("stress.html", "stress.json.gz")
"""What a run with a stress test holds; the second marks it, and is put there last."""


def write_stress(
    case: Case, folder: Path, progress: Callable[[int, int], None] | None = None, *, survival: bool = True
) -> int:
    """Write what every single loss would cost a case, as a part of a page; how many losses were tried.

    survival : whether to say how long each is survived too, which takes most of the time

    Pages do without the solver, so it is imported here.
    """
    from mainstay.stress import Study, all_disruptions, make_model, stress

    model = make_model(case)
    disruptions = all_disruptions(model.case, min(DAYS, model.network.calendar.num_days))
    markup, data = render_stress_part(Study(stress(model, disruptions, survival=survival, progress=progress)))
    (folder / FILES[0]).write_text(markup, "utf-8")
    (folder / FILES[1]).write_bytes(gzip.compress(data.encode(), mtime=0))
    return len(disruptions)
