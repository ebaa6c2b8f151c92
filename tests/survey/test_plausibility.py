"""Every rule of plausibility has reports that break it, beside reports that do not; the register proves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest
from tests.survey.cases import capacity, day, rows, series, tiny

from mainstay.errors import UsageError
from mainstay.survey import missing_days, plausibility
from mainstay.survey.limits import Limits
from mainstay.survey.rules import RULES
from mainstay.tables.findings import Finding

CALM = (11, 13, 12, 14, 11, 12, 13, 12)
HOSPITAL = {"reporter": "west", "item": "mask"}


@dataclass(frozen=True)
class Odd:
    """Reports that break a rule, where the finding points and what it says; and reports that break none of it."""

    rule: str
    odd: pl.DataFrame
    row: int
    says: str
    fine: pl.DataFrame
    severity: str = "warning"


def o(rule: str, odd: pl.DataFrame, row: int, says: str, fine: pl.DataFrame, severity: str = "warning") -> Odd:
    return Odd(rule, odd, row, says, fine, severity)


def both(*parts: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(parts)


def cloth(measure: str, quantity: float, on: int) -> pl.DataFrame:
    return rows({"item": "cloth", "measure": measure, "date": day(on), "quantity": quantity})


ODD = [
    o("output_above_nominal", series(80, 97), 3, "121% of what its lines could make (80)", series(80, 80), "error"),
    o("output_above_nominal", series(80, 96), 3, "120% of", series(80), "warning"),
    o("output_above_nominal", series(80, 84), 3, "105% of", series(79.9), "warning"),
    o("output_above_nominal", series(10, 210, 410, basis="cumulative"), 3, "made 200 of mask on 2020-02-02",
      series(10, 90, 170, basis="cumulative"), "error"),
    o("output_above_capacity", both(rows(capacity(20, 1)), series(20, 21)), 4, "more than the capacity of 20",
      both(rows(capacity(20, 1), capacity(30, 2)), series(20, 21))),
    o("capacity_above_nominal", rows(capacity(90, 1)), 2, "could make 80", rows(capacity(80, 1))),
    o("no_such_line", rows(capacity(5, 1, reporter="nappyworks")), 2, "none of its lines makes it",
      rows(capacity(5, 1), capacity(0, 1, reporter="nappyworks"))),
    o("output_above_materials", both(cloth("stock", 5, 0), cloth("received", 2, 2), series(40, 40)), 5,
      "took 8 of cloth by the bill of materials, but only 7 was there", both(cloth("stock", 5, 0), series(20, 30))),
    o("output_above_materials", both(cloth("received", 0, 1), series(300, 340)), 4, "only 60 was there", series(300, 299)),
    o("copied_forward", series(5, 7, 7, 7, 7, 7), 7, "7, 5 times in a row, 2020-02-02", series(7, 7, 7, 7, 5, 7)),
    o("copied_forward", series(7, 7, None, 7, 7, 7), 6, "5 times in a row", series(0, 0, 0, 0, 0, 0)),
    o("heaped", series(*(1000 * n for n in range(11, 19)), **HOSPITAL), 9, "8 of the 8 different values",
      series(*(1000 * n + 7 for n in range(11, 19)), **HOSPITAL)),
    o("unit_mistake", series(*CALM, 12_000, 13, **HOSPITAL), 10, "1e+03 times the usual 12", series(*CALM, 130)),
    o("unit_mistake", series(40, 50, 0.0045), 4, "0.0001 times", series(40, 50, 5)),
    o("unit_mistake", rows(capacity(0.06, 1)), 2, "0.00075 times the usual 80", rows(capacity(6, 1))),
    o("jump", series(*CALM, 42, **HOSPITAL), 10, "from 12 on 2020-02-08 to 42 on 2020-02-09", series(*CALM, 36)),
    o("jump", series(60, 19), 3, "from 60", series(60, 21)),
    o("cumulative_falls", series(10, 20, 15, basis="cumulative"), 4, "falls from 20 on 2020-02-02 to 15",
      series(10, 20, 20, basis="cumulative"), "error"),
    o("cumulative_as_daily", series(30, 62, 90, 120, 155), 6, "by about 31.2 each time", series(30, 42, 50, 60, 75)),
    o("cumulative_as_daily", series(9, 20, 30, 41, 50, measure="consumption", **HOSPITAL), 6, "running total",
      series(90, 92, 93, 97, 98, measure="consumption", **HOSPITAL)),
    o("consumption_above_stock", both(series(100, measure="stock", **HOSPITAL),
      series(30, first=2, measure="received", **HOSPITAL), series(131, first=2, measure="consumption", **HOSPITAL)), 4,
      "had 100 the day before and reports 30 received", both(series(100, measure="stock", **HOSPITAL),
      series(30, first=2, measure="received", **HOSPITAL), series(130, first=2, measure="consumption", **HOSPITAL))),
    o("received_against_shipped", series(60, 55, measure="received", **HOSPITAL), 3, "shipped to arrive there were 100",
      series(60, 45, measure="received", **HOSPITAL)),
    o("received_against_shipped", series(60, 20, measure="received", **HOSPITAL), 3, "reports 80 of mask received",
      series(60, 20, measure="consumption", **HOSPITAL)),
    o("late_reports", rows({"date": day(1), "quantity": 5, "received_at": day(9)}), 2, "of 2020-02-01, after 8",
      rows({"date": day(1), "quantity": 5, "received_at": day(3)})),
    o("days_without_report", series(5, None, None, 6, 7, None, 9), 3, "no report at all for 3 days",
      both(series(5, None, 6), series(1, first=2, measure="stock"))),
]  # fmt: skip

SHIPPED = pl.DataFrame(
    {"place": "west", "item": "mask", "date": [day(1), day(2), day(9)], "quantity": [60.0, 40.0, 99.0]}
)


def asked(reports: pl.DataFrame, **more: Any) -> list[Finding]:
    case = more.pop("case", None) or tiny()
    return list(plausibility(reports, case, shipped=SHIPPED, **more))


def rules(reports: pl.DataFrame, **more: Any) -> set[str]:
    return {finding.rule for finding in asked(reports, **more)}


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: f"{odd.rule}: {odd.says[:30]}")
def test_an_odd_figure_is_asked_about_where_it_stands_and_a_fine_one_is_not(odd):
    hits = [f for f in asked(odd.odd) if (f.rule, f.row, f.severity) == (odd.rule, odd.row, odd.severity)]

    assert len(hits) == 1, "\n".join(f"{f.rule} {f.row} {f.severity}: {f}" for f in asked(odd.odd))
    assert odd.says in hits[0].message
    assert hits[0].remedy
    assert hits[0].table == "reports"
    assert odd.rule not in rules(odd.fine)


def test_every_rule_has_reports_that_break_it():
    assert {odd.rule for odd in ODD} | {"shares_differ"} == {rule.name for rule in RULES}
    assert all(rule.text and rule.text_zh for rule in RULES)


def test_reports_that_give_one_group_of_lines_two_shares_are_asked_about():
    case = tiny()
    gowns = case["processes"].filter(process="sew_suit").with_columns(process=pl.lit("sew_gown"), item=pl.lit("mask"))
    case = case.replace(processes=pl.concat([case["processes"], gowns]))
    two = [
        {"reporter": "suitworks", "item": i, "measure": "capacity", "date": day(1)} for i in ("mask", "suit_unsterile")
    ]

    (finding,) = asked(rows(two[0] | {"quantity": 8}, two[1] | {"quantity": 3}), case=case)
    assert (finding.rule, finding.row) == ("shares_differ", 3)
    assert "leaves 30% of the lines L3 usable, that of another item they make 80%" in finding.message
    assert rules(rows(two[0] | {"quantity": 8}, two[1] | {"quantity": 8}), case=case) == set()


@pytest.mark.parametrize(
    ("utilisation", "verdict"),
    [(0.60, None), (0.76, None), (0.94, None), (1.05, "warning"), (1.06, "warning"), (1.28, "error")],
)
def test_the_utilisations_published_in_february_2020_are_judged(utilisation, verdict):
    """NDRC and MIIT: masks 60, 76 and 94 %; 105 %; medical masks 106 %; medical N95 128 % on 11 February."""
    found = [f for f in asked(series(80 * utilisation)) if f.rule == "output_above_nominal"]

    assert [f.severity for f in found] == ([verdict] if verdict else [])


def test_a_jump_that_the_lines_or_the_maker_explain_is_not_asked_about():
    back = pl.DataFrame({"subject_kind": ["line"], "subject": ["L1"], "from": [day(2)], "share": [1.0]})
    everyone = back.with_columns(subject=pl.lit("*"))

    assert "jump" in rules(series(10, 60))
    assert "jump" not in rules(series(10, 60), case=tiny(availability=back))
    assert "jump" not in rules(series(10, 60), case=tiny(availability=everyone))
    assert "jump" in rules(series(10, 60), case=tiny(availability=back.with_columns(pl.lit(day(1)).alias("from"))))
    assert "jump" not in rules(both(rows(capacity(10, 1), capacity(60, 2, blocker="none")), series(10, 60)))
    assert "jump" in rules(rows(capacity(10, 1, blocker="staff"), capacity(60, 2, blocker="staff")))


def test_only_the_last_version_of_a_figure_is_judged():
    mistake = {"date": day(1), "quantity": 8000, "received_at": day(1)}
    corrected = {"date": day(1), "quantity": 8, "received_at": day(2)}

    assert "output_above_nominal" in rules(rows(mistake))
    assert "output_above_nominal" not in rules(rows(mistake, corrected))
    assert "output_above_nominal" not in rules(rows(corrected, mistake))


def test_a_correction_does_not_make_the_first_version_late():
    reports = rows(*({"date": day(1), "quantity": 8, "received_at": day(received)} for received in (1, 9)))

    assert "late_reports" not in rules(reports)


def test_findings_name_the_rows_of_the_file_that_the_reports_come_from():
    reports = series(80, 97).with_columns(_row=pl.Series([7, 9], dtype=pl.Int64))

    assert [f.row for f in asked(reports) if f.severity == "error"] == [9]


def test_a_limit_can_be_set_and_is_checked():
    assert "output_above_nominal" not in rules(series(84), limits=Limits(output_warning=1.1))
    with pytest.raises(UsageError, match="late_days is -1"):
        Limits(late_days=-1)


def test_no_reports_no_questions():
    assert asked(series()) == []


def test_days_without_a_report_are_listed_for_those_who_should_report():
    reports = both(series(5, None, 6), series(1, reporter="suitworks", item="suit"))
    missing = missing_days(reports, ["suitworks", "maskworks", "nappyworks"], day(1), day(2))

    assert missing.rows() == [
        ("maskworks", day(2)),
        ("nappyworks", day(1)),
        ("nappyworks", day(2)),
        ("suitworks", day(2)),
    ]
