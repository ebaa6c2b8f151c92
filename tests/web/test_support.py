"""Support and arrears: every step, the two persons of a grant, and what follows for the plan."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.web.machine_cells import cells, judge
from tests.web.services_world import registered, versions

from mainstay.calendar import Calendar
from mainstay.network.profiles import daily_share
from mainstay_web.audit.models import AuditRow
from mainstay_web.registry.actions import put_rows
from mainstay_web.reporting.actions import submit
from mainstay_web.support import availability, queries
from mainstay_web.support.desk import ARREARS_DESK, DESK, ask, record_arrear
from mainstay_web.support.machine import ARREARS, SUPPORT
from mainstay_web.support.models import Arrear, ArrearState, State, SupportRequest

TODAY = timezone.localdate()
DAY = timedelta(1)
WORTH = {"cost": 200.0, "share": 0.25, "lead_days": 3}
GIVEN = {**WORTH, "budget": "support", "on": TODAY, "note": "said"}


@pytest.fixture
def request_(desks, places) -> SupportRequest:
    """The maker asks for workers for its line."""
    return ask(organisation=places.maker, kind="workers", line="L1", text="Twenty crews.", by=desks.maker)


@pytest.fixture
def arrear(desks, places) -> Arrear:
    """The hospital owes the maker since 40 days."""
    return record_arrear(
        organisation=places.maker,
        debtor="hospital",
        amount=500.0,
        due=TODAY - 40 * DAY,
        invoice="INV 7",
        by=desks.maker,
    )


def test_each_cell_of_support_is_allowed_denied_or_refused_as_the_data_say(request_, desks):
    seen = set()
    for state, step in cells(SUPPORT):
        put = {state: {"assessed_by": desks.administrator}}
        for by in (desks.maker, desks.finance_1, desks.head, desks.reader, desks.outsider, None):
            seen.add(judge(SUPPORT, request_, state, step, by=by, given=GIVEN, put=put))
    assert seen == {"allowed", "denied", "refused"}


def test_each_cell_of_arrears_is_allowed_denied_or_refused_as_the_data_say(arrear, desks):
    seen = set()
    for state, step in cells(ARREARS):
        for by in (desks.maker, desks.hospital, desks.finance_1, desks.outsider, None):
            seen.add(judge(ARREARS, arrear, state, step, by=by, given=GIVEN))
    assert seen == {"allowed", "denied", "refused"}


def test_what_is_assessed_is_a_measure_that_the_plan_may_choose(request_, desks):
    DESK.take(request_, "assess", by=desks.finance_1, budget="support", **WORTH)

    row = registered("measures", request_.code)
    assert (row["kind"], row["target"], row["amount"], row["cost"], row["lead_days"], row["budget"]) == (
        "staff", "L1", 0.25, 200, 3, "support",
    )  # fmt: skip
    assert (row["name"], row["name_zh"]) == (f"Workers {request_.pk}", f"用工支持 {request_.pk}")

    DESK.take(request_, "refuse", by=desks.finance_2, note="others need them more")
    assert not registered("measures", request_.code)


def test_a_grant_takes_a_second_person_and_raises_the_usable_share_of_the_line(request_, desks, places):
    window = {"subject_kind": "line", "subject": "L1", "from": TODAY - 9 * DAY, "share": 0.5, "blocker": "staff"}
    put_rows(table="availability", rows=[window], organisation=places.country, by=None)
    DESK.take(request_, "assess", by=desks.finance_1, **WORTH)

    with pytest.raises(ValidationError, match="Somebody else"):
        DESK.take(request_, "grant", by=desks.finance_1)
    DESK.take(request_, "grant", by=desks.finance_2)

    assert (request_.before, request_.after, request_.works_from) == (0.5, 0.75, TODAY + 3 * DAY)
    shares = [(row.get("from"), row.get("to"), row["share"]) for row in versions("availability")]
    assert sorted(shares) == [
        ((TODAY - 9 * DAY).isoformat(), (TODAY + 2 * DAY).isoformat(), 0.5),
        ((TODAY + 3 * DAY).isoformat(), None, 0.75),
    ]
    assert not registered("measures", request_.code), "no choice any more, but a fact"
    assert AuditRow.objects.get(action="support.grant").person == desks.finance_2

    DESK.take(request_, "pay", by=desks.finance_1, on=TODAY)
    assert request_.state == State.PAID


def test_what_it_unlocked_is_told_from_the_reports_of_the_maker(request_, desks, places):
    DESK.take(request_, "assess", by=desks.finance_1, **WORTH | {"lead_days": 0})
    DESK.take(request_, "grant", by=desks.finance_2)
    SupportRequest.objects.update(granted_on=TODAY - 3 * DAY, works_from=TODAY - 2 * DAY)
    request_.refresh_from_db()
    rows = [
        {"item": "mask", "measure": "capacity", "basis": "day", "date": TODAY - ago * DAY, "quantity": quantity}
        for ago, quantity in ((9, 10), (4, 20), (1, 60))
    ]
    submit(organisation=places.maker, key="k", rows=rows, channel="form", by=desks.maker)

    (found,) = queries.unlocked(request_)
    assert (found.item, found.before, found.after) == ("mask", 20, 60)
    assert (found.before_on, found.after_on) == (TODAY - 4 * DAY, TODAY - DAY)


def test_support_is_for_a_line_of_ones_own(desks, places):
    with pytest.raises(ValidationError, match="belongs to another"):
        ask(organisation=places.maker, kind="loan", line="L2", text="x", amount=5, by=desks.maker)
    with pytest.raises(ValidationError, match="Only an enterprise"):
        ask(organisation=places.hospital, kind="loan", line="L1", text="x", by=desks.hospital)


def test_the_debtor_confirms_or_disputes_and_finance_decides(arrear, desks):
    ARREARS_DESK.take(arrear, "dispute", by=desks.hospital, note="the boxes were empty")
    ARREARS_DESK.take(arrear, "uphold", by=desks.finance_1, note="the receipt says full")
    assert arrear.state == ArrearState.CONFIRMED
    ARREARS_DESK.take(arrear, "receive", by=desks.maker, on=TODAY)
    assert arrear.state == ArrearState.PAID


def test_arrears_are_kept_for_small_firms(desks, places):
    with pytest.raises(ValidationError, match="large"):
        record_arrear(
            organisation=places.other_maker, debtor="maker", amount=1, due=TODAY, invoice="1", by=desks.outsider
        )
    assert not Arrear.objects.exists(), "nothing is left of what was refused"


def test_arrears_are_summed_by_age_and_paid_ones_are_not(desks, places):
    for ago, amount in ((0, 1.0), (30, 2.0), (31, 4.0), (60, 8.0), (61, 16.0), (90, 32.0), (91, 64.0)):
        record_arrear(
            organisation=places.maker,
            debtor="hospital",
            amount=amount,
            due=TODAY - ago * DAY,
            invoice=f"{ago}",
            by=desks.maker,
        )
    found = queries.visible_arrears(desks.finance_1)
    assert [(code, n, total) for code, _words, n, total in queries.by_age(found)] == [
        ("30", 2, 3), ("60", 2, 12), ("90", 2, 48), ("older", 1, 64),
    ]  # fmt: skip
    filtered = [found.filter(queries.of_age(first, last)).count() for _code, _words, first, last in queries.AGES]
    assert filtered == [2, 2, 2, 1]

    ARREARS_DESK.take(found.get(invoice="91"), "receive", by=desks.maker, on=TODAY)
    assert queries.by_age(found)[-1][2:] == (0, 0)


def test_creditor_and_debtor_see_an_arrear_and_others_do_not(arrear, desks):
    seen = {name for name in ("maker", "hospital", "outsider", "finance_1")
            if queries.visible_arrears(getattr(desks, name)).exists()}  # fmt: skip
    assert seen == {"maker", "hospital", "finance_1"}


WINDOWS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 20), st.integers(0, 6), st.sampled_from([0.0, 0.2, 0.5, 1.0])), max_size=6
)


@settings(database=None, max_examples=200)
@given(WINDOWS, st.integers(0, 22), st.sampled_from([0.1, 0.3, 0.9]))
def test_a_raised_share_is_the_old_one_before_its_day_and_so_much_more_from_it_on(drawn, after, more):
    """Whatever windows the line and all lines have, as the plan's own reading of the table sees it."""
    calendar = Calendar(TODAY, (1,) * 30)
    rows: list[dict] = []
    taken: set[tuple[bool, int]] = set()
    for own, first, length, share in drawn:
        if taken.isdisjoint(days := {(own, day) for day in range(first, first + length + 1)}):
            taken |= days
            span = {"from": TODAY + first * DAY, "to": TODAY + (first + length) * DAY}
            rows.append(
                {"subject_kind": "line", "subject": "L1" if own else "*", "share": share, "blocker": "staff"} | span
            )
    day = TODAY + after * DAY

    changed = availability.raised(rows, "L1", day, more)

    table = {(row["subject"], row["from"]): row for row in rows} | {(r["subject"], r["from"]): r for r in changed}
    before, now = _shares(rows, calendar), _shares(list(table.values()), calendar)
    assert now[:after].tolist() == before[:after].tolist()
    assert now[after:].tolist() == pytest.approx([min(1.0, share + more) for share in before[after:]])


def _shares(rows, calendar):
    schema = {"subject_kind": pl.String, "subject": pl.String, "share": pl.Float64, "blocker": pl.String}
    frame = pl.DataFrame(rows, schema=schema | {"from": pl.Date, "to": pl.Date})
    return daily_share(frame, "line", pl.Series(["L1"]), calendar)[0]
