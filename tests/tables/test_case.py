"""A case in memory: its settings, its hash, and how it is varied."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.tables.small import FILES, append, edit, write_files

from mainstay.errors import UsageError
from mainstay.tables import CASE_TABLES, make_case, read
from mainstay.tables.frames import schema


@pytest.fixture
def small(tmp_path):
    return read(write_files(tmp_path / "small"))


def test_every_declared_table_and_column_is_there_and_typed(small):
    assert list(small.tables) == list(CASE_TABLES)
    for name, table in CASE_TABLES.items():
        assert dict(small[name].schema) == schema(table)


def test_defaults_are_filled_and_nothing_else(small):
    assert small["processes"]["dwell_days"].to_list() == [0, 0, 3]
    assert small["processes"]["yield_rate"].to_list() == [0.98, 1, 1]
    assert small["stocks"]["owner"][2:].to_list() == ["facility", "enterprise", "enterprise", "enterprise"]
    assert small["lanes"]["capacity"].to_list() == [5000, 2000, None]
    assert small["items"]["mass_kg"][6] == 30
    assert small["items"]["importance"][4] is None


def test_settings_are_read(small):
    assert (small.title, small.title_zh, small.start) == ("Two towns", "两座城镇", date(2020, 1, 24))
    assert (small.scenario, small.currency, small.frozen_days) == ("base", "CNY", 1)
    assert small.calendar.days == (1, 1, 1, 1, 1)


def test_dates_may_be_written_with_slashes_and_single_digits(tmp_path, small):
    other = read(write_files(tmp_path / "other", edit("needs.csv", "2020-01-25", "2020/1/25")))
    assert other.hash == small.hash


def test_order_of_rows_and_columns_and_line_ends_do_not_change_the_hash(tmp_path, small):
    lines = FILES["needs.csv"].splitlines()
    turned = [lines[0], *reversed(lines[1:])]
    shifted = "\r\n".join(",".join(reversed(line.split(","))) for line in turned)
    other = read(write_files(tmp_path / "other", {"needs.csv": shifted}))
    assert other["needs"].height == small["needs"].height
    assert other.hash == small.hash


@pytest.mark.parametrize(
    "change",
    [
        edit("needs.csv", "400.5", "400.6"),
        edit("case.toml", "5x1", "4x1"),
        edit("items.csv", "Medical mask", "Mask"),
        append("pools.csv", "more,,1,day"),
        {"targets.csv": None},
    ],
    ids=["cell", "setting", "name", "row", "table"],
)
def test_any_other_content_has_another_hash(change, tmp_path, small):
    assert read(write_files(tmp_path / "other", change)).hash != small.hash


def test_a_case_is_replaced_by_a_new_one_and_stays_as_it_was(small):
    before = small.hash
    other = small.replace(horizon="3x1", pools=small["pools"].with_columns(quantity=pl.lit(7)))
    assert other.calendar.num_days == 3
    assert other["pools"]["quantity"].to_list() == [7.0, 7.0, 7.0]
    assert other["pools"].schema == small["pools"].schema
    assert small.hash == before != other.hash


def test_a_replaced_table_may_leave_out_optional_columns(small):
    other = small.replace(pools=pl.DataFrame({"pool": ["a"], "quantity": [1], "basis": ["day"]}))
    assert dict(other["pools"].schema) == schema(CASE_TABLES["pools"])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"pool": pl.DataFrame()}, 'Did you mean "pools"'),
        ({"horizon": "soon"}, 'cannot read "soon"'),
        ({"pools": pl.DataFrame({"pol": ["a"]})}, "The table pools has no column pol"),
        ({"pools": pl.DataFrame({"pool": ["a"], "quantity": ["much"]})}, "pools, quantity"),
    ],
    ids=["table", "horizon", "column", "type"],
)
def test_what_cannot_be_replaced_is_refused(changes, says, small):
    with pytest.raises(UsageError, match=says):
        small.replace(**changes)


def test_a_table_that_does_not_exist_is_named(small):
    with pytest.raises(UsageError, match='Did you mean "stocks"'):
        small["stock"]


def test_a_replaced_case_is_judged_on_request(small):
    assert list(small.check()) == []
    other = small.replace(pools=small["pools"].with_columns(quantity=pl.lit(-1.0)))
    assert [(x.rule, x.row) for x in other.check()] == [("negative", 2), ("negative", 3), ("negative", 4)]


def test_a_case_without_a_maker_is_still_a_case(small):
    other = small.replace(lines=small["lines"].clear(), availability=None or small["availability"].clear())
    other = other.replace(measures=small["measures"].filter(pl.col("target_kind") != "line"))
    other = other.replace(options=small["options"].filter(pl.col("line").is_null()))
    assert not other.check().errors
    assert {x.rule for x in other.check().warnings} == {"process_cannot_run", "conversion_of_nothing"}


def test_a_case_can_be_made_from_frames():
    items = pl.DataFrame({"item": ["mask"], "name": ["Mask"], "stage": ["finished"], "unit": ["piece"]})
    places = pl.DataFrame({"place": ["east"], "name": ["East"], "kind": ["area"]})
    needs = pl.DataFrame(
        {"item": ["mask"], "place": ["east"], "tier": ["vital"], "date": [date(2020, 1, 24)], "quantity": [5]}
    )
    case = make_case(date(2020, 1, 24), {"items": items, "places": places, "needs": needs}, horizon="3x1")
    assert [x.rule for x in case.check()] == ["unreachable_need"]


def test_there_is_no_such_folder(tmp_path):
    write_files(tmp_path / "small")
    with pytest.raises(UsageError, match='Did you mean "small"'):
        read(tmp_path / "smal")
    with pytest.raises(UsageError, match="There is no folder"):
        read(tmp_path / "no" / "where")
    with pytest.raises(UsageError, match="not a case"):
        read(tmp_path / "small" / "pools.csv")


def test_case_toml_stands_for_its_folder(tmp_path, small):
    assert read(tmp_path / "small" / "case.toml").hash == small.hash


def test_progress_is_told_table_by_table(tmp_path):
    told = []
    read(write_files(tmp_path / "small"), progress=lambda *step: told.append(step))
    assert [step[1] for step in told] == list(range(1, 29))
    assert {step[2] for step in told} == {28}
