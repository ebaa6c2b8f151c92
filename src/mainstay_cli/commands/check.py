"""``mainstay check``: what is wrong in the tables of a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mainstay_cli import options
from mainstay_cli.exits import DONE, FINDINGS
from mainstay_cli.words import plural

if TYPE_CHECKING:
    from mainstay.tables import Case, Findings


@click.command(
    "check",
    epilog="""\b
Example:
  mainstay check my-case
  mainstay check my-case.xlsx --findings findings.csv
  mainstay check my-case --json

\b
Exit codes: 0 no errors (there may be warnings); 1 errors; 2 wrong use.""",
)
@options.CASE
@click.option(
    "--findings",
    "findings_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write all findings to this .csv, .json or .parquet file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(case: Path, findings_file: Path | None, as_json: bool) -> int:
    """Check the tables of CASE, a folder or a workbook, in one pass.

    The first hundred findings are shown; all are written to a file when there are more.
    """
    from mainstay import tables
    from mainstay_cli import findings as show

    content, found = tables.check(case)
    if findings_file is None and len(found) > show.SHOWN and not as_json:
        findings_file = case.with_name(case.stem + "-findings.csv")
    if findings_file:
        show.write(found, findings_file)
    if as_json:
        click.echo(json.dumps(as_object(case, content, found), ensure_ascii=False, indent=2))
    else:
        show.show(found)
        if findings_file:
            click.echo(f"All findings: {findings_file}")
        click.echo(verdict(case, content, found))
    return FINDINGS if found.errors else DONE


def verdict(path: Path, case: Case | None, findings: Findings) -> str:
    """The last lines: how many rows were read of each table, how many are refused, what to do next."""
    from mainstay_cli.findings import count

    lines = [
        f"{name}: {plural(rows.rows, 'row')}" + (f", {rows.refused:,} refused" if rows.refused else "")
        for name, rows in findings.counts.items()
    ]
    if findings.errors or case is None:
        return "\n".join([*lines, f"{path}: {count(findings)}. Put the errors right, then check again."])
    return "\n".join([*lines, f"{path}: {count(findings)}. Next: mainstay plan {path} --out my-plan"])


def as_object(path: Path, case: Case | None, findings: Findings) -> dict[str, Any]:
    """The same for machines."""
    return {
        "case": str(path),
        "ok": not findings.errors,
        "errors": len(findings.errors),
        "warnings": len(findings.warnings),
        "hash": case.hash if case else None,
        "tables": {n: {"rows": c.rows, "refused": c.refused} for n, c in findings.counts.items()},
        "findings": findings.frame().to_dicts(),
    }
