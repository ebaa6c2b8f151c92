"""Whatever is confirmed, reversed, taken in, objected to or timed out: what is done is what its movements say."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test
from tests.web.lots_world import again

from mainstay_web.directives import lots
from mainstay_web.directives.actions import book, send_out, step, take_in
from mainstay_web.ledger import actions as ledger
from mainstay_web.ledger.errors import Refused
from mainstay_web.ledger.models import KEPT, Account, Entry, Movement, Reservation
from mainstay_web.ledger.verifying import verify

QUANTITIES = st.sampled_from([0.001, 1, 7.5, 30])
LOTS = st.sampled_from(["A", "B"])
ORDERS = ("make", "ship", "arrive", "release")


class Confirming(RuleBasedStateMachine):
    """Orders to make, release, ship and take in; ``carried`` is what each movement that stands carried out of which."""

    kept: SimpleNamespace
    people: SimpleNamespace
    moved, sent, held = Bundle("moved"), Bundle("sent"), Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.keys = 0
        self.carried: dict[int, tuple[str, float]] = {}

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def confirm(self, name: str, carries: float, action: Any, **said: Any) -> Any:
        """Do it twice under one key: it counts once; what is refused changes nothing."""
        self.keys += 1
        order, before = again(getattr(self.kept, name)), state()
        try:
            with transaction.atomic():
                movement = action(directive=order, key=f"k{self.keys}", note="so", **said)
        except (Refused, ValidationError):
            assert state() == before
            return multiple()
        after = state()
        assert action(directive=order, key=f"k{self.keys}", note="so", **said) == movement
        assert state() == after
        self.carried[movement.pk] = (name, carries)
        return movement

    @rule(target=sent, lot=LOTS, quantity=QUANTITIES)
    def ship(self, lot: str, quantity: float) -> Any:
        return self.confirm("ship", quantity, send_out, by=self.people.keeper, lots={lot: quantity})

    @rule(target=moved, quantity=QUANTITIES)
    def release(self, quantity: float) -> Any:
        return self.confirm("release", quantity, send_out, by=self.people.keeper, quantity=quantity)

    @rule(target=moved, lot=LOTS, quantity=QUANTITIES)
    def make(self, lot: str, quantity: float) -> Any:
        return self.confirm("make", quantity, book, by=self.people.maker, lot=lot, quantity=quantity)

    @rule(target=moved, shipment=sent, short=st.booleans(), by_the_ledger=st.booleans())
    def take_in(self, shipment: Movement, short: bool, by_the_ledger: bool) -> Any:
        came = {e.account.lot.code: 0.5 if short else e.quantity / 1000 for e in lots.coming_entries(shipment)}
        if not by_the_ledger:
            who, total = self.people.hospital, sum(came.values())
            return self.confirm("arrive", total, take_in, shipment=shipment, counted=came, by=who)
        awaits = lots.awaiting(shipment)
        try:
            movement = ledger.arrive(shipment=shipment, counted=came, by=self.people.hospital)
        except Refused:
            return multiple()
        if awaits is not None:
            self.carried[movement.pk] = ("arrive", sum(came.values()))
        return movement

    @rule(target=held, quantity=QUANTITIES)
    def reserve(self, quantity: float) -> Any:
        order = self.kept.ship
        said = {"organisation": order.addressee, "place": "east", "item": "mask", "owner": "enterprise"}
        try:
            return ledger.reserve(**said, quantity=quantity, by=None, reference=lots.reference(order))
        except Refused:
            return multiple()

    @rule(target=sent, reservation=held)
    def post(self, reservation: Movement) -> Any:
        to, order = ledger.Goods(self.kept.arrive.addressee, "west", "mask"), self.kept.ship
        quantity = sum(e.quantity for e in reservation.entries.filter(book="reserved")) / 1000
        try:
            with transaction.atomic():
                said = {"reason": "so", "reference": lots.reference(order)}
                movement = ledger.post(reservation=reservation, to=to, by=None, **said)
        except (Refused, ValidationError):
            return multiple()
        self.carried[movement.pk] = ("ship", quantity)
        return movement

    @rule(reservation=held)
    def time_out(self, reservation: Movement) -> None:
        Reservation.objects.filter(made=reservation).update(until=timezone.now() - timedelta(seconds=1))
        ledger.time_out()

    @rule(movement=st.one_of(moved, sent))
    def reverse(self, movement: Movement) -> None:
        try:
            ledger.reverse(movement=movement, by=None, reason="It was wrong")
        except Refused:
            return
        self.carried.pop(movement.pk, None)

    @rule(name=st.sampled_from(["object", "uphold", "block", "resume", "finish"]), order=st.sampled_from(ORDERS))
    def take_a_step(self, name: str, order: str) -> None:
        kept = again(getattr(self.kept, order))
        asked = {"block": {"blocker": "cash", "share": 0.5}, "finish": {"done": lots.done_by_lot(kept)}}
        try:
            with transaction.atomic():
                step(directive=kept, name=name, by=self.people.everybody, note="so", **asked.get(name, {}))
        except ValidationError:
            return

    @invariant()
    def what_is_done_is_what_stands_of_the_movements(self) -> None:
        for name in ORDERS:
            order = again(getattr(self.kept, name))
            stands = sum(quantity for of, quantity in self.carried.values() if of == name)
            assert round(order.done, 3) == round(stands, 3) == round(lots.done_by_lot(order), 3), name

    @invariant()
    def sums_are_zero_and_nothing_is_negative(self) -> None:
        assert not Entry.objects.order_by().values("movement").annotate(total=Sum("quantity")).exclude(total=0).exists()
        assert all(getattr(account, book) >= 0 for account in Account.objects.all() for book in KEPT)

    @invariant()
    def the_history_leads_to_the_state(self) -> None:
        for name in ORDERS:
            order = again(getattr(self.kept, name))
            assert order.changes.last().new == order.state


def state() -> list[Any]:
    """All that the ledger and the directives say."""
    from mainstay_web.directives.models import Directive, DirectiveChange

    return [
        list(Account.objects.order_by("pk").values_list("pk", *KEPT, "head")),
        Movement.objects.count(),
        list(Directive.objects.order_by("pk").values_list("pk", "state", "done")),
        DirectiveChange.objects.count(),
    ]


def test_what_is_done_is_what_the_ledger_says_in_any_order(kept, keeper, cast, places, roles) -> None:
    from mainstay_web.accounts import actions as accounts

    role = roles["head"]
    role.actions = [*role.actions, "directives.own"]
    role.save()
    everybody = accounts.add_person(
        username="everybody", password=None, role=role, organisation=places.country, by=None
    )
    Confirming.kept = kept
    Confirming.people = SimpleNamespace(keeper=keeper, maker=cast.maker, hospital=cast.hospital, everybody=everybody)
    run_state_machine_as_test(
        Confirming,
        settings=settings(
            max_examples=8,
            stateful_step_count=15,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate],
        ),
    )
    assert list(verify()) == []
