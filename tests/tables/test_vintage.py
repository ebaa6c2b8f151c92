"""A case as it was known on a day: nothing that became known later is seen, whatever it says."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.tables import Case, as_known, make_case

AS_OF = date(2020, 2, 3)


def day(number: int) -> date:
    return date(2020, 2, number)


def availability(*windows: tuple[date | None, date | None, date | None, float]) -> Case:
    frame = pl.DataFrame(windows, ["from", "to", "known_on", "share"], orient="row").cast(
        {"from": pl.Date, "to": pl.Date, "known_on": pl.Date}
    )
    return make_case(day(1), {"availability": frame.with_columns(subject_kind=pl.lit("line"), subject=pl.lit("L"))})


def windows(case: Case) -> list[tuple[object, ...]]:
    return as_known(case, AS_OF)["availability"].select("from", "to", "share").rows()


def test_the_plan_starts_on_that_day():
    assert as_known(make_case(day(1), {}), AS_OF).start == AS_OF


def test_a_window_that_has_not_begun_is_not_seen_and_the_one_that_holds_holds_on():
    case = availability((day(1), day(4), None, 0.4), (day(5), None, None, 0.7))

    assert windows(case) == [(day(1), None, 0.4)]


def test_a_window_that_is_over_stays_as_it_was():
    assert windows(availability((day(1), day(2), None, 0.4))) == [(day(1), day(2), 0.4)]


def test_a_window_that_was_announced_is_seen_and_ends_the_one_before():
    case = availability((day(1), day(4), None, 0.4), (day(6), day(9), day(2), 0.7))

    assert windows(case) == [(day(1), day(5), 0.4), (day(6), day(9), 0.7)]


def test_a_window_known_with_its_end_keeps_it():
    assert windows(availability((day(1), day(8), day(1), 0.4))) == [(day(1), day(8), 0.4)]


def test_a_window_from_the_start_was_always_known():
    assert windows(availability((None, day(9), None, 0.4))) == [(None, None, 0.4)]


def test_offers_from_abroad_are_held_on_like_windows():
    offers = pl.DataFrame({"source": ["a", "b"], "from": [day(1), day(5)], "to": [day(4), day(9)]})

    known = as_known(make_case(day(1), {"imports": offers}), AS_OF)["imports"]

    assert known.select("source", "to").rows() == [("a", None)]


DATED = [
    ("epidemic", {"place": "east", "date": AS_OF}, "date"),
    ("epidemic", {"place": "east", "date": day(1), "known_on": AS_OF}, "known_on"),
    ("projections", {"place": "east", "measure": "active", "date": day(9), "made_on": AS_OF, "value": 1.0}, "made_on"),
    ("revisions", {"place": "east", "date": AS_OF, "cases": 1.0, "from": day(1)}, "date"),
    ("licences", {"enterprise": "e", "item": "i", "state": "held", "known_on": AS_OF}, "known_on"),
    ("measures", {"measure": "m", "known_on": AS_OF}, "known_on"),
    ("reports", {"reporter": "r", "date": day(1), "received_at": AS_OF}, "received_at"),
    ("imports", {"source": "s", "from": day(1), "known_on": AS_OF}, "known_on"),
]


@pytest.mark.parametrize(("table", "row", "column"), DATED, ids=lambda x: x if isinstance(x, str) else "")
def test_a_row_is_seen_from_the_day_on_which_it_became_known(table, row, column):
    def seen(known: date) -> int:
        frame = pl.DataFrame([{**row, column: known}])
        return as_known(make_case(day(1), {table: frame}), AS_OF)[table].height

    assert (seen(AS_OF), seen(AS_OF + timedelta(days=1))) == (1, 0)


def test_a_row_of_no_day_was_always_known():
    case = make_case(day(1), {"measures": pl.DataFrame({"measure": ["m"]})})

    assert as_known(case, AS_OF)["measures"].height == 1


later = st.integers(1, 20).map(lambda n: AS_OF + timedelta(days=n))
shares = st.floats(0, 1)


@settings(deadline=None)
@given(st.lists(st.tuples(later, st.none() | later, st.none() | later, shares), max_size=4), later)
def test_changing_what_became_known_later_changes_nothing(unknown, end):
    known = (day(1), end, None, 0.4)

    fewer = as_known(availability(known), AS_OF)
    more = as_known(availability((day(1), AS_OF, None, 0.4), *(w for w in unknown if w[2] != AS_OF)), AS_OF)

    assert fewer.hash == more.hash


def test_a_measure_is_not_seen_before_the_offer_that_it_helps():
    offers = pl.DataFrame({"source": ["now", "later"], "from": [day(1), AS_OF + timedelta(days=3)]})
    helps = pl.DataFrame({"measure": ["a", "b"], "target_kind": ["source"] * 2, "target": ["now", "later"]})
    case = make_case(day(1), {"imports": offers, "measures": helps})

    assert as_known(case, AS_OF)["measures"]["measure"].to_list() == ["a"]
