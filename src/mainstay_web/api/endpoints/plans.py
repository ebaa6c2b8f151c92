"""Plan runs: started, followed, cancelled, decided on; their tables; one's own part."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import polars as pl
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Header, Query, Router, Status

from mainstay.tables import RESULT_TABLES
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.templatetags.words import reason_of
from mainstay_web.api.problems import PROBLEMS
from mainstay_web.api.shapes import (
    CancelledOut,
    IdempotencyKey,
    Key,
    Limit,
    Offset,
    OwnOut,
    Page,
    RunIn,
    RunOut,
    Sought,
    TableOut,
    VerdictIn,
    page,
)
from mainstay_web.api.tokens import allowed
from mainstay_web.jobs import actions as jobs
from mainstay_web.jobs.actions import once
from mainstay_web.keys import digest_of
from mainstay_web.planning import actions, cases, queries
from mainstay_web.planning.models import Run
from mainstay_web.planning.own import own_part

router = Router()
CSV = {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}
ResultTable = Literal[tuple(RESULT_TABLES)]


@router.get("/plans", response={200: Page[RunOut], **PROBLEMS})
def plans(
    request: HttpRequest,
    state: Annotated[Literal[tuple(Run.State.values)] | None, Query()] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """Plan runs, the newest first. Scope: plans.view."""
    person = allowed(request, "plans.view")
    found = rights.visible(person, "plans.view", Run.objects.select_related("organisation"))
    return page(found.filter(state=state) if state else found, limit, offset, _run)


@router.get("/plans/{pk}", response={200: RunOut, **PROBLEMS})
def plan(request: HttpRequest, pk: Key) -> Any:
    """One run: how far it is, and what came of it. Scope: plans.view."""
    return _run(_get(request, "plans.view", pk))


@router.post("/plans", response={201: RunOut, 200: RunOut, **PROBLEMS})
def start(request: HttpRequest, sent: RunIn, idempotency_key: Annotated[IdempotencyKey | None, Header()] = None) -> Any:
    """Plan on the register and the reports as they stand now; the plan is made in the background. Scope: plans.run.

    The key is the caller's own name of this run: the same key and body again is answered with 200 and the run that
    was started before, the same key with another body with 409. Without a key, each call starts a run.
    """
    person = allowed(request, "plans.run")
    organisation = rights.get_visible(
        person, "plans.run", Organisation.objects.all(), prefix="", code=sent.organisation
    )
    key, digest = idempotency_key or "", digest_of(sent.model_dump())
    run, is_new = once(Run, organisation, key, digest, lambda: _start(sent, organisation, person, key, digest))
    return Status(201 if is_new else 200, _run(run))


def _start(sent: RunIn, organisation: Organisation, person: Person, key: str, digest: str) -> Run:
    snapshot = cases.take_snapshot(organisation=organisation, by=person)
    case = cases.read_snapshot(snapshot.folder)
    said = sent.model_dump(exclude={"organisation"})
    said["horizon"] = sent.horizon.strip() or case.horizon
    said["needs"] = sent.needs or case.scenario
    return actions.start_run(organisation=organisation, snapshot=snapshot, by=person, key=key, digest=digest, **said)


@router.post("/plans/{pk}/cancel", response={200: CancelledOut, **PROBLEMS})
def cancel(request: HttpRequest, pk: Key) -> Any:
    """Take a run out of the queue, or stop it. Scope: plans.run."""
    run = _get(request, "plans.run", pk)
    return {"is_stopping": jobs.cancel(work=run, by=request.user)}


@router.post("/plans/{pk}/decision", response={200: RunOut, **PROBLEMS})
def decide(request: HttpRequest, pk: Key, sent: VerdictIn) -> Any:
    """Approve or reject a finished plan, with the reason. Scope: plans.approve."""
    run = _get(request, "plans.approve", pk)
    actions.decide(run=run, verdict=sent.verdict, reason=sent.reason, by=request.user)
    run.refresh_from_db()
    return _run(run)


@router.get("/plans/{pk}/tables/{table}", response={200: TableOut, **PROBLEMS})
def table(request: HttpRequest, pk: Key, table: ResultTable, limit: Limit = 100, offset: Offset = 0) -> Any:
    """Rows of a table of results. Scope: plans.view."""
    frame = _table(request, pk, table)
    return {
        "table": table,
        "columns": frame.collect_schema().names(),
        "total": frame.select(pl.len()).collect().item(),
        "limit": limit,
        "offset": offset,
        "rows": frame.slice(offset, limit).collect().to_dicts(),
    }


@router.get("/plans/{pk}/tables/{table}/csv", response=PROBLEMS, openapi_extra={"responses": {200: CSV}})
def table_csv(request: HttpRequest, pk: Key, table: ResultTable) -> HttpResponse:
    """A whole table of results as CSV. Scope: plans.view."""
    text = _table(request, pk, table).collect().write_csv()
    return HttpResponse(text, content_type="text/csv; charset=utf-8")


@router.get("/own", response={200: OwnOut, **PROBLEMS})
def own(request: HttpRequest, organisation: Sought = None) -> Any:
    """What the approved plan says for an organisation of one's own. Scope: plans.own."""
    person = allowed(request, "plans.own")
    ours = rights.organisations(person, "plans.own").filter(~Q(place="") | ~Q(enterprise=""))
    shown = (ours.filter(code=organisation) if organisation is not None else ours).first()
    if shown is None:
        raise Http404
    run = queries.approved(shown)
    if run is None:
        return {"organisation": shown.code, "run": None}
    part = own_part(run.results, enterprise=shown.enterprise, place=shown.place)
    return {
        "organisation": shown.code,
        "run": run.pk,
        "is_shared": part.is_shared,
        "parts": {one.key: one.frame.to_dicts() for one in part.parts},
    }


def _get(request: HttpRequest, action: str, pk: int) -> Run:
    person = allowed(request, action)
    return rights.get_visible(person, action, Run.objects.select_related("organisation"), pk=pk)


def _table(request: HttpRequest, pk: int, table: str) -> pl.LazyFrame:
    run = _get(request, "plans.view", pk)
    if run.state != Run.State.DONE:
        raise Http404
    return run.results.table(table)


def _run(run: Run) -> dict[str, Any]:
    names = (
        "title", "at", "horizon", "needs", "as_of", "state", "stage", "share", "is_sound", "verdict", "summary",
    )  # fmt: skip
    return {
        "id": run.pk,
        "organisation": run.organisation.code,
        **{name: getattr(run, name) for name in names},
        "reason": reason_of(run),
    }
