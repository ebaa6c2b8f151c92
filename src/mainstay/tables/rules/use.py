"""People and rules of use: what must be said so that needs can be derived. Looked at only where they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

import polars as pl

from mainstay.tables.cells import show
from mainstay.tables.declaration import Rule
from mainstay.tables.demand_tables import MEASURES_OF_COURSE, MODES, POPULATION
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW, nearest
from mainstay.tables.rules.dates import calendar_of
from mainstay.tables.rules.supply import differing_patience, scenario_not_among

Tables = Mapping[str, pl.DataFrame]


def derives_needs(tables: Tables) -> bool:
    """Whether the needs of the case are derived, by its setting ``course``."""
    return tables["case"]["course"][0] not in (None, "needs")


def capacity_nowhere(tables: Tables) -> Iterator[Finding]:
    """Caps that no place has."""
    known = tables["capacities"]["capacity"].drop_nulls().unique().sort().to_list()
    wrong = tables["settings"].filter(pl.col("cap").is_not_null() & ~pl.col("cap").is_in(known))
    for row, cap in wrong.select(ROW, "cap").rows():
        yield Finding(
            "settings",
            row,
            "cap",
            cap,
            "capacity_nowhere",
            Both(
                f'no place has the capacity "{cap}", so it limits nobody.',
                f"没有地点具有能力“{cap}”，因此不限制任何人。",
            ),
            nearest(cap, known)
            or Both("Add it to capacities, or clear the cap.", "请添加到 capacities 表，或清空上限。"),
        )


def empty_rules(tables: Tables) -> Iterator[Finding]:
    """Nothing to derive needs from."""
    if not tables["guidelines"].height:
        yield _empty("guidelines", Both("how much of an item one person uses", "每人使用多少物资"))
    if not tables["settings"].height and not tables["people"].height:
        yield _empty(
            "settings",
            Both("in which settings people use goods, and how many they are", "人们在哪些场景使用物资、有多少人"),
        )


def _empty(table: str, what: Both) -> Finding:
    message = Both("the table has no rows, so no needs can be derived.", "该表没有数据行，无法推算需求。")
    return Finding(
        table,
        None,
        "",
        "",
        "empty_table",
        message,
        Both(f'Say {what}, or set course = "needs".', f'请说明{what.zh}，或设 course = "needs"。'),
        "warning",
    )


def guideline_terms(tables: Tables) -> Iterator[Finding]:
    """Needs of one risk, item and tier that may wait for different numbers of days."""
    yield from differing_patience(
        "guidelines", _with_tier(tables), ["risk", "item", "tier"], Both("in areas of {risk} risk", "{risk} 风险地区")
    )


def missing_capacity(tables: Tables) -> Iterator[Finding]:
    """Capacities that people are counted from, without a row at some place; one warning for each."""
    places = tables["places"].drop_nulls(["place", "risk"])["place"]
    for row, setting, driver in _drivers(tables).rows():
        has = tables["capacities"].filter(pl.col("capacity") == driver)["place"]
        without = [place for place in places if place not in set(has)]
        if has.len() and without:
            yield Finding(
                "settings",
                row,
                "driver",
                driver,
                "missing_capacity",
                Both(
                    f"{len(without):,} places (the first is {without[0]}) have no row for {driver}; nobody is "
                    "counted in "
                    f"{setting} there.",
                    f"{len(without):,} 个地点（首个为 {without[0]}）没有 {driver} 的数据；那里的 {setting} "
                    "不计任何人。",
                ),
                Both("Add them to capacities, 0 where there are none.", "请补到 capacities 表，没有的填 0。"),
                "warning",
            )


def missing_population(tables: Tables) -> Iterator[Finding]:
    """Places with a risk level but without the population that people are counted from."""
    if _drivers(tables).filter(pl.col("driver") == POPULATION).height:
        for row, place in (
            tables["places"]
            .filter(pl.col("risk").is_not_null() & pl.col("population").is_null())
            .select(ROW, "place")
            .rows()
        ):
            yield Finding(
                "places",
                row,
                "population",
                "",
                "missing_population",
                Both(
                    f"people of {place} are counted from its population, which is empty.",
                    f"{place} 的人数由人口推算，而人口为空。",
                ),
                Both(
                    "Give it, 0 where nobody lives; or clear the risk of a place that has no needs of its own.",
                    "请填写人口，无人居住填 0；自身没有需求的地点请清空风险等级。",
                ),
            )


def no_guideline(tables: Tables) -> Iterator[Finding]:
    """Settings that use nothing in areas of a risk level that places have; one warning for each."""
    risks = tables["places"]["risk"].drop_nulls().unique().sort().to_list()
    rules = tables["guidelines"].filter(pl.col("mode") == MODES[0])
    has = set(rules.select("setting", "risk").unique().rows())
    for name in ("settings", "people"):
        first = tables[name].drop_nulls("setting").unique("setting", keep="first", maintain_order=True)
        for row, setting in first.select(ROW, "setting").rows():
            without = [risk for risk in risks if (setting, risk) not in has]
            if without:
                yield Finding(
                    name,
                    row,
                    "setting",
                    setting,
                    "no_guideline",
                    Both(
                        f"no guideline says what people in {setting} use in areas of {' or '.join(without)} risk; they "
                        "need nothing there.",
                        f"没有指南说明 {setting} 的人员在{'、'.join(without)}风险地区使用什么；他们在那里没有需求。",
                    ),
                    Both(
                        "Add conventional rows to guidelines, or correct the setting.",
                        "请在 guidelines 表添加常规模式的行，或更正使用场景。",
                    ),
                    "warning",
                )


def people_gaps(tables: Tables) -> Iterator[Finding]:
    """People that the case states itself, but not for every day of the plan; one warning for the table."""
    calendar = calendar_of(tables)
    if calendar is None:
        return
    stated = tables["people"].filter(pl.col("scenario") == tables["case"]["scenario"][0])
    within = pl.col("date").is_between(calendar.start, calendar.end, closed="left")
    days = stated.group_by("place", "setting", maintain_order=True).agg(
        within.sum().alias("_days"), pl.col(ROW).first()
    )
    short = days.filter(pl.col("_days") < calendar.num_days)
    if short.height:
        row, place, setting, number = short.select(ROW, "place", "setting", "_days").row(0)
        yield Finding(
            "people",
            row,
            "date",
            "",
            "people_gaps",
            Both(
                f"{setting} at {place} has {number:,} of the {calendar.num_days:,} days of the plan ({short.height:,} "
                "settings and places have too few); nobody is counted there on the others.",
                f"{place} 的 {setting} 只有计划期 {calendar.num_days:,} 天中的 {number:,} 天（共 "
                f"{short.height:,} 个场景与地点天数不足）；其余日期不计任何人。",
            ),
            Both(
                "Give a row for every day, 0 where nobody is there; or leave the rows out, to have them derived.",
                "请每日一行，无人填 0；或不填这些行，由系统推算。",
            ),
            "warning",
        )


def place_without_risk(tables: Tables) -> Iterator[Finding]:
    """Places with people but without the risk level that guidelines go by."""
    named = pl.concat([tables[name].select("place") for name in ("people", "capacities", "epidemic")])["place"]
    places = tables["places"].filter(pl.col("risk").is_null() & pl.col("place").is_in(named.unique().implode()))
    for row, place in places.select(ROW, "place").rows():
        yield Finding(
            "places",
            row,
            "risk",
            "",
            "place_without_risk",
            Both(
                f"{place} has people, capacities or cases, but no risk level; no needs are derived for it.",
                f"{place} 有人员、能力或病例，但没有风险等级；不为其推算需求。",
            ),
            Both(
                "Give its risk level, or leave it empty where the people are counted at other places.",
                "请填写风险等级；若人员计在其他地点，则留空。",
            ),
            "warning",
        )


def profile_outside(tables: Tables) -> Iterator[Finding]:
    """Profiles all of whose days lie on one side of the plan; one warning for each."""
    calendar = calendar_of(tables)
    if calendar is None:
        return
    days = tables["profiles"].drop_nulls(["profile", "from"]).group_by("profile", "place", maintain_order=True)
    for row, profile, first, last in (
        days.agg(pl.col(ROW).first(), pl.col("from").min().alias("_first"), pl.col("from").max().alias("_last"))
        .filter(
            (pl.col("_first") > calendar.start) & (pl.col("_first") >= calendar.end)
            | (pl.col("_last") < calendar.start)
        )
        .select(ROW, "profile", "_first", "_last")
        .rows()
    ):
        yield Finding(
            "profiles",
            row,
            "from",
            show(first),
            "profile_outside",
            Both(
                f"{profile} changes from {first} to {last}, outside the plan ({calendar.start} to before "
                f"{calendar.end}); "
                "it is the same on every day of it.",
                f"{profile} 在 {first} 至 {last} 变化，不在计划期内（{calendar.start} 起，{calendar.end} 之前）"
                "；计划期内每日相同。",
            ),
            Both(
                "Nothing needs to be done if that is meant; else correct the days.",
                "若本意如此则无需处理；否则请更正日期。",
            ),
            "warning",
        )


def setting_tiers(tables: Tables) -> Iterator[Finding]:
    """Settings whose rows have different tiers, or no tier at all."""
    rows = tables["settings"].drop_nulls(["setting", "tier"])
    first = rows.unique("setting", keep="first", maintain_order=True).select("setting", pl.col("tier").alias("_first"))
    for row, setting, tier, other in (
        rows.join(first, on="setting", maintain_order="left")
        .filter(pl.col("tier") != pl.col("_first"))
        .select(ROW, "setting", "tier", "_first")
        .rows()
    ):
        yield Finding(
            "settings",
            row,
            "tier",
            tier,
            "setting_tiers",
            Both(
                f"{setting} has the tier {tier} in this row and {other} in another.",
                f"{setting} 在此行的层级为 {tier}，在另一行为 {other}。",
            ),
            Both(
                "Give all rows of a setting one tier; an item may have its own in guidelines.",
                "同一场景各行请填同一层级；个别物资可在 guidelines 表另设层级。",
            ),
        )
    known = tables["people"]["setting"].drop_nulls().unique()
    bare = _with_tier(tables).filter(pl.col("tier").is_null() & pl.col("setting").is_in(known.implode()))
    for row, setting in bare.select(ROW, "setting").rows():
        yield Finding(
            "guidelines",
            row,
            "tier",
            "",
            "setting_tiers",
            Both(
                f"{setting} has no row in settings, so the tier of its needs is not known.",
                f"{setting} 在 settings 表没有数据，需求层级未知。",
            ),
            Both("Give the tier here, or a row in settings.", "请在此填写层级，或在 settings 表添加一行。"),
        )


def step_down_terms(tables: Tables) -> Iterator[Finding]:
    """Deeper modes that use more than the mode before, or are of another kind than the conventional row."""
    key = ["risk", "setting", "item"]
    rows = (
        tables["guidelines"]
        .drop_nulls([*key, "mode", "units_per_person_day"])
        .with_columns(
            rate=pl.col("units_per_person_day") * (1 + pl.col("waste").fill_null(0)),
            depth=pl.col("mode").replace_strict(MODES, range(len(MODES)), default=None, return_dtype=pl.Int64),
        )
        .drop_nulls("depth")
        .sort("depth", maintain_order=True)
    )
    before = pl.all().shift(1).over(key)
    deeper = rows.with_columns(before.name.suffix("_before")).filter(pl.col("depth") > 0)
    for row in deeper.iter_rows(named=True):
        what = Both(
            f"{row['item']} in {row['setting']} at {row['risk']} risk",
            f"{row['risk']} 风险地区 {row['setting']} 的 {row['item']} ",
        )
        fault = None
        if row["mode_before"] is None:
            fault = (
                "mode",
                Both(
                    f"{what} has a row for {row['mode']}, but none for conventional use.",
                    f"{what.zh}有 {row['mode']} 模式的行，但没有常规模式的行。",
                ),
                Both("Add that row.", "请添加该行。"),
            )
        elif row["rate"] > row["rate_before"] * (1 + 1e-9):
            fault = (
                "units_per_person_day",
                Both(
                    f"{what} takes more by {row['mode']} use ({show(row['rate'])}, with waste) than by "
                    f"{row['mode_before']} use ({show(row['rate_before'])}).",
                    f"{what.zh}在 {row['mode']} 模式下用量（{show(row['rate'])}，含损耗）高于 "
                    f"{row['mode_before']} 模式（{show(row['rate_before'])}）。",
                ),
                Both(
                    "Correct one of them: each mode spares more than the one before.",
                    "请更正其一：后一模式应比前一模式更节约。",
                ),
            )
        elif any(row[name] != row[f"{name}_before"] for name in ("basis", "life_days", "tier")):
            fault = (
                "basis",
                Both(
                    f"{what} has another basis, life_days or tier by {row['mode']} than by {row['mode_before']} use.",
                    f"{what.zh}在 {row['mode']} 与 {row['mode_before']} 模式下的 basis、life_days 或 tier 不同。",
                ),
                Both(
                    "Give both rows the same; a longer life can be written as less use a day.",
                    "两行请填写一致；使用寿命延长可写作每日用量减少。",
                ),
            )
        if fault:
            column, message, remedy = fault
            yield Finding("guidelines", row[ROW], column, row["mode"], "step_down_terms", message, remedy)


def unknown_driver(tables: Tables) -> Iterator[Finding]:
    """Drivers that are neither a measure of the course, nor population, nor a capacity of any place."""
    known = [*MEASURES_OF_COURSE, POPULATION, *tables["capacities"]["capacity"].drop_nulls().unique().sort()]
    for row, _, driver in _drivers(tables).filter(~pl.col("driver").is_in(known)).rows():
        yield Finding(
            "settings",
            row,
            "driver",
            driver,
            "unknown_driver",
            Both(
                f'"{driver}" is no measure of the course, not population, and no capacity of any place.',
                f"“{driver}”不是疫情指标、人口，也不是任何地点的能力。",
            ),
            nearest(driver, known)
            or Both(
                f"Use one of {', '.join(known[:20])}, or add it to capacities.",
                f"可用：{'、'.join(known[:20])}；或添加到 capacities 表。",
            ),
        )


def unknown_course_scenario(tables: Tables) -> Iterator[Finding]:
    """The case asks for a what-if scenario that no table has."""
    known = {"base", *tables["scenarios"]["scenario"].drop_nulls(), *tables["people"]["scenario"].drop_nulls()}
    yield from scenario_not_among(
        tables,
        sorted(known),
        Both("neither scenarios nor people have", "scenarios 表与 people 表都没有情景"),
        "they have",
    )


def unknown_setting_of_use(tables: Tables) -> Iterator[Finding]:
    """Guidelines for settings in which nobody can be."""
    known = {*tables["settings"]["setting"].drop_nulls(), *tables["people"]["setting"].drop_nulls()}
    wrong = tables["guidelines"].drop_nulls("setting").filter(~pl.col("setting").is_in(list(known)))
    for row, setting in wrong.select(ROW, "setting").rows():
        yield Finding(
            "guidelines",
            row,
            "setting",
            setting,
            "unknown_setting_of_use",
            Both(
                f'neither settings nor people have "{setting}", so nobody uses this.',
                f"settings 表与 people 表都没有“{setting}”，因此无人使用。",
            ),
            nearest(setting, known)
            or Both("Add it to settings, or take the row away.", "请添加到 settings 表，或删除该行。"),
        )


def _drivers(tables: Tables) -> pl.DataFrame:
    """Row, setting and driver of the settings; each driver of a setting once."""
    return tables["settings"].drop_nulls(["setting", "driver"]).select(ROW, "setting", "driver")


def _with_tier(tables: Tables) -> pl.DataFrame:
    """Conventional guidelines with the tier of the setting where they have none."""
    tiers = (
        tables["settings"]
        .unique("setting", keep="first", maintain_order=True)
        .select("setting", pl.col("tier").alias("_tier"))
    )
    rules = tables["guidelines"].filter(pl.col("mode") == MODES[0])
    return rules.join(tiers, on="setting", how="left", maintain_order="left").with_columns(pl.coalesce("tier", "_tier"))


def _rule(name: str, text: str, find: Callable[[Tables], Iterator[Finding]], also: Collection[str] = ()) -> Rule:
    """A rule that holds only where needs are derived."""

    def found(tables: Tables) -> Iterator[Finding]:
        if derives_needs(tables):
            yield from find(tables)

    return Rule(name, text, found, ("case", "settings", "guidelines", "people", *also))


RULES = (
    _rule("capacity_nowhere", "A cap is a capacity that some place has.", capacity_nowhere, ("capacities",)),
    _rule("empty_table", "Needs are derived from guidelines, and from settings or people.", empty_rules),
    _rule("missing_capacity", "A capacity that people are counted from is known everywhere.", missing_capacity,
          ("capacities", "places")),
    _rule("missing_population", "A population that people are counted from is known.", missing_population, ("places",)),
    _rule("mixed_patience", "So may the needs that guidelines of one risk, item and tier make.", guideline_terms),
    _rule("no_guideline", "People in a setting use something in areas of every risk level.", no_guideline, ("places",)),
    _rule("people_gaps", "People that a case states itself are stated for every day of the plan.", people_gaps),
    _rule("place_without_risk", "A place with people has a risk level.", place_without_risk,
          ("places", "capacities", "epidemic")),
    _rule("profile_outside", "A profile changes within the plan.", profile_outside, ("profiles",)),
    _rule("setting_tiers", "A setting has one tier.", setting_tiers),
    _rule("step_down_terms", "Each mode of use takes no more than the one before, on the same terms.", step_down_terms),
    _rule("unknown_driver", "People are counted from a measure, the population or a capacity.", unknown_driver,
          ("capacities",)),
    _rule("unknown_scenario", "So is a what-if scenario one that scenarios or people have.", unknown_course_scenario,
          ("scenarios",)),
    _rule("unknown_setting_of_use", "Guidelines speak of settings that people are in.", unknown_setting_of_use),
)  # fmt: skip
