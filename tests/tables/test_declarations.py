"""The declarations hold together, and the page of reference is current."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mainstay.errors import UsageError
from mainstay.tables import CASE_TABLES, RESULT_TABLES
from mainstay.tables.choices import choice_words
from mainstay.tables.declaration import Column, unit_zh
from mainstay.tables.frames import DTYPES, empty, fill_defaults
from mainstay.tables.reference import page, schema
from mainstay.tables.rules.names import ALL
from mainstay.tables.settings import SETTINGS
from mainstay.units import UNITS, factor

TABLES = [SETTINGS, *CASE_TABLES.values(), *RESULT_TABLES.values()]
COLUMNS = [pytest.param(t, c, id=f"{t.name}.{c.name}") for t in TABLES for c in t.columns]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_column_holds_together(table, column: Column):
    assert column.text, "has no words"
    assert column.text_zh, "has no Chinese words"
    assert not column.unit or unit_zh(column.unit), "has a unit without Chinese words"
    assert all(choice_words(column, choice).zh for choice in column.choices), "has a choice without Chinese words"
    assert column.type in DTYPES
    for reference in column.refers:
        name, field = reference.split(".")
        assert CASE_TABLES[name].column(field)
    if column.choices and column.default is not None:
        assert column.default in column.choices
    assert bool(column.choices) == (column.type == "choice")
    if column.default is not None:
        fill_defaults(table, empty(table))
    if column.least is not None and isinstance(column.default, int | float):
        assert column.default >= column.least
    if column.name == "unit":
        assert column.choices == tuple(UNITS)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_a_table_holds_together(table):
    names = [c.name for c in table.columns]
    assert len(set(names)) == len(names)
    assert table.text.endswith(".")
    assert table.text_zh
    assert table.key or table is SETTINGS


def test_units_of_one_dimension_convert_there_and_back():
    for one in UNITS:
        for other in UNITS:
            there, back = factor(one, other), factor(other, one)
            assert (there is None) == (back is None)
            assert there is None or abs(there * back - 1) < 1e-12


def test_every_rule_has_words():
    assert all(text.endswith(".") for text in ALL.values())


def test_the_page_of_reference_is_current():
    written = Path(__file__).parents[2] / "docs" / "tables.md"
    assert written.read_text(encoding="utf-8") == page(), "run python -m mainstay.tables.reference > docs/tables.md"


def test_the_schema_is_plain_values():
    everything = json.loads(json.dumps(schema()))
    assert [t["name"] for t in everything["case"]] == list(CASE_TABLES)
    assert [t["name"] for t in everything["plan"]] == list(RESULT_TABLES)
    needs = schema("needs")["case"]
    assert needs["key"] == ("scenario", "item", "place", "tier", "date", "since")
    assert set(schema("stocks")) == {"case", "plan"}


def test_the_schema_of_an_unknown_table_is_refused():
    with pytest.raises(UsageError, match='Did you mean "needs"'):
        schema("need")
