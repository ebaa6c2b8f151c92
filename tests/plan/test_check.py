"""The check names every broken rule, and finds nothing in a good plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests.plan import paper

from mainstay.calendar import Calendar
from mainstay.plan.check import RULES, CheckReport, check_plan

Tables = dict[str, pl.DataFrame]
Corruption = Callable[[Tables], Tables]

CALENDAR = Calendar.parse("3x1 1x2", paper.START)
CASE = paper.case()


def check(tables: Tables) -> CheckReport:
    return check_plan(CASE, tables, CALENDAR)


def put(table: str, column: str, value: object, **where: object) -> Corruption:
    """Put a value into a column of the rows that match; exactly one row must."""

    def corrupt(tables: Tables) -> Tables:
        match = pl.all_horizontal(pl.col(name) == value for name, value in where.items())
        frame = tables[table]
        assert frame.filter(match).height == 1
        new = pl.when(match).then(pl.lit(value)).otherwise(pl.col(column)).cast(frame.schema[column])
        return tables | {table: frame.with_columns(new.alias(column))}

    return corrupt


def add(table: str, **row: object) -> Corruption:
    """Add a row; what is not given is as in the first row."""

    def corrupt(tables: Tables) -> Tables:
        frame = tables[table]
        new = pl.DataFrame([frame.row(0, named=True) | row], schema=frame.schema)
        return tables | {table: pl.concat([frame, new])}

    return corrupt


def drop(table: str, **where: object) -> Corruption:
    """Take away the row that matches."""

    def corrupt(tables: Tables) -> Tables:
        match = pl.all_horizontal(pl.col(name) == value for name, value in where.items())
        assert tables[table].filter(match).height == 1
        return tables | {table: tables[table].filter(~match)}

    return corrupt


def without(table: str) -> Corruption:
    return lambda tables: {name: frame for name, frame in tables.items() if name != table}


day = paper.day
MASKS = {"item": "mask", "place": "west", "tier": "vital"}
SUITS = {"item": "suit", "place": "west", "tier": "vital"}

CORRUPTIONS: dict[str, list[tuple[str, Corruption]]] = {
    "tables_complete": [
        ("a table is missing", without("service")),
        ("a column is missing", lambda t: t | {"stocks": t["stocks"].drop("quantity")}),
        ("a row stands twice", add("production")),
    ],
    "period_dates": [
        ("a date within a period", put("releases", "date", day(4), date=day(3))),
        ("the wrong number of days", put("releases", "days", 1, date=day(3))),
        ("a date after the horizon", put("departures", "date", day(9), lane="fly")),
    ],
    "known_ids": [
        ("an unknown place", put("target_gaps", "place", "nowhere", item="mask")),
        ("no place at all", put("target_gaps", "place", None, item="mask")),
        ("a lane with other ends", put("shipments", "origin", "west", lane="fly")),
        ("a line of another maker", put("production", "enterprise", "B", date=day(0))),
    ],
    "no_negative": [
        ("a negative quantity", put("reserve_releases", "quantity", -10.0, date=day(1))),
        ("not a number", put("shipments", "cost", float("nan"), lane="fly")),
        ("no number", put("shipments", "cost", None, lane="fly")),
    ],
    "whole_numbers": [
        ("half a departure", put("departures", "number", 0.5, lane="fly")),
        ("half a line", put("conversions", "lines", 0.5, line="L2")),
    ],
    "goods_balance": [
        ("stock out of nothing", put("stocks", "quantity", 200.0, place="west", owner="enterprise", date=day(2))),
        ("a stock is forgotten", drop("stocks", item="suit", date=day(3))),
        ("an expired lot is counted", put("stocks", "quantity", 11.0, item="drug", date=day(0))),
        ("no machine is taken", put("stocks", "quantity", 1.0, item="press", date=day(3))),
        ("released goods before their dwell", put("stocks", "quantity", 10.0, item="suit", date=day(1))),
        (
            "shipped goods before they arrive",
            put("stocks", "quantity", 60.0, place="west", owner="enterprise", date=day(0)),
        ),
        ("the reserve gives and keeps", put("stocks", "quantity", 50.0, owner="reserve", date=day(1))),
    ],
    "reusable_return": [
        ("a ventilator is back too early", put("stocks", "quantity", 1.0, item="ventilator", date=day(1))),
        ("a ventilator does not come back", put("stocks", "quantity", 1.0, item="ventilator", date=day(3))),
    ],
    "expiry": [
        ("goods are kept past their last day", drop("expiries", item="drug")),
        ("goods are written off before it", put("expiries", "date", day(0), item="drug")),
    ],
    "floors": [
        ("a breach is not said", put("stocks", "below_floor", 0.0, owner="reserve", date=day(3))),
        ("a breach is made up", put("stocks", "below_floor", 5.0, item="cloth", date=day(3))),
    ],
    "target_gap": [
        ("the gap is played down", put("target_gaps", "missing", 5.0, item="mask")),
        ("the target is lowered", put("target_gaps", "target", 305.0, item="mask")),
        ("the gap is left out", drop("target_gaps", item="mask")),
    ],
    "pipeline": [
        ("more under way than was shipped", put("pipeline", "quantity", 300.0, subject="road")),
        ("what is under way is forgotten", drop("pipeline", subject="release_suit")),
    ],
    "owner_rules": [
        ("the reserve serves a patient", put("service", "owner", "reserve", date=day(2), item="mask")),
    ],
    "line_capacity": [
        ("a line does more than it can", put("production", "started", 110.0, line="L1", date=day(0))),
        ("a chamber holds more than it can", put("releases", "started", 30.0, date=day(3))),
        ("a measure that was not taken", drop("measures", measure="help")),
        ("a ramp that is skipped", put("production", "started", 100.0, line="L2>mask", date=day(1))),
        ("a line that was not converted", drop("conversions", line="L2")),
    ],
    "line_figures": [
        ("lines that do not stand", put("capacity", "lines", 2.0, line="L2", date=day(0))),
        ("usable lines are overstated", put("capacity", "usable", 2.0, line="L1", date=day(0))),
        ("use is understated", put("capacity", "used", 0.0, line="L3", date=day(0))),
    ],
    "line_stock": [
        ("more than the conversion may take", put("conversions", "lines", 2.0, line="L2")),
        ("a group of another kind", put("conversions", "line", "L3", line="L2")),
    ],
    "yield_and_dwell": [
        ("more comes out than is good", put("production", "quantity", 100.0, line="L1", date=day(0))),
        ("lines of another kind", put("releases", "line", "L1", date=day(0))),
        ("the wrong table", lambda t: t | {"releases": t["production"], "production": t["releases"]}),
    ],
    "licence_held": [
        ("made without a review", drop("licences", enterprise="B")),
        ("made before the review ends", put("licences", "date", day(1), enterprise="B")),
    ],
    "licence_once": [
        ("two reviews", add("licences", date=day(1), ready_date=day(2))),
        ("a licence that is held", put("licences", "enterprise", "A", enterprise="B")),
        ("a track that is closed", put("licences", "track", "normal", enterprise="B")),
    ],
    "measure_once": [("a measure is taken twice", add("measures", date=day(1), ready_date=day(2)))],
    "conversion_lead": [("ready at once", put("conversions", "ready_date", day(0), line="L2"))],
    "import_offer": [
        ("more than is offered", put("imports", "quantity", 101.0, customs="normal")),
        ("after the offer has closed", put("imports", "date", day(2), customs="normal")),
    ],
    "customs_express": [("more than the slots", put("imports", "quantity", 60.0, customs="express"))],
    "lane_cargo": [("cloth on a lane for protective goods", put("shipments", "item", "cloth", date=day(0)))],
    "lane_capacity": [
        ("more than the lane carries", put("shipments", "quantity", 700.0, lane="road", date=day(1))),
        ("a load that is understated", put("shipments", "load", 0.1, lane="road", date=day(1))),
        ("a flight that was not chartered", drop("departures", lane="fly")),
        ("more flights than a day has", put("departures", "number", 2.0, lane="fly")),
        ("a departure of a lane without charter", put("departures", "lane", "road", lane="fly")),
    ],
    "nothing_arrives_before_it_left": [
        ("a lorry that arrives at once", put("shipments", "ready_date", day(0), lane="road", date=day(0))),
        ("customs are skipped", put("imports", "ready_date", day(1), customs="normal")),
        ("the dwell is skipped", put("releases", "ready_date", day(0), date=day(0))),
        ("the review is skipped", put("licences", "ready_date", day(0), enterprise="B")),
        ("the measure works too early", put("measures", "ready_date", day(0), measure="help")),
    ],
    "pool_limit": [
        ("the fund is overdrawn", put("conversions", "lines", 6.0, line="L2")),
        ("two reviews with one reviewer", put("licences", "number", 2.0, enterprise="B")),
        ("more than the slots", put("imports", "quantity", 60.0, customs="express")),
    ],
    "costs": [
        ("a set-up is not paid", put("production", "cost", 10.0, line="L1", date=day(0))),
        ("a flight costs nothing", put("departures", "cost", 0.0, lane="fly")),
        ("a discount nobody gave", put("imports", "cost", 90.0, customs="normal")),
        ("waste costs nothing", put("expiries", "cost", 0.0, item="drug")),
        ("freight is not paid", put("shipments", "cost", 0.0, lane="road", date=day(3))),
    ],
    "need_balance": [
        ("a need is made smaller", put("shortages", "need", 57.0, date=day(1), **MASKS)),
        ("a need is left out", drop("shortages", item="drug")),
        ("a loss is hidden", put("shortages", "lost", 0.0, date=day(1), **MASKS)),
        ("a need that is eased and met again", put("shortages", "served", 7.0, **SUITS)),
        ("more served than was due", put("shortages", "served", 61.0, date=day(2), **MASKS)),
    ],
    "modes_allowed": [
        ("more than the rule of use can save", put("modes", "saved", 6.0, mode="crisis")),
        ("a rule that saves more than it does", put("modes", "possible", 9.0, mode="crisis")),
        ("a place without such a rule", put("modes", "place", "east", mode="crisis")),
    ],
    "modes_in_order": [
        ("crisis use while contingency use could save more", put("modes", "saved", 2.0, mode="contingency")),
        ("contingency use is left out", drop("modes", mode="contingency")),
    ],
    "modes_match_shortages": [
        ("eased on paper only", put("shortages", "eased", 8.0, **SUITS)),
        ("a saving nobody counted", put("modes", "saved", 3.0, mode="crisis")),
        ("a need that is made larger", put("modes", "need", 20.0, mode="crisis")),
    ],
    "patience": [
        ("what should be lost still waits", put("shortages", "waiting", 70.0, date=day(2), **MASKS)),
    ],
    "service_matches_shortages": [
        ("served on paper only", put("shortages", "served", 90.0, date=day(1), **MASKS)),
        ("service nobody counted", put("service", "quantity", 90.0, date=day(1), **MASKS)),
    ],
    "substitutes_allowed": [
        ("a substitute in the wrong tier", put("service", "tier", "vital", used_item="respirator")),
        ("a substitute that is none", put("service", "used_item", "suit", used_item="respirator")),
        ("the wrong rate", put("service", "used_quantity", 2.0, used_item="respirator")),
        ("more served than is taken", put("service", "used_quantity", 2.0, item="drug")),
    ],
}

CASES = [
    pytest.param(rule, corruption, id=f"{rule}: {words}")
    for rule, corruptions in CORRUPTIONS.items()
    for words, corruption in corruptions
]


def test_a_good_plan_has_no_violation():
    report = check(paper.plan())
    assert report.violations == ()
    assert report.ok
    assert report.num_rows == sum(frame.height for frame in paper.plan().values())


def test_the_case_of_the_paper_plan_is_sound():
    assert list(CASE.check().errors) == []


@pytest.mark.parametrize(("rule", "corrupt"), CASES)
def test_a_corrupted_plan_is_named_by_its_rule(rule, corrupt):
    report = check(corrupt(paper.plan()))
    assert rule in {violation.rule for violation in report.violations}
    assert not report.ok


def test_every_rule_has_a_corruption():
    assert set(CORRUPTIONS) == {rule.info.name for rule in RULES}


def test_every_rule_has_words_in_both_languages():
    assert all(rule.info.text and rule.info.text_zh for rule in RULES)


def test_a_violation_says_where_when_and_how_much():
    corrupt = put("stocks", "quantity", 50.0, item="mask", place="west", owner="enterprise", date=day(1))
    first, second = check(corrupt(paper.plan())).violations
    assert str(first) == (
        "goods_balance: stocks, item mask, place west, owner enterprise, 2020-02-02: stock at the end of "
        "the period is 50; what was there, came in and went out leaves 30"
    )
    assert (second.date, second.found, second.allowed) == (date(2020, 2, 3), 70.0, 90.0)


def test_the_report_is_a_table_too():
    corrupt = put("departures", "number", 2.0, lane="fly")
    frame = check(corrupt(paper.plan())).frame()
    assert frame.columns == ["rule", "table", "where", "date", "found", "allowed", "text"]
    assert "lane_capacity" in frame["rule"].to_list()


def test_an_empty_plan_leaves_every_need_unaccounted():
    empty = {name: frame.clear() for name, frame in paper.plan().items()}
    rules = {violation.rule for violation in check(empty).violations}
    assert {"need_balance", "goods_balance"} <= rules


def test_figures_within_the_tolerance_of_the_item_pass():
    corrupt = put("stocks", "quantity", 1.5 + 5e-6, item="cloth", date=day(3))
    assert check(corrupt(paper.plan())).ok


def test_figures_beyond_the_tolerance_of_the_item_do_not_pass():
    corrupt = put("stocks", "quantity", 1.5 + 5e-5, item="cloth", date=day(3))
    assert not check(corrupt(paper.plan())).ok


def test_the_page_of_the_check_gives_every_rule_in_its_words():
    page = (Path(__file__).parents[2] / "docs" / "check.md").read_text("utf-8")
    for rule in RULES:
        assert f"| `{rule.info.name}` | {rule.info.text} | {rule.info.text_zh} |" in page


def test_a_mode_deeper_than_the_case_allows_is_named():
    contingency = CASE.replace(deepest_mode="contingency")
    assert {v.rule for v in check_plan(contingency, paper.plan(), CALENDAR).violations} == {"modes_allowed"}
