"""A case cut down to some goods and all that is needed to make them."""

from __future__ import annotations

import polars as pl

from mainstay.tables import Case


def narrow(case: Case, goods: tuple[str, ...], tiers: tuple[str, ...]) -> Case:
    """The case with some finished goods and their chains only, and the needs of some tiers.

    What goes into them, the machines that lines for them need, and their substitutes among the goods are kept; the
    rest of the country's needs, makers and lines is left out. Lanes stay as they are, so these goods have all their
    room.
    """
    items = _chain(case, goods)
    kept = pl.col("item").is_in(items)
    processes = case["processes"].filter(kept)
    process = pl.col("process").is_in(processes["process"].implode())
    kinds = processes["line_kind"].unique().implode()
    conversions = case["conversions"].filter(pl.col("to_kind").is_in(kinds))
    wanted = pl.concat([processes["line_kind"], conversions["from_kind"].drop_nulls()]).unique().implode()
    lines = case["lines"].filter(pl.col("kind").is_in(wanted))
    families = case["items"].filter(kept)["family"].drop_nulls().to_list()
    carries = pl.col("cargo").is_null() | pl.col("cargo").is_in([*items, *families])
    lanes = case["lanes"].filter(carries)
    imports = case["imports"].filter(kept)
    there = pl.concat([lines["line"], lanes["lane"], imports["source"]]).implode()
    by_item = {
        name: case[name].filter(kept)
        for name in ("items", "needs", "stocks", "floors", "targets", "licences", "guidelines")
    }
    by_item["needs"] = by_item["needs"].filter(pl.col("tier").is_in(tiers))
    settings = case["settings"].filter(pl.col("tier").is_in(tiers))
    of_setting = pl.col("setting").is_in(settings["setting"].implode())
    by_item["guidelines"] = by_item["guidelines"].filter(of_setting)
    return case.replace(
        **by_item,
        settings=settings,
        processes=processes,
        recipes=case["recipes"].filter(process),
        conversions=conversions,
        lines=lines,
        lanes=lanes,
        imports=imports,
        substitutes=case["substitutes"].filter(kept & pl.col("substitute").is_in(items)),
        availability=case["availability"].filter((pl.col("subject") == "*") | pl.col("subject").is_in(there)),
        measures=case["measures"].filter(pl.col("target").is_in(there)),
    )


def _chain(case: Case, goods: tuple[str, ...]) -> list[str]:
    """The goods and all that goes into them, machines included."""
    found, ahead = set[str](), {*goods}
    recipes = case["recipes"].join(case["processes"].select("process", "line_kind", made="item"), on="process")
    while ahead:
        found |= ahead
        mine = recipes.filter(pl.col("made").is_in(sorted(found)))
        kinds = case["processes"].filter(pl.col("item").is_in(sorted(found)))["line_kind"].unique().implode()
        machines = case["conversions"].filter(pl.col("to_kind").is_in(kinds))["machine"].drop_nulls()
        ahead = {*mine["item"], *machines} - found
    return sorted(found)
