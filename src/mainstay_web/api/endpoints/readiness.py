"""What should stand ready: preparations started, followed, cancelled; designs decided on; the rotation calendar."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import polars as pl
from django.http import HttpRequest
from ninja import Header, Query, Router, Status

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.templatetags.words import reason_of
from mainstay_web.api.problems import PROBLEMS
from mainstay_web.api.readiness_shapes import (
    DesignOut,
    DesignVerdictIn,
    DoneIn,
    PreparationIn,
    PreparationOut,
    TaskOut,
)
from mainstay_web.api.shapes import CancelledOut, IdempotencyKey, Key, Limit, Offset, Page, TableOut, page
from mainstay_web.api.tokens import allowed
from mainstay_web.jobs import actions as jobs
from mainstay_web.jobs.actions import once
from mainstay_web.keys import digest_of
from mainstay_web.planning.cases import take_snapshot
from mainstay_web.preparing import actions, queries
from mainstay_web.preparing.models import Design, Preparation, RotationTask
from mainstay_web.preparing.results import TABLES

router = Router()
DesignTable = Literal[tuple(TABLES)]
Tasks = Literal["open", "overdue", "done"]


@router.get("/preparations", response={200: Page[PreparationOut], **PROBLEMS})
def preparations(
    request: HttpRequest,
    state: Annotated[Literal[tuple(Preparation.State.values)] | None, Query()] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """Preparations, the newest first. Scope: readiness.view."""
    found = queries.visible_preparations(allowed(request, "readiness.view"))
    return page(found.filter(state=state) if state else found, limit, offset, _preparation)


@router.get("/preparations/{pk}", response={200: PreparationOut, **PROBLEMS})
def preparation(request: HttpRequest, pk: Key) -> Any:
    """One preparation: how far it is, and what came of it. Scope: readiness.view."""
    return _preparation(_get(request, "readiness.view", pk))


@router.post("/preparations", response={201: PreparationOut, 200: PreparationOut, **PROBLEMS})
def start_preparation(
    request: HttpRequest,
    sent: PreparationIn,
    idempotency_key: Annotated[IdempotencyKey | None, Header()] = None,
) -> Any:
    """Prepare for the register as it stands now, in the background. Scope: readiness.run.

    The key is the caller's own name of it, as of a plan: the same key and body again is answered with 200 and what was
    started before, the same key with another body with 409.
    """
    person = allowed(request, "readiness.run")
    organisation = rights.get_visible(
        person, "readiness.run", Organisation.objects.all(), prefix="", code=sent.organisation
    )
    key, digest = idempotency_key or "", digest_of(sent.model_dump())
    found, is_new = once(
        Preparation, organisation, key, digest, lambda: _start(sent, organisation, person, key, digest)
    )
    return Status(201 if is_new else 200, _preparation(found))


def _start(sent: PreparationIn, organisation: Organisation, person: Person, key: str, digest: str) -> Preparation:
    snapshot = take_snapshot(organisation=organisation, by=person, action="readiness.run")
    said = sent.model_dump(exclude={"organisation"})
    return actions.start_preparation(
        organisation=organisation, snapshot=snapshot, by=person, key=key, digest=digest, **said
    )


@router.post("/preparations/{pk}/cancel", response={200: CancelledOut, **PROBLEMS})
def cancel_preparation(request: HttpRequest, pk: Key) -> Any:
    """Take a preparation out of the queue, or stop it. Scope: readiness.run."""
    found = _get(request, "readiness.run", pk)
    return {"is_stopping": jobs.cancel(work=found, by=request.user)}


@router.get("/preparations/{pk}/designs", response={200: list[DesignOut], **PROBLEMS})
def designs(request: HttpRequest, pk: Key) -> Any:
    """The designs of a preparation, the least budget first. Scope: readiness.view."""
    found = _get(request, "readiness.view", pk)
    return [_design(each) for each in found.designs.select_related("organisation")]


@router.get("/designs/{pk}", response={200: DesignOut, **PROBLEMS})
def design(request: HttpRequest, pk: Key) -> Any:
    """One design. Scope: readiness.view."""
    return _design(_get_design(request, "readiness.view", pk))


@router.get("/designs/{pk}/tables/{table}", response={200: TableOut, **PROBLEMS})
def design_table(request: HttpRequest, pk: Key, table: DesignTable, limit: Limit = 100, offset: Offset = 0) -> Any:
    """Rows of a table of a design. Scope: readiness.view."""
    frame = _get_design(request, "readiness.view", pk).results.table(table)
    return {
        "table": table,
        "columns": frame.collect_schema().names(),
        "total": frame.select(pl.len()).collect().item(),
        "limit": limit,
        "offset": offset,
        "rows": frame.slice(offset, limit).collect().to_dicts(),
    }


@router.post("/designs/{pk}/decision", response={200: DesignOut, **PROBLEMS})
def decide_on_design(request: HttpRequest, pk: Key, sent: DesignVerdictIn) -> Any:
    """Approve or reject a design, or withdraw the one in force, with the reason. Scope: readiness.approve.

    Nobody approves what they started themselves, unless the platform is set up for an office of one.
    """
    found = _get_design(request, "readiness.approve", pk)
    actions.decide(design=found, verdict=sent.verdict, reason=sent.reason, by=request.user)
    found.refresh_from_db()
    return _design(found)


@router.get("/rotation", response={200: Page[TaskOut], **PROBLEMS})
def rotation(
    request: HttpRequest,
    state: Annotated[Tasks | None, Query()] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """The rotation calendar of the designs in force, in order of days. Scope: readiness.view."""
    found = queries.calendar(allowed(request, "readiness.view"))
    conditions = {"overdue": queries.overdue(), "open": queries.undone(), "done": ~queries.undone()}
    return page(found.filter(conditions[state]) if state else found, limit, offset, _task)


@router.post("/rotation/{pk}/done", response={200: TaskOut, **PROBLEMS})
def mark_rotation(request: HttpRequest, pk: Key, sent: DoneIn) -> Any:
    """Say that a task of the calendar was done, or that it was not after all. Scope: readiness.rotate."""
    person = allowed(request, "readiness.rotate")
    task = rights.get_visible(person, "readiness.rotate", RotationTask.objects.all(), pk=pk)
    return _task(actions.mark(task=task, is_done=sent.is_done, by=person))


def _get(request: HttpRequest, action: str, pk: int) -> Preparation:
    person = allowed(request, action)
    return rights.get_visible(person, action, Preparation.objects.select_related("organisation"), pk=pk)


def _get_design(request: HttpRequest, action: str, pk: int) -> Design:
    person = allowed(request, action)
    rows = Design.objects.select_related("organisation", "preparation")
    return rights.get_visible(person, action, rows, pk=pk)


def _preparation(found: Preparation) -> dict[str, Any]:
    names = ("title", "at", "budget", "others", "caution", "level", "state", "stage", "share", "summary")
    return {
        "id": found.pk,
        "organisation": found.organisation.code,
        **{name: getattr(found, name) for name in names},
        "reason": reason_of(found),
    }


def _design(found: Design) -> dict[str, Any]:
    names = ("number", "budget", "cost", "mean", "worst", "gap", "is_asked", "is_knee", "verdict")
    return {
        "id": found.pk,
        "preparation": found.preparation_id,
        "organisation": found.organisation.code,
        **{name: getattr(found, name) for name in names},
    }


def _task(task: RotationTask) -> dict[str, Any]:
    names = ("date", "due", "action", "item", "place", "lot", "quantity", "expires", "done_at")
    return {
        "id": task.pk,
        "design": task.design_id,
        "organisation": task.organisation.code,
        **{name: getattr(task, name) for name in names},
        "is_overdue": task.is_overdue(),
        "done_by": task.done_by.username if task.done_by else None,
    }
