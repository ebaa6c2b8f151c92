"""A whole case as a file: a workbook, or a zip of CSV files; reading it back gives the same case."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Literal

from django.http import FileResponse

from mainstay import tables
from mainstay.tables import CASE_TABLES, Case, frames
from mainstay_web.registry import queries

Format = Literal["xlsx", "zip"]


def case_of_register() -> Case | None:
    """The register as a case, without reports; None while it has no settings."""
    settings = queries.settings_of_case()
    if not settings:
        return None
    kept = {**queries.current_tables(), "reports": frames.empty(CASE_TABLES["reports"])}
    ordered = {name: kept[name] for name in CASE_TABLES}
    return Case(**settings, tables=ordered, extras=queries.extras())


def case_file(case: Case, format: Format, name: str = "case") -> FileResponse:
    """The case as a file to keep; with the shapes of its areas a workbook comes in a zip.

    Raises
    ------
    UsageError : a table is too large for a sheet
    """
    out = TemporaryFile()  # noqa: SIM115 (the answer closes it when it was sent)
    with TemporaryDirectory(prefix="mainstay-") as folder:
        if format == "xlsx" and not case.extras:
            tables.write(case, Path(folder) / f"{name}.xlsx")
            out.write((Path(folder) / f"{name}.xlsx").read_bytes())
        else:
            tables.write(case, Path(folder) / (f"{name}.xlsx" if format == "xlsx" else name))
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in sorted(f for f in Path(folder).rglob("*") if f.is_file()):
                    archive.write(file, file.relative_to(folder))
            format = "zip"
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{name}.{format}")
