"""The desks: applications for licences, consignments in customs, requests for support, arrears; all step by step."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest
from ninja import File, Header, Router, Status
from ninja import Form as FormData
from ninja.errors import HttpError
from ninja.files import UploadedFile

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.api.problems import PROBLEMS
from mainstay_web.api.services_shapes import (
    ApplicationIn,
    ArrearIn,
    ConsignmentIn,
    MatterOut,
    MatterStepIn,
    MeasuredIn,
    MeasuredOut,
    SupportIn,
)
from mainstay_web.api.shapes import IdempotencyKey, Key, Limit, Offset, Page, Sought, Word, page
from mainstay_web.api.tokens import allowed
from mainstay_web.customs import days
from mainstay_web.customs.desk import DESK as CUSTOMS
from mainstay_web.customs.desk import announce
from mainstay_web.customs.models import Consignment
from mainstay_web.licensing.actions import begin
from mainstay_web.licensing.desk import DESK as LICENSING
from mainstay_web.licensing.queries import visible as visible_applications
from mainstay_web.machines import MARKS
from mainstay_web.machines import allowed as possible
from mainstay_web.services.desk import ATTACH, Desk
from mainstay_web.services.documents import receive_document
from mainstay_web.support.desk import ARREARS_DESK, ask, record_arrear
from mainstay_web.support.desk import DESK as SUPPORT
from mainstay_web.support.queries import visible_arrears, visible_requests
from mainstay_web.uploads import Refused

router = Router()
Service = Literal["licences", "customs", "support", "arrears"]
Once = Annotated[IdempotencyKey | None, Header(alias="Idempotency-Key")]
"""The caller's own name of a call: the same call under it again counts once, another one is answered with 409."""


def _visible_consignments(person: Person) -> Any:
    return rights.visible(person, "customs.view", Consignment.objects.select_related("organisation"))


KINDS: dict[str, tuple[Desk, str, Any, tuple[str, ...]]] = {
    "licences": (
        LICENSING,
        "licensing.view",
        visible_applications,
        ("item", "line", "standard", "proposal", "conditions", "expires"),
    ),
    "customs": (
        CUSTOMS,
        "customs.view",
        _visible_consignments,
        ("item", "quantity", "source", "port", "reference", "is_express"),
    ),
    "support": (
        SUPPORT,
        "support.view",
        visible_requests,
        ("kind", "line", "text", "amount", "cost", "share", "lead_days", "budget", "works_from", "before", "after"),
    ),
    "arrears": (ARREARS_DESK, "support.view", visible_arrears, ("amount", "due", "invoice")),
}
"""Each service: its desk, the right to see, the matters that a person may see, and what is told of each."""


@router.get("/services/{service}", response={200: Page[MatterOut], **PROBLEMS})
def matters(
    request: HttpRequest, service: Service, state: Sought = None, limit: Limit = 100, offset: Offset = 0
) -> Any:
    """Matters of a service, the newest first. Scope: licensing.view, customs.view or support.view."""
    _desk, view, visible, _names = KINDS[service]
    person = allowed(request, view)
    found = visible(person).prefetch_related("changes__by")
    return page(found.filter(state=state) if state else found, limit, offset, lambda each: _told(service, each, person))


@router.get("/services/{service}/{pk}", response={200: MatterOut, **PROBLEMS})
def matter(request: HttpRequest, service: Service, pk: Key) -> Any:
    """One matter, with the steps that were taken and those that may be taken now. Scope: as for the list."""
    return _told(service, _get(request, service, pk), request.user)


@router.post("/services/{service}/{pk}/steps/{step}", response={200: MatterOut, **PROBLEMS})
def take_step(
    request: HttpRequest, service: Service, pk: Key, step: Word, sent: MatterStepIn, idempotency_key: Once = None
) -> Any:
    """Take a step; ``given`` as the page of the step asks it. Scopes: that of the list, and that of the step.

    The same call under the same key again counts once; another one under that key is answered with 409. So of all
    calls below that write.
    """
    desk, _view, _visible, _names = KINDS[service]
    found = _get(request, service, pk)
    if step == ATTACH:
        raise ValidationError("Documents come by POST to the address …/documents, with the file.")
    wanted = desk.machine.step(step).action
    if wanted:
        allowed(request, wanted)
    form = desk.form_of(found, step, {**sent.given, "note": sent.note}, request.user)
    _require_sound(form, sent.given)
    desk.take(found, step, by=request.user, key=idempotency_key or "", **form.said)
    return _told(service, found, request.user)


@router.post("/services/{service}/{pk}/documents", response={200: MatterOut, **PROBLEMS})
def send_document(
    request: HttpRequest,
    service: Literal["licences", "customs"],
    pk: Key,
    kind: Annotated[Word, FormData(description="kind of document, as in test_report or invoice")],
    file: Annotated[UploadedFile, File(description="a PDF, a picture or a workbook")],
    idempotency_key: Once = None,
) -> Any:
    """Send a document of a matter. Scopes: that of the list, and licensing.apply or customs.declare."""
    desk, _view, _visible, _names = KINDS[service]
    found = _get(request, service, pk)
    allowed(request, desk.machine.steps[ATTACH].action)
    try:
        sent = receive_document(file)
    except Refused as refused:
        raise HttpError(422, str(refused)) from refused
    desk.attach(found, kind, sent, by=request.user, key=idempotency_key or "")
    return _told(service, found, request.user)


@router.post("/licences", response={201: MatterOut, **PROBLEMS})
def apply_for_licence(request: HttpRequest, sent: ApplicationIn, idempotency_key: Once = None) -> Any:
    """Begin an application of a maker; it is submitted when its documents are there. Scope: licensing.apply."""
    return _opened(request, "licences", "licensing.apply", begin, sent, idempotency_key)


@router.post("/customs", response={201: MatterOut, **PROBLEMS})
def announce_consignment(request: HttpRequest, sent: ConsignmentIn, idempotency_key: Once = None) -> Any:
    """Announce a consignment; it is declared when its documents are there. Scope: customs.declare."""
    return _opened(request, "customs", "customs.declare", announce, sent, idempotency_key)


@router.post("/support", response={201: MatterOut, **PROBLEMS})
def ask_for_support(request: HttpRequest, sent: SupportIn, idempotency_key: Once = None) -> Any:
    """Ask for a measure for a line. Scope: support.request."""
    return _opened(request, "support", "support.request", ask, sent, idempotency_key)


@router.post("/arrears", response={201: MatterOut, **PROBLEMS})
def record_an_arrear(request: HttpRequest, sent: ArrearIn, idempotency_key: Once = None) -> Any:
    """Record what a small firm is owed. Scope: support.request."""
    return _opened(request, "arrears", "support.request", record_arrear, sent, idempotency_key)


@router.get("/customs-days", response={200: list[MeasuredOut], **PROBLEMS})
def measured_days(request: HttpRequest) -> Any:
    """Days of customs as measured, where the register says otherwise. Scopes: customs.view and registry.view."""
    allowed(request, "customs.view")
    person = allowed(request, "registry.view")
    seen = set(rights.organisations(person, "registry.view").values_list("pk", flat=True))
    names = ("source", "column", "now", "measured", "cleared", "still")
    return [
        {name: getattr(each, name) for name in names} for each in days.proposals() if each.row.organisation_id in seen
    ]


@router.post("/customs-days", response={200: list[MeasuredOut], **PROBLEMS})
def accept_days(request: HttpRequest, sent: MeasuredIn) -> Any:
    """Write measured days into the register. Scopes: customs.view, registry.view and registry.edit."""
    allowed(request, "customs.view")
    days.accept(**sent.model_dump(), by=allowed(request, "registry.edit"))
    return measured_days(request)


def _opened(request: HttpRequest, service: str, action: str, act: Any, sent: Any, key: str | None) -> Any:
    person = allowed(request, action)
    allowed(request, KINDS[service][1])
    said = sent.model_dump()
    said["organisation"] = rights.get_visible(
        person, action, Organisation.objects.all(), prefix="", code=said["organisation"]
    )
    return Status(201, _told(service, act(**said, by=person, key=key or ""), person))


def _get(request: HttpRequest, service: str, pk: int) -> Any:
    _desk, view, visible, _names = KINDS[service]
    found = visible(allowed(request, view)).filter(pk=pk).first()
    if found is None:
        raise HttpError(404, "There is no such thing, or you may not know of it.")
    return found


def _require_sound(form: Form, given: dict[str, Any]) -> None:
    """Refuse what cannot be read, and what no step asks."""
    unknown = set(given) - set(form.fields)
    if unknown:
        known = ", ".join(form.fields) or "nothing"
        raise ValidationError(f"The step does not ask {', '.join(sorted(unknown))}. It asks: {known}.")
    if not form.is_valid():
        raise ValidationError([f"{name}: {text}" for name, texts in form.errors.items() for text in texts])


def _told(service: str, found: Any, person: Person) -> dict[str, Any]:
    desk, _view, _visible, names = KINDS[service]
    facts = {name: _plain(getattr(found, name)) for name in names}
    if service == "arrears":
        facts["debtor"] = found.debtor.code
    documents = found.documents.all() if hasattr(found, "documents") else []
    return {
        "id": found.pk,
        "service": service,
        "organisation": found.organisation.code,
        "state": found.state,
        "at": found.at,
        "facts": facts,
        "possible": [step.name for step in possible(desk.machine, found, person)],
        "changes": [
            {
                "step": each.step,
                "old": each.old,
                "new": each.new,
                "at": each.at,
                "by": each.by and each.by.username,
                "note": each.note,
                "given": {name: _plain(value) for name, value in each.given.items() if name not in MARKS},
            }
            for each in found.changes.all()
        ],
        "documents": [{"kind": each.kind, "name": each.name, "sha256": each.sha256} for each in documents],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
