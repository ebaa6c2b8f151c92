"""A platform with something of every kind: goods, a matter of each desk, a report, a warning, an outlet."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone
from tests.web import lots_world, services_world
from tests.web.ready_world import ready_tiny
from tests.web.replaying_world import decided as decide_days
from tests.web.replaying_world import exercise_of, replayed
from tests.web.reporting_world import row

from mainstay_web.accounts.models import Organisation
from mainstay_web.audit.models import AuditRow
from mainstay_web.customs.desk import DESK as CUSTOMS
from mainstay_web.customs.desk import announce
from mainstay_web.customs.models import Consignment
from mainstay_web.directives.actions import add_outlet, send_out
from mainstay_web.directives.models import Directive, Issue
from mainstay_web.ledger import actions as ledger
from mainstay_web.ledger.models import Account, Lot
from mainstay_web.licensing import actions as licensing
from mainstay_web.licensing.desk import DESK as LICENSING
from mainstay_web.planning.actions import add_scenario
from mainstay_web.planning.cases import import_case
from mainstay_web.planning.models import Snapshot
from mainstay_web.preparing.actions import decide
from mainstay_web.preparing.models import Design as ReadyDesign
from mainstay_web.registry.actions import change_settings, put_rows
from mainstay_web.registry.merging import start_search
from mainstay_web.registry.models import Row
from mainstay_web.replaying.actions import end_exercise
from mainstay_web.reporting.actions import submit
from mainstay_web.reporting.models import Questionnaire, Report, ReportFinding
from mainstay_web.supervision import actions as supervision
from mainstay_web.support.desk import ask, record_arrear

DAY = timedelta(1)


def numbers(cast: SimpleNamespace, places: SimpleNamespace, order: Directive, best: ReadyDesign) -> dict[str, int]:
    """Make all of it, in East or on behalf of the country; gives the number of each thing by its name.

    ``nothing``, ``token`` and ``session`` are numbers of what is not there.
    """
    maker = Organisation.objects.get(code="maker")
    _register(maker)
    things = {
        "country": places.country,
        "east": places.east,
        "person": cast.maker,
        "directive": order,
        **_goods(places.east, places.hospital),
        **_matters(maker, cast),
        **_told(maker, cast, order),
        **_reported(maker, cast),
        **_ready(best, cast),
        "run": order.issue.run,
        **_lots(order.issue, places.east),
        **_replayed(order.issue.run.snapshot, cast),
        "scenario": add_scenario(base=order.issue.run, name="more", by=cast.analyst),
        "job": start_search(organisation=places.country, by=cast.analyst),
        "line": Row.objects.filter(table="lines", key='["L1"]').latest("pk"),
        "audit": AuditRow.objects.earliest("pk"),
    }
    return {name: thing.pk for name, thing in things.items()} | dict.fromkeys(("nothing", "token", "session"), 10**6)


def _register(maker: Organisation) -> None:
    """The small register of the desks, with its first maker for ours; and a depot in East."""
    import_case(case=ready_tiny(), organisation=_country(), by=None)
    ours = {"enterprise": maker.enterprise}
    for table, rows in services_world.ROWS.items():
        said = [row | ours if row.get("enterprise") == "maker" else row for row in rows]
        outcome = put_rows(table=table, rows=said, organisation=_country(), by=None)
        assert not outcome.refused, list(outcome.findings)
    places = [{"place": code, "name": code.title(), "kind": "warehouse"} for code in ("depot", "hospital")]
    put_rows(table="places", rows=places, organisation=_country(), by=None)
    change_settings(settings={"start": timezone.localdate(), "horizon": "5x1"}, organisation=_country(), by=None)


def _country() -> Organisation:
    return Organisation.objects.get(code="country")


def _goods(east: Organisation, hospital: Organisation) -> dict[str, Any]:
    masks: dict[str, Any] = {"organisation": east, "place": "depot", "item": "mask", "by": None}
    received = ledger.receive(**masks, lot="A", quantity=100)
    there = ledger.Goods(hospital, "hospital", "mask")
    return {
        "movement": received,
        "reservation": ledger.reserve(**masks, quantity=10),
        "shipment": ledger.transfer(**masks, quantity=20, to=there),
        "account": Account.objects.get(organisation=east),
        "lot": Lot.objects.get(),
    }


def _matters(maker: Organisation, cast: SimpleNamespace) -> dict[str, Any]:
    application = licensing.begin(organisation=maker, item="mask", standard="GB 19083-2010", line="L1", by=cast.maker)
    services_world.attach(LICENSING, application, "label", by=cast.maker)
    for number in range(3):
        _cleared(_consignment(maker, f"AWB {number}"))
    consignment = _consignment(maker, "AWB 9")
    owed = {"debtor": "hospital", "amount": 500.0, "due": timezone.localdate() - 40 * DAY, "invoice": "INV 7"}
    return {
        "application": application,
        "label": application.documents.get(),
        "consignment": consignment,
        "paper": consignment.documents.first(),
        "request": ask(organisation=maker, kind="workers", line="L1", text="Twenty crews.", by=cast.maker),
        "arrear": record_arrear(organisation=maker, **owed, by=cast.maker),
    }


def _consignment(maker: Organisation, reference: str) -> Consignment:
    goods = {"item": "mask", "quantity": 1000, "port": "harbour", "source": "abroad"}
    made: Consignment = announce(organisation=maker, **goods, reference=reference, is_express=True, by=None)
    services_world.attach(CUSTOMS, made, "transport", "urgency", "invoice", "packing_list", by=None)
    return made


def _cleared(consignment: Consignment) -> None:
    """It took two days, one more than the register says."""
    CUSTOMS.take(consignment, "declare", by=None, on=timezone.localdate() - 2 * DAY)
    CUSTOMS.take(consignment, "clear", by=None, on=timezone.localdate())


def _told(maker: Organisation, cast: SimpleNamespace, order: Directive) -> dict[str, Any]:
    Directive.objects.filter(pk=order.pk).update(due_at=timezone.now() - timedelta(hours=25))
    said: dict[str, Any] = {"channel": "email", "address": "maker@example.org", "by": cast.maker}
    return {
        "warning": supervision.mention(office=_country(), organisation=maker, kind="warning", by=cast.head),
        "outlet": add_outlet(organisation=maker, **said),
    }


def _ready(best: ReadyDesign, cast: SimpleNamespace) -> dict[str, Any]:
    decide(design=best, verdict="approved", reason="It lasts", by=cast.head)
    return {"preparation": best.preparation, "design": best, "task": best.rotation_tasks.first()}


def _lots(issue: Issue, east: Organisation) -> dict[str, Any]:
    """Masks in East that a directive sends out, and some that are on the way."""
    lots_world.stock(east, {"Z": 60})
    orders = lots_world.orders(issue)
    sent = send_out(directive=orders.ship, by=None, key="1", quantity=4)
    return {"sending": orders.ship, "taking_in": orders.arrive, "on_the_way": sent}


def _replayed(snapshot: Snapshot, cast: SimpleNamespace) -> dict[str, Any]:
    ended, decided, begun = (exercise_of(snapshot, cast.head, "cover") for _each in range(3))
    for each in (ended, decided):
        decide_days(each, cast.head, "cover")
    end_exercise(exercise=ended, by=cast.head)
    return {"exercise": begun, "decided": decided, "ended": ended, "replay": replayed(snapshot, cast.head, "cover")}


def _reported(maker: Organisation, cast: SimpleNamespace) -> dict[str, Any]:
    sent = submit(organisation=maker, key="k", rows=[row(), row(item="x")], channel="form", by=cast.maker)
    questionnaire = Questionnaire.objects.get()
    membership = cast.maker.memberships.get()
    return {
        "submission": sent,
        "report": Report.objects.get(),
        "finding": ReportFinding.objects.first(),
        "questionnaire": questionnaire,
        "questionnaire_line": questionnaire.lines.first(),
        "membership": membership,
        "role": membership.role,
    }
