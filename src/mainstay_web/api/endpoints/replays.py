"""Replays and exercises: started, followed, decided on; their tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Header, Query, Router, Status

from mainstay.replay import RULES
from mainstay.replay.results import fill_rates
from mainstay.tables.replay_tables import REPLAY_TABLES
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.templatetags.words import named, reason_of
from mainstay_web.api.endpoints.jobs import job_out
from mainstay_web.api.problems import PROBLEMS
from mainstay_web.api.replays_shapes import (
    DecisionIn,
    ExerciseOut,
    ExerciseRow,
    HistoryIn,
    ReplayIn,
    ReplayOut,
    TurnIn,
    TurnOut,
)
from mainstay_web.api.shapes import CancelledOut, IdempotencyKey, JobOut, Key, Limit, Offset, Page, TableOut, page
from mainstay_web.api.tokens import allowed
from mainstay_web.jobs import actions as jobs
from mainstay_web.jobs.actions import once
from mainstay_web.keys import digest_of
from mainstay_web.planning import cases
from mainstay_web.planning.models import Run, Snapshot
from mainstay_web.planning.results import Results
from mainstay_web.replaying import actions, mornings, queries
from mainstay_web.replaying.actions import Asked
from mainstay_web.replaying.choices import choices
from mainstay_web.replaying.models import Exercise, Replay, Turn
from mainstay_web.replaying.standing import PLAN, stand
from mainstay_web.replaying.views.results import results_of

router = Router()
CSV = {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}
ReplayTable = Literal[tuple(REPLAY_TABLES)]
NewKey = Annotated[IdempotencyKey | None, Header()]


@router.get("/replays", response={200: Page[ReplayOut], **PROBLEMS})
def replays(
    request: HttpRequest,
    state: Annotated[Literal[tuple(Replay.State.values)] | None, Query()] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """Replays, the newest first; those beside an exercise that is under way are not told. Scope: replays.view."""
    found = queries.visible_replays(allowed(request, "replays.view")).select_related("organisation")
    return page(found.filter(state=state) if state else found, limit, offset, _replay)


@router.get("/replays/{pk}", response={200: ReplayOut, **PROBLEMS})
def replay(request: HttpRequest, pk: Key) -> Any:
    """One replay: how far it is, and what came of it. Scope: replays.view."""
    return _replay(queries.get_replay(allowed(request, "replays.view"), pk))


@router.post("/replays", response={201: ReplayOut, 200: ReplayOut, **PROBLEMS})
def start_replay(request: HttpRequest, sent: ReplayIn, idempotency_key: NewKey = None) -> Any:
    """Live through a history by several policies, in the background. Scope: replays.run.

    The key is the caller's own name of it, as of a plan run: the same key and body again gives the same replay.
    """
    found, is_new = _once(request, sent, Replay, actions.start_replay, idempotency_key)
    return Status(201 if is_new else 200, _replay(found))


@router.post("/replays/{pk}/cancel", response={200: CancelledOut, **PROBLEMS})
def cancel_replay(request: HttpRequest, pk: Key) -> Any:
    """Take a replay out of the queue, or stop it. Scope: replays.run."""
    person = allowed(request, "replays.run")
    found = queries.get_replay(person, pk, "replays.run")
    return {"is_stopping": jobs.cancel(work=found, by=person)}


@router.get("/replays/{pk}/tables/{table}", response={200: TableOut, **PROBLEMS})
def replay_table(request: HttpRequest, pk: Key, table: ReplayTable, limit: Limit = 100, offset: Offset = 0) -> Any:
    """Rows of a table of a replay. Scope: replays.view."""
    return _rows(_done(request, pk), table, limit, offset)


@router.get("/replays/{pk}/tables/{table}/csv", response=PROBLEMS, openapi_extra={"responses": {200: CSV}})
def replay_table_csv(request: HttpRequest, pk: Key, table: ReplayTable) -> HttpResponse:
    """A whole table of a replay as CSV. Scope: replays.view."""
    text = _done(request, pk).table(table).collect().write_csv()
    return HttpResponse(text, content_type="text/csv; charset=utf-8")


@router.get("/exercises", response={200: Page[ExerciseRow], **PROBLEMS})
def exercises(request: HttpRequest, limit: Limit = 100, offset: Offset = 0) -> Any:
    """Exercises, the newest first. Scope: replays.view."""
    return page(queries.visible_exercises(allowed(request, "replays.view")), limit, offset, _row)


@router.post("/exercises", response={201: ExerciseOut, 200: ExerciseOut, **PROBLEMS})
def start_exercise(request: HttpRequest, sent: HistoryIn, idempotency_key: NewKey = None) -> Any:
    """Set up an exercise; the policies live through its history in the background. Scope: replays.run."""
    found, is_new = _once(request, sent, Exercise, actions.start_exercise, idempotency_key)
    return Status(201 if is_new else 200, _exercise(found))


@router.get("/exercises/{pk}", response={200: ExerciseOut, **PROBLEMS})
def exercise(request: HttpRequest, pk: Key, start: Annotated[Literal[(PLAN, *RULES)], Query()] = "cover") -> Any:
    """Where an exercise stands: what is known this morning, and what can be decided. Scope: replays.view.

    ``start`` : the proposal that the choices tell
    """
    found = queries.get_exercise(allowed(request, "replays.view"), pk)
    return _exercise(found) | _morning(found, start)


@router.get("/exercises/{pk}/turns", response={200: Page[TurnOut], **PROBLEMS})
def turns(request: HttpRequest, pk: Key, limit: Limit = 100, offset: Offset = 0) -> Any:
    """What was decided in an exercise, and taken back. Scope: replays.view."""
    found = queries.get_exercise(allowed(request, "replays.view"), pk)
    return page(found.turns.select_related("by").defer("orders"), limit, offset, _turn)


@router.post("/exercises/{pk}/decide", response={201: TurnOut, 200: TurnOut, **PROBLEMS})
def decide_day(request: HttpRequest, pk: Key, sent: DecisionIn) -> Any:
    """Decide on a day and live through it. Scope: replays.decide.

    201: decided; 200: this turn was decided so before, and counts once; 409: it was decided otherwise.
    """
    person = allowed(request, "replays.decide")
    found = queries.get_exercise(person, pk, "replays.decide")
    turn, is_new = actions.decide(exercise=found, number=sent.number, start=sent.start, changes=sent.changes, by=person)
    return Status(201 if is_new else 200, _turn(turn))


@router.post("/exercises/{pk}/plan", response={202: JobOut, **PROBLEMS})
def plan_of_morning(request: HttpRequest, response: HttpResponse, pk: Key) -> Any:
    """Have the solver plan on what is known this morning, in the background. Scope: replays.decide.

    When the job is done, ``plan`` is among the proposals to begin with.
    """
    person = allowed(request, "replays.decide")
    found = queries.get_exercise(person, pk, "replays.decide")
    job = actions.ask_for_plan(exercise=found, by=person)
    response.headers["Location"] = reverse("api-v1:job", args=[job.pk])
    return Status(202, job_out(job))


@router.post("/exercises/{pk}/undo", response={201: TurnOut, **PROBLEMS})
def undo_day(request: HttpRequest, pk: Key, sent: TurnIn) -> Any:
    """Take the last day back, as a turn of its own. Scope: replays.run."""
    person = allowed(request, "replays.run")
    found = queries.get_exercise(person, pk, "replays.run")
    return Status(201, _turn(actions.undo(exercise=found, number=sent.number, by=person)))


@router.post("/exercises/{pk}/end", response={200: ExerciseOut, **PROBLEMS})
def end_exercise(request: HttpRequest, pk: Key) -> Any:
    """End an exercise; what rules and plans did is shown from then on. Scope: replays.run."""
    person = allowed(request, "replays.run")
    found = queries.get_exercise(person, pk, "replays.run")
    return _exercise(actions.end_exercise(exercise=found, by=person))


@router.get("/exercises/{pk}/tables/{table}", response={200: TableOut, **PROBLEMS})
def exercise_table(request: HttpRequest, pk: Key, table: ReplayTable, limit: Limit = 100, offset: Offset = 0) -> Any:
    """Rows of a table of an exercise that has ended, the team beside rules and plans. Scope: replays.view."""
    found = queries.get_exercise(allowed(request, "replays.view"), pk)
    if found.is_open or found.replay.state != Replay.State.DONE:
        raise Http404
    return _rows(results_of(found), table, limit, offset)


def _once(
    request: HttpRequest, sent: HistoryIn, model: Any, start: Callable[..., Any], idempotency_key: str | None
) -> tuple[Any, bool]:
    """What the call begins, once under its key."""
    person = allowed(request, "replays.run")
    organisation = rights.get_visible(
        person, "replays.run", Organisation.objects.all(), prefix="", code=sent.organisation
    )
    key, digest = idempotency_key or "", digest_of(sent.model_dump())

    def begin() -> Any:
        asked = Asked(**sent.model_dump(exclude={"organisation", "title", "plan"}))
        snapshot = _snapshot(sent, organisation, person)
        return start(
            organisation=organisation,
            snapshot=snapshot,
            title=sent.title,
            asked=asked,
            by=person,
            key=key,
            digest=digest,
        )

    return once(model, organisation, key, digest, begin)


def _snapshot(sent: HistoryIn, organisation: Organisation, person: Person) -> Snapshot:
    if sent.plan is None:
        return cases.take_snapshot(organisation=organisation, by=person)
    run = rights.get_visible(person, "plans.view", Run.objects.select_related("snapshot"), pk=sent.plan)
    return run.snapshot


def _done(request: HttpRequest, pk: int) -> Results:
    found = queries.get_replay(allowed(request, "replays.view"), pk)
    if found.state != Replay.State.DONE:
        raise Http404
    return found.results


def _rows(results: Results, table: str, limit: int, offset: int) -> dict[str, Any]:
    frame = results.table(table)
    return {
        "table": table,
        "columns": frame.collect_schema().names(),
        "total": frame.select(pl.len()).collect().item(),
        "limit": limit,
        "offset": offset,
        "rows": frame.slice(offset, limit).collect().to_dicts(),
    }


def _replay(replay: Replay) -> dict[str, Any]:
    names = ("title", "at", "asked", "state", "stage", "share", "summary")
    return {
        "id": replay.pk,
        "organisation": replay.organisation.code,
        **{name: getattr(replay, name) for name in names},
        "reason": reason_of(replay),
    }


def _row(exercise: Exercise) -> dict[str, Any]:
    return {
        "id": exercise.pk,
        "organisation": exercise.organisation.code,
        "title": exercise.title,
        "at": exercise.at,
        "ended_at": exercise.ended_at,
        "replay": exercise.replay_id,
    }


def _exercise(exercise: Exercise) -> dict[str, Any]:
    standing = stand(exercise)
    lived = standing.exercise
    return _row(exercise) | {
        "number": standing.number + 1,
        "day": lived.today,
        "is_over": lived.is_over,
        "starts": standing.starts,
        "met": fill_rates(lived.life()) if standing.decided else {},
        "cuts": [cut | {"short": named(cut["short"])} for cut in mornings.cuts(standing)],
    }


def _morning(exercise: Exercise, start: str) -> dict[str, Any]:
    standing = stand(exercise)
    if not exercise.is_open or standing.exercise.is_over:
        return {}
    return {
        "start": start,
        "places": [
            {"item": item} | row for item, rows in mornings.places_of(standing) for row in rows.iter_rows(named=True)
        ],
        "choices": [vars(choice) for choice in choices(standing, start)],
    }


def _turn(turn: Turn) -> dict[str, Any]:
    names = ("number", "kind", "day", "start", "changes", "at")
    return {**{name: getattr(turn, name) for name in names}, "person": turn.by.username}
