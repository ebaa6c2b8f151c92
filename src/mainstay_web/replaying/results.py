"""Results of a replay, as files of one folder: written once, read by pages."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from mainstay import tables as case_tables
from mainstay.replay import Replay as Lived
from mainstay.replay import ToldReplay
from mainstay.report import write_replay_page, write_replay_workbook
from mainstay.report.page import render_replay_part
from mainstay.report.replay import ReplayLike
from mainstay.tables.replay_tables import REPLAY_TABLES
from mainstay_web.planning.cases import read_snapshot
from mainstay_web.planning.results import Results

FILES = ("replay.html", "replay.xlsx")
"""What can be kept of a replay."""


def publish(found: Lived, folder: Path) -> None:
    """Write all that pages, exports and interfaces show of a replay."""
    publish_told(found, folder)
    (folder / "summary.json").write_text(json.dumps(found.to_json(), ensure_ascii=False), "utf-8")
    write_replay_page(found, folder / FILES[0])
    write_replay_workbook(found, folder / FILES[1])


def publish_told(found: ReplayLike, folder: Path) -> None:
    """Write the tables of a replay, its case, and its part of a page."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    case_tables.write(found.case, folder / "case", format="parquet")
    for name in REPLAY_TABLES:
        found.tables[name].write_parquet(folder / "tables" / f"{name}.parquet")
    markup, data = render_replay_part(found)
    (folder / "part.html").write_text(markup, "utf-8")
    (folder / "part.json.gz").write_bytes(gzip.compress(data.encode(), mtime=0))


def told(results: Results) -> ToldReplay:
    """What came of a replay, from the files that it left."""
    tables = {name: results.table(name).collect() for name in REPLAY_TABLES}
    summary: dict[str, Any] = results.summary
    names = [row["policy"] for row in summary["policies"]]
    return ToldReplay(read_snapshot(results.folder / "case"), tables, names, summary["least"])
