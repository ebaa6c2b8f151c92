"""Rows of the register: versions, owners, what is refused, the case as it was."""

from datetime import date, timedelta
from types import SimpleNamespace

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from polars.testing import assert_frame_equal

from mainstay import tables
from mainstay.examples import path
from mainstay_web.audit.models import AuditRow
from mainstay_web.registry import actions, queries, shape
from mainstay_web.registry.models import Row

PLACES = [
    {"place": "east", "name": "East", "kind": "area"},
    {"place": "west", "name": "West", "kind": "area"},
    {"place": "works", "name": "Works", "kind": "site", "parent": "east"},
]
ENTERPRISES = [
    {"enterprise": "maker", "name": "Maker", "place": "east"},
    {"enterprise": "small", "name": "Small", "place": "works"},
]
LINES = [{"line": "L1", "enterprise": "maker", "place": "east", "kind": "mask", "quantity": 2}]


def put(table: str, rows: object, places: SimpleNamespace, by=None, **more: object) -> actions.Outcome:
    return actions.put_rows(table=table, rows=rows, organisation=places.country, by=by, **more)


@pytest.fixture
def base(places):
    put("places", PLACES, places)
    put("enterprises", ENTERPRISES, places)
    put("lines", LINES, places)
    return places


def line() -> Row:
    return Row.objects.get(table="lines", is_current=True)


@pytest.mark.parametrize("name", ["tiny", "cholera-mini", "hubei-2020"])
def test_a_case_that_was_put_in_comes_out_the_same(places, name: str) -> None:
    case = tables.read(path(name))
    kept = {n: f for n, f in case.tables.items() if n != "reports"}
    outcomes = actions.import_tables(kept, case.settings, case.extras, organisation=places.country, by=None)
    assert all(o.refused == 0 for o in outcomes.values())
    back = queries.current_tables()
    assert list(back) == list(kept)
    for table, frame in kept.items():
        assert_frame_equal(back[table], frame)
    assert queries.settings_of_case() == case.settings
    assert queries.extras() == dict(case.extras)
    assert case.replace(**back).hash == case.hash


def test_rows_put_one_by_one_as_text_are_typed_like_the_case(places) -> None:
    case = tables.read(path("tiny"))
    for name in shape.TABLES:
        put(name, case[name], places)
        assert_frame_equal(queries.current_table(name), case[name])


@pytest.mark.parametrize("value", [0.1, 1e-12, 1e22, 123456789.123456789, 2.0**53])
def test_a_number_comes_out_exactly_as_it_went_in(base, value: float) -> None:
    put("lines", [{**LINES[0], "quantity": value}], base)
    assert queries.current_table("lines")["quantity"].to_list() == [value]


def test_a_change_is_a_new_version_and_the_old_one_stays(base) -> None:
    outcome = put("lines", [{**LINES[0], "quantity": 3}], base, reason="counted again")
    assert (outcome.added, outcome.changed, outcome.unchanged) == (0, 1, 0)
    old, new = Row.objects.filter(table="lines").order_by("version")
    assert (old.body["quantity"], new.body["quantity"], new.version, new.reason) == (2, 3, 2, "counted again")
    assert old.until == new.at
    assert not old.is_current
    row = AuditRow.objects.first()
    assert (row.action, row.detail["counts"]) == ("registry.edit", {"lines": {"changed": 1}})


def test_a_row_that_did_not_change_gets_no_version_and_no_audit_row(base) -> None:
    before = AuditRow.objects.count()
    assert put("lines", LINES, base).unchanged == 1
    assert Row.objects.filter(table="lines").count() == 1
    assert AuditRow.objects.count() == before


def test_bad_rows_are_refused_with_their_row_and_the_good_ones_are_taken(base) -> None:
    rows = [
        {"line": "L2", "enterprise": "maker", "place": "east", "kind": "mask", "quantity": "12,000"},
        {"line": "L3", "enterprise": "maker", "place": "east", "kind": "mask", "quantity": -1},
        {"line": "L4", "enterprise": "maker", "place": "east", "kind": "mask", "quantity": 1},
        {"line": "L4", "enterprise": "maker", "place": "east", "kind": "mask", "quantity": 2},
        {"line": "L5", "place": "east", "kind": "mask", "quantity": 2},
    ]
    outcome = put("lines", rows, base)
    assert (outcome.rows, outcome.added, outcome.refused) == (5, 1, 4)
    assert {(f.row, f.rule) for f in outcome.findings.errors} == {
        (2, "thousands_separator"),
        (3, "negative"),
        (5, "duplicate_key"),
        (6, "missing_value"),
    }
    assert outcome.count == tables.Findings(list(outcome.findings), {"lines": 5}).counts["lines"]


def test_a_column_that_is_not_declared_raises(base) -> None:
    with pytest.raises(KeyError, match="colour"):
        put("lines", [{**LINES[0], "colour": "red"}], base)


def test_codes_that_are_too_long_for_a_key_are_refused(base) -> None:
    outcome = put("lines", [{**LINES[0], "line": "x" * 500}], base)
    assert [f.rule for f in outcome.findings] == ["too_long"]


def test_a_row_belongs_to_its_enterprise_else_to_the_area_that_it_lies_in(base) -> None:
    owner = {r.key: r.organisation.code for r in Row.objects.filter(table="enterprises")}
    assert owner == {'["maker"]': "maker", '["small"]': "east"}
    assert line().organisation == base.maker
    put("availability", [{"subject_kind": "line", "subject": "L1", "share": 0.5}], base)
    assert Row.objects.get(table="availability").organisation == base.maker
    put("stocks", [{"place": "hospital", "item": "mask", "quantity": 1}], base)
    assert Row.objects.get(table="stocks").organisation == base.hospital
    put("items", [{"item": "mask", "name": "Mask", "stage": "finished", "unit": "piece"}], base)
    assert Row.objects.get(table="items").organisation == base.country


def test_a_row_moves_when_its_enterprise_becomes_an_organisation(base) -> None:
    from mainstay_web.accounts.actions import add_organisation

    small = add_organisation(code="small", name="S", kind="enterprise", parent=base.east, enterprise="small", by=None)
    assert put("enterprises", ENTERPRISES, base).unchanged == 2
    assert Row.objects.get(table="enterprises", key='["small"]').organisation == small


def test_a_removed_row_is_gone_and_comes_back_when_it_is_restored(base) -> None:
    assert actions.remove_rows(table="lines", keys=['["L1"]'], by=None, organisation=base.country, reason="sold") == 1
    assert queries.current_table("lines").height == 0
    removed = line()
    assert (removed.is_removed, removed.version, removed.reason) == (True, 2, "sold")
    first = Row.objects.get(table="lines", version=1)
    restored = actions.restore_version(version=first, by=None, reason="not sold")
    assert (restored.version, restored.is_removed, restored.body) == (3, False, first.body)
    assert queries.current_table("lines").height == 1


def test_the_register_can_be_read_as_it_was(base) -> None:
    put("lines", [{**LINES[0], "quantity": 9}], base)
    actions.remove_rows(table="lines", keys=['["L1"]'], by=None, organisation=base.country, reason="sold")
    times = list(Row.objects.filter(table="lines").order_by("version").values_list("at", flat=True))
    assert [queries.current_table("lines", at=t)["quantity"].to_list() for t in times] == [[2], [9], []]
    assert queries.rows("lines", at=times[0] - timedelta(days=1)).count() == 0


def test_an_import_replaces_and_a_second_one_changes_nothing(base) -> None:
    put("lines", [{**LINES[0], "line": "old"}], base)
    case = tables.read(path("tiny"))
    kept = {n: f for n, f in case.tables.items() if n != "reports"}
    first = actions.import_tables(kept, organisation=base.country, by=None)
    assert first["lines"].removed == 1
    count = Row.objects.count()
    again = actions.import_tables(kept, organisation=base.country, by=None)
    assert Row.objects.count() == count
    assert all(o.unchanged == o.rows for o in again.values())


def test_settings_that_are_not_given_stay(base) -> None:
    actions.change_settings(
        settings={"start": date(2020, 1, 24), "title": "Spring"}, organisation=base.country, by=None
    )
    actions.change_settings(settings={"title": "Autumn"}, organisation=base.country, by=None)
    now = queries.settings_of_case()
    assert (now["start"], now["title"], now["horizon"]) == (date(2020, 1, 24), "Autumn", "14x1 6x7")
    bad = actions.change_settings(settings={"start": "soon"}, organisation=base.country, by=None)
    assert (bad.refused, queries.settings_of_case()["start"]) == (1, date(2020, 1, 24))


def test_who_edits_in_east_alone_changes_rows_of_east_alone(base, cast) -> None:
    rows = [
        {**LINES[0], "quantity": 5},
        {"line": "W1", "enterprise": "other_maker", "place": "west", "kind": "mask", "quantity": 1},
    ]
    outcome = actions.put_rows(table="lines", rows=rows, organisation=base.east, by=cast.east_analyst)
    assert (outcome.changed, outcome.refused) == (1, 1)
    (finding,) = outcome.findings
    assert (finding.row, finding.rule) == (3, "not_allowed")
    taken = [{"line": "L1", "enterprise": "other_maker", "place": "west", "kind": "mask", "quantity": 5}]
    assert actions.put_rows(table="lines", rows=taken, organisation=base.east, by=cast.east_analyst).refused == 1


def test_a_reporter_changes_removes_restores_and_imports_nothing(base, cast) -> None:
    outcome = actions.put_rows(
        table="lines", rows=[{**LINES[0], "quantity": 5}], organisation=base.maker, by=cast.maker
    )
    assert (outcome.changed, outcome.refused) == (0, 1)
    with pytest.raises(PermissionDenied):
        actions.remove_rows(table="lines", keys=['["L1"]'], by=cast.maker, organisation=base.maker, reason="x")
    with pytest.raises(PermissionDenied):
        actions.restore_version(version=line(), by=cast.maker, reason="x")
    with pytest.raises(PermissionDenied):
        actions.import_tables({}, organisation=base.country, by=cast.east_analyst)
    assert Row.objects.filter(table="lines").count() == 1


def test_a_change_that_another_made_meanwhile_is_not_written_over(base) -> None:
    read = line()
    put("lines", [{**LINES[0], "quantity": 7}], base)
    with pytest.raises(actions.Conflict):
        actions.change_row(row=read, values={**read.body, "quantity": 1}, by=None, reason="")
    assert line().body["quantity"] == 7


def test_an_act_that_fails_leaves_neither_row_nor_audit(base, monkeypatch) -> None:
    before = Row.objects.count(), AuditRow.objects.count()

    def fail(**_kwargs: object) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(DatabaseError), transaction.atomic():
        put("lines", [{**LINES[0], "quantity": 7}], base)
    assert (Row.objects.count(), AuditRow.objects.count()) == before


def test_many_rows_take_as_many_queries_as_few_but_for_the_batches(base, django_assert_max_num_queries) -> None:
    frame = pl.DataFrame(
        {
            "line": [f"X{n}" for n in range(3000)],
            "enterprise": "maker",
            "place": "east",
            "kind": "mask",
            "quantity": 1.0,
        }
    )
    with django_assert_max_num_queries(80):
        assert put("lines", frame, base).added == 3000
