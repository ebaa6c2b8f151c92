"""The express window: every step, its papers and days, and what is measured for the register."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.web.machine_cells import cells, judge
from tests.web.services_world import attach, registered

from mainstay_web.audit.models import AuditRow
from mainstay_web.customs import days
from mainstay_web.customs.desk import DESK, announce
from mainstay_web.customs.machine import CUSTOMS
from mainstay_web.customs.models import Consignment, Kind, State

TODAY = timezone.localdate()
GIVEN = {"kind": "invoice", "document": "a.pdf", "on": TODAY, "reason": "quality", "note": "said"}


@pytest.fixture
def goods(desks, places):
    """Announces consignments of masks, with all their papers."""

    def make(reference: str = "AWB 1", *, is_express: bool = True, papers: bool = True) -> Consignment:
        made = announce(
            organisation=places.maker,
            item="mask",
            quantity=1000,
            port="harbour",
            source="abroad",
            reference=reference,
            is_express=is_express,
            by=desks.maker,
        )
        if papers:
            attach(DESK, made, "transport", "urgency", "invoice", "packing_list", by=desks.maker)
        return made

    return make


def take(consignment: Consignment, step: str, by, ago: int = 0, **given):
    return DESK.take(consignment, step, by=by, on=TODAY - timedelta(ago), **given)


def cleared(goods, desks, *waits: int, is_express: bool = True) -> None:
    for number, wait in enumerate(waits):
        each = goods(f"{is_express} {number}", is_express=is_express)
        take(each, "declare", desks.maker, ago=wait)
        take(each, "clear", desks.customs_1)


def test_each_cell_of_the_machine_is_allowed_denied_or_refused_as_the_data_say(goods, desks):
    consignment = goods()
    seen = set()
    for state, step in cells(CUSTOMS):
        for by in (desks.maker, desks.customs_1, desks.head, desks.outsider, None):
            seen.add(judge(CUSTOMS, consignment, state, step, by=by, given=GIVEN))
    assert seen == {"allowed", "denied", "refused"}


def test_the_express_window_wants_two_papers_first_and_the_others_before_the_goods_leave(goods, desks):
    consignment = goods(papers=False)
    with pytest.raises(ValidationError, match=r"missing: Bill of lading.*urgent"):
        take(consignment, "declare", desks.maker)

    attach(DESK, consignment, "transport", "urgency", by=desks.maker)
    take(consignment, "declare", desks.maker)
    with pytest.raises(ValidationError, match="missing: Invoice, Packing list"):
        take(consignment, "clear", desks.customs_1)

    attach(DESK, consignment, Kind.INVOICE, Kind.PACKING_LIST, by=desks.maker)
    take(consignment, "clear", desks.customs_1)
    assert consignment.state == State.CLEARED


def test_the_normal_way_wants_all_its_papers_first(goods, desks):
    consignment = goods(is_express=False, papers=False)
    attach(DESK, consignment, "transport", by=desks.maker)
    with pytest.raises(ValidationError, match="missing: Invoice, Packing list"):
        take(consignment, "declare", desks.maker)


def test_what_is_held_says_why_and_is_cleared_only_after_an_inspection(goods, desks):
    consignment = goods()
    take(consignment, "declare", desks.maker, ago=5)
    with pytest.raises(ValidationError):
        take(consignment, "hold", desks.customs_1, ago=4, reason="quality")
    take(consignment, "hold", desks.customs_1, ago=4, reason="quality", note="two boxes are wet")
    with pytest.raises(ValidationError, match="not possible"):
        take(consignment, "clear", desks.customs_1)
    take(consignment, "inspect", desks.customs_1, ago=1)
    take(consignment, "clear", desks.customs_1)

    assert days.days_in_states(consignment) == {State.DECLARED: 1, State.HELD: 3, State.INSPECTED: 1}
    assert days.days_in_customs(consignment) == 5


def test_days_go_forward_and_not_into_the_future(goods, desks):
    consignment = goods()
    take(consignment, "declare", desks.maker, ago=3)
    with pytest.raises(ValidationError, match="before that of the last step"):
        take(consignment, "clear", desks.customs_1, ago=4)
    with pytest.raises(ValidationError, match="still to come"):
        take(consignment, "clear", desks.customs_1, ago=-1)


def test_an_offer_is_of_its_own_item_and_port(desks, places):
    said = {"organisation": places.maker, "item": "bag", "quantity": 1, "port": "harbour", "reference": "1"}
    with pytest.raises(ValidationError, match="is of mask through harbour"):
        announce(**said, source="abroad", by=desks.maker)
    with pytest.raises(ValidationError, match="is no port"):
        announce(**said | {"port": "east"}, by=desks.maker)
    with pytest.raises(PermissionDenied):
        announce(**said, by=desks.outsider)


def test_measured_days_are_proposed_and_written_when_somebody_accepts_them(goods, desks):
    cleared(goods, desks, 2, 4, 4, 6)
    cleared(goods, desks, 3, 3, 3, is_express=False)

    found = list(days.proposals())
    assert [(p.source, p.column, p.now, p.measured, p.cleared) for p in found] == [("abroad", "express_days", 1, 4, 4)]
    assert registered("imports", "abroad")["express_days"] == 1

    with pytest.raises(PermissionDenied):
        days.accept(source="abroad", column="express_days", measured=4, by=desks.customs_1)
    with pytest.raises(ValidationError, match="another by now"):
        days.accept(source="abroad", column="express_days", measured=5, by=desks.analyst)
    days.accept(source="abroad", column="express_days", measured=4, by=desks.analyst)

    assert registered("imports", "abroad")["express_days"] == 4
    assert AuditRow.objects.filter(action="registry.edit", person=desks.analyst).count() == 1
    assert not list(days.proposals())


def test_too_few_or_too_old_clearances_propose_nothing(goods, desks):
    cleared(goods, desks, 4, 4, days.RECENT + 1)
    assert not list(days.proposals())


def test_consignments_that_still_wait_count_and_make_the_median_longer(goods, desks):
    cleared(goods, desks, 2, 2, 2)
    for number in range(4):
        take(goods(f"waits {number}"), "declare", desks.maker, ago=9)
    assert not list(days.proposals()), "half are not through: nobody knows the median yet"


@settings(database=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=30))
def test_without_waiting_ones_the_median_is_that_of_the_cleared(cleared):
    assert days.median_days(cleared) == sorted(cleared)[(len(cleared) - 1) // 2]


@settings(database=None)
@given(st.lists(st.integers(0, 60), min_size=1), st.lists(st.integers(0, 60)), st.integers(0, 60))
def test_one_more_that_waits_never_makes_the_median_shorter(cleared, still, more):
    before, after = days.median_days(cleared, still), days.median_days(cleared, [*still, more])
    assert after is None or (before is not None and after >= before)
