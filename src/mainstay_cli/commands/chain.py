"""``mainstay chain``: see the industrial chain of a case."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mainstay.errors import UsageError
from mainstay_cli import options
from mainstay_cli.exits import DONE
from mainstay_cli.paths import refuse_unless_chain
from mainstay_cli.progress import progress_bar
from mainstay_cli.reading import read_case
from mainstay_cli.words import amount, plural

if TYPE_CHECKING:
    from mainstay.chain import Chain

MOST_SHOWN = 10
"""Key enterprises in the summary."""


@click.command(
    "chain",
    epilog="""\b
Example:
  mainstay chain my-case --out my-chain
  mainstay chain my-case --out my-chain --plan my-plan
  mainstay chain my-case --out masks --item mask_n95 --item meltblown

\b
Exit codes: 0 done; 1 the case has errors; 2 wrong use.""",
)
@options.CASE
@options.out("Folder for chain.html, chain.xlsx, the tables, and the graph as GraphML, JSON and GeoJSON.")
@options.plan_of("Folder of a plan of this case: show its flows and how far it uses each maker.")
@click.option("--item", "items", metavar="ITEM", multiple=True, help="Only what leads to this item; may be repeated.")
@click.option(
    "--enterprise",
    "enterprises",
    metavar="ENTERPRISE",
    multiple=True,
    help="Only what leads to and from this enterprise; may be repeated.",
)
@options.SCENARIO
@options.AS_OF
@options.HORIZON
@options.AS_JSON
@options.FORCE
def command(
    case: Path,
    out: Path,
    planned: Path | None,
    items: tuple[str, ...],
    enterprises: tuple[str, ...],
    scenario: str | None,
    as_of: datetime | None,
    horizon: str | None,
    as_json: bool,
    force: bool,
) -> int:
    """See the industrial chain of CASE, a folder or a workbook, and write it to DIR.

    Who makes what of what, who depends on whom, in how few hands each item is, what has one source
    only, what a need waits for, and on which enterprises most rests, with the reasons.
    """
    from mainstay.chain import analyse
    from mainstay.network import compile as compile_case
    from mainstay.plan import read_plan
    from mainstay.plan.needs import with_needs
    from mainstay.report import write_chain_page, write_chain_workbook

    if planned is not None and (scenario or horizon or as_of):
        raise UsageError("--plan brings scenario, horizon and day. Leave out --scenario, --horizon and --as-of.")
    refuse_unless_chain(out, force=force)
    content = read_case(case, as_of=as_of, horizon=horizon)
    with progress_bar("Analysing"):
        if planned is None:
            content, _ = with_needs(content, scenario)
            chain = analyse(content, compile_case(content))
        else:
            chain = read_plan(planned, content, as_planned=True).chain
        if items or enterprises:
            chain = chain.select(items=items, enterprises=enterprises)
    with progress_bar("Writing"):
        write_chain_page(chain, out / "chain.html")
        write_chain_workbook(chain, out / "chain.xlsx")
        chain.write(out)
    if as_json:
        click.echo(json.dumps(_values(chain), ensure_ascii=False, indent=2))
    else:
        _show(chain, out)
    return DONE


def _values(chain: Chain) -> dict[str, object]:
    """The tables for machines; those of the graph are in ``chain.json``."""
    told = {
        name: table.to_dicts() for name, table in chain.tables.items() if name not in ("nodes", "edges", "dependence")
    }
    return {"nodes": chain.nodes.height, "edges": chain.edges.height, "planned": chain.is_planned, **told}


def _show(chain: Chain, out: Path) -> None:
    """Print what matters most for a person."""
    from mainstay_cli.screen import console, grid

    screen = console()
    screen.print()
    screen.print(chain.case.title or "Chain", style="bold")
    counts = dict(chain.nodes["kind"].value_counts().iter_rows())
    screen.print(
        f"{plural(counts.get('item', 0), 'item')}, {plural(counts.get('make', 0), 'maker')}, "
        f"{plural(counts.get('abroad', 0), 'offer')} abroad, {plural(counts.get('need', 0), 'need')}; "
        f"{plural(chain.edges.height, 'edge')}."
    )
    view = grid("Key enterprises", "rank", "enterprise", "score", "rests", "why", right=("rank", "score", "rests"))
    names = dict(chain.case["enterprises"].select("enterprise", "name").iter_rows())
    keys = chain.tables["key_enterprises"]
    for row in keys.head(MOST_SHOWN).iter_rows(named=True):
        who = names[row["enterprise"]]
        view.add_row(str(row["rank"]), who, f"{row['score']:.1f}", f"{row['rests']:.1f}", row["text"])
    screen.print(view)
    for line in _findings(chain):
        screen.print(line)
    click.echo(f"Map: {out / 'chain.html'}  Tables: {out / 'chain.xlsx'} and CSV  Graph: GraphML, JSON, GeoJSON")


def _findings(chain: Chain) -> list[str]:
    """Tightest item, widest single source, in one line each."""
    import polars as pl

    names = dict(chain.case["items"].select("item", "name").iter_rows())
    lines = []
    tight = chain.tables["tiers"].filter(pl.col("ratio") < 1).sort("ratio", "item").head(3)
    if tight.height:
        parts = [f"{names[item]} {amount(100 * ratio)} %" for item, ratio in tight.select("item", "ratio").iter_rows()]
        lines.append(f"Standing capacity covers least of what is required of: {', '.join(parts)}.")
    sole = chain.tables["single_sources"].filter(level="enterprise")
    if sole.height:
        lines.append(f"{plural(sole['item'].n_unique(), 'item')} with one source only at some place.")
    return lines
