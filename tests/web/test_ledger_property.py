"""Whatever is done in whatever order: sums are zero, nothing is negative, a day's balance is the fold of entries."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test
from tests.web.ledger_world import MASKS, world

from mainstay_web.ledger import actions, queries
from mainstay_web.ledger.errors import KeyReused, Refused
from mainstay_web.ledger.models import KEPT, Account, Entry, Movement, Reservation
from mainstay_web.ledger.verifying import verify

QUANTITIES = st.sampled_from([0.001, 1, 2.5, 4, 7])
LOTS = st.sampled_from(["A", "B"])
DAYS = st.integers(0, 3)


class Ledger(RuleBasedStateMachine):
    """Two places, two lots; ``stock`` is what a plain count of what was done says lies there."""

    world: SimpleNamespace
    made, held, sent = Bundle("made"), Bundle("held"), Bundle("sent")

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.keys = 0
        self.days: dict[Any, dict[str, dict[str, int]]] = {}

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def do(self, action: Any, **said: Any) -> Any:
        """Do it twice under one key: it counts once; what is refused changes nothing."""
        self.keys += 1
        before = state()
        try:
            movement = action(by=None, key=f"k{self.keys}", **said)
        except Refused:
            assert state() == before
            return multiple()
        after = state()
        assert action(by=None, key=f"k{self.keys}", **said) == movement
        assert state() == after
        return movement

    @rule(target=made, lot=LOTS, quantity=QUANTITIES, ago=DAYS)
    def receive(self, lot: str, quantity: float, ago: int) -> Any:
        day = timezone.localdate() - timedelta(ago)
        return self.do(actions.receive, organisation=self.world.east, **MASKS, lot=lot, quantity=quantity, day=day)

    @rule(target=made, quantity=QUANTITIES, ago=DAYS, lot=st.none() | LOTS)
    def issue(self, quantity: float, ago: int, lot: str | None) -> Any:
        day = timezone.localdate() - timedelta(ago)
        return self.do(actions.issue, organisation=self.world.east, **MASKS, quantity=quantity, lot=lot, day=day)

    @rule(target=held, quantity=QUANTITIES)
    def reserve(self, quantity: float) -> Any:
        return self.do(actions.reserve, organisation=self.world.east, **MASKS, quantity=quantity)

    @rule(target=sent, quantity=QUANTITIES)
    def transfer(self, quantity: float) -> Any:
        return self.do(actions.transfer, organisation=self.world.east, **MASKS, quantity=quantity, to=self.hospital)

    @rule(target=sent, reservation=held, quantity=st.none() | QUANTITIES)
    def send_reserved(self, reservation: Movement, quantity: float | None) -> Any:
        return self.do(actions.post, reservation=reservation, quantity=quantity, to=self.hospital)

    @rule(target=made, reservation=held)
    def post(self, reservation: Movement) -> Any:
        return self.do(actions.post, reservation=reservation)

    @rule(reservation=held)
    def void(self, reservation: Movement) -> None:
        self.do(actions.void, reservation=reservation)

    @rule(reservation=held)
    def time_passes(self, reservation: Movement) -> None:
        """The time of a reservation is over; nothing writes so yet."""
        Reservation.objects.filter(made=reservation).update(until=timezone.now() - timedelta(seconds=1))

    @rule()
    def time_out(self) -> None:
        actions.time_out()
        assert not Reservation.objects.timed_out().exists()

    @rule(target=made, shipment=sent, short=st.booleans())
    def arrive(self, shipment: Movement, short: bool) -> Any:
        lots = shipment.entries.filter(book="transit").values_list("account__lot__code", flat=True)
        return self.do(actions.arrive, shipment=shipment, counted=dict.fromkeys(lots, 0.001) if short else None)

    @rule(target=made, lot=LOTS, counted=QUANTITIES)
    def count(self, lot: str, counted: float) -> Any:
        return self.do(actions.count, organisation=self.world.east, **MASKS, lot=lot, counted=counted)

    @rule(movement=st.one_of(made, sent))
    def reverse(self, movement: Movement) -> None:
        self.do(actions.reverse, movement=movement)

    @rule(quantity=QUANTITIES)
    def reuse_a_key(self, quantity: float) -> None:
        if earlier := Movement.objects.exclude(key="").first():
            with pytest.raises(KeyReused):
                actions.receive(
                    organisation=earlier.organisation, **MASKS, quantity=quantity + 100, by=None, key=earlier.key
                )

    @property
    def hospital(self) -> actions.Goods:
        return actions.Goods(self.world.hospital, "hospital", "mask")

    @invariant()
    def sums_are_zero(self) -> None:
        assert not Entry.objects.order_by().values("movement").annotate(total=Sum("quantity")).exclude(total=0).exists()
        assert (Entry.objects.aggregate(total=Sum("quantity"))["total"] or 0) == 0

    @invariant()
    def nothing_is_negative_and_balances_are_folds_on_every_day(self) -> None:
        today = timezone.localdate()
        for account in Account.objects.all():
            for ago in range(5):
                folded = queries.balances(account, day=today - timedelta(ago))
                assert all(folded[book] >= 0 for book in KEPT)
                shown = queries.on_day(Account.objects.filter(pk=account.pk), today - timedelta(ago)).get()
                assert [getattr(shown, f"{book.value}_then") for book in KEPT] == [folded[book] for book in KEPT]
            folded = queries.balances(account)
            assert [getattr(account, book) for book in KEPT] == [folded[book] for book in KEPT]

    @invariant()
    def open_reservations_are_what_is_reserved(self) -> None:
        held = Entry.objects.filter(book="reserved", quantity__gt=0, movement__reservation__is_open=True)
        total = held.aggregate(total=Sum("quantity"))["total"] or 0
        assert total == (Account.objects.aggregate(total=Sum("reserved"))["total"] or 0)

    @invariant()
    def every_row_is_as_it_was_written(self) -> None:
        assert list(verify()) == []


def state() -> list[Any]:
    """All that the ledger says."""
    return [
        list(Account.objects.order_by("pk").values_list("pk", *KEPT, "head")),
        Movement.objects.count(),
        list(Reservation.objects.order_by("pk").values_list("pk", "is_open")),
    ]


def test_the_laws_of_the_ledger_hold_whatever_is_done_in_whatever_order(places) -> None:
    Ledger.world = world(places)
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
