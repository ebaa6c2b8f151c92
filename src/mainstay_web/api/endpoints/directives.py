"""Directives: what is to be done today, each with its steps, and issuing those of the plan in force."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Header, Query, Router, Status

from mainstay_web.accounts import rights
from mainstay_web.api.problems import PROBLEMS
from mainstay_web.api.shapes import (
    DirectiveOut,
    DirectivesIn,
    DirectiveWithHistoryOut,
    IdempotencyKey,
    IssueOut,
    Key,
    Limit,
    Offset,
    Page,
    Sought,
    StepIn,
    TodayOut,
    page,
)
from mainstay_web.api.tokens import allowed
from mainstay_web.directives import actions, queries
from mainstay_web.directives.machine import DIRECTIVES
from mainstay_web.directives.models import OPEN, Directive, State
from mainstay_web.machines import MARKS
from mainstay_web.machines import allowed as allowed_steps
from mainstay_web.planning.models import Run

router = Router()
SEES = ("directives.view", "directives.own")
StepName = Literal[tuple(name for name, step in DIRECTIVES.steps.items() if step.action)]


@router.get("/today", response={200: TodayOut, **PROBLEMS})
def today(request: HttpRequest, organisation: Sought = None) -> Any:
    """Open directives of an organisation of one's own, the most pressing first. Scope: directives.own."""
    person = allowed(request, "directives.own")
    ours = rights.organisations(person, "directives.own")
    busy = ours.filter(directives__state__in=OPEN)
    shown = ours.filter(code=organisation).first() if organisation is not None else busy.first() or ours.first()
    if shown is None:
        raise Http404
    rows = queries.of_organisation(shown)
    return {"organisation": shown.code, "directives": [_directive(each) for each in rows]}


@router.get("/directives", response={200: Page[DirectiveOut], **PROBLEMS})
def directives(
    request: HttpRequest,
    state: Annotated[Literal[tuple(State.values)] | None, Query()] = None,
    organisation: Sought = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """Directives that the person may see, the most pressing first. Scope: directives.view or directives.own."""
    require_sight(request)
    found = queries.directives_visible(request.user)
    if state:
        found = found.filter(state=state)
    if organisation is not None:
        found = found.filter(addressee__code=organisation)
    return page(queries.pressing_first(found), limit, offset, _directive)


@router.get("/directives/{pk}", response={200: DirectiveWithHistoryOut, **PROBLEMS})
def directive(request: HttpRequest, pk: Key) -> Any:
    """One directive with its history and the steps possible now. Scope: directives.view or directives.own."""
    require_sight(request)
    return _whole(request, get_directive(request, pk))


@router.post("/directives/{pk}/steps/{step}", response={200: DirectiveWithHistoryOut, **PROBLEMS})
def step(
    request: HttpRequest,
    pk: Key,
    step: StepName,
    sent: StepIn,
    idempotency_key: Annotated[IdempotencyKey | None, Header()] = None,
) -> Any:
    """Take a step. Scope: the right that the step needs (docs/platform-directives.md).

    The same call under the same key again counts once; another one under that key is answered with 409.
    """
    allowed(request, DIRECTIVES.steps[step].action)
    found = get_directive(request, pk)
    said = sent.model_dump(exclude_none=True, exclude={"note"})
    actions.step(directive=found, name=step, by=request.user, note=sent.note, key=idempotency_key or "", **said)
    return _whole(request, get_directive(request, pk))


@router.post("/plans/{pk}/directives", response={201: IssueOut, **PROBLEMS})
def issue_directives(request: HttpRequest, pk: Key, sent: DirectivesIn) -> Any:
    """Turn the plan in force into directives of its next days. Scope: directives.issue.

    Issued again, the same plan changes nothing.
    """
    person = allowed(request, "directives.issue")
    runs = Run.objects.select_related("organisation")
    run = rights.get_visible(person, "directives.issue", runs, pk=pk)
    issue = actions.issue_directives(run=run, by=person, days=sent.days)
    names = ("first", "days", "unaddressed")
    return Status(201, {"plan": run.pk, **issue.counts, **{name: getattr(issue, name) for name in names}})


def require_sight(request: HttpRequest) -> None:
    """Refuse a token that has neither scope."""
    allowed(request, next((each for each in SEES if each in request.auth.scopes), SEES[0]))


def get_directive(request: HttpRequest, pk: int) -> Directive:
    """The directive, if the person may see it."""
    found = queries.directives_visible(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _directive(each: Directive) -> dict[str, Any]:
    names = (
        "kind", "item", "unit", "quantity", "days", "due_at", "state", "since", "done", "blocker", "share", "until",
        "text", "text_zh", "why", "why_zh", "is_vital", "is_late", "level",
    )  # fmt: skip
    return {
        "id": each.pk,
        "addressee": each.addressee.code,
        "plan": each.issue.run_id,
        "today": each.today,
        "replaced_by": each.replaced_by_id,
        **{name: getattr(each, name) for name in names},
    }


def _whole(request: HttpRequest, each: Directive) -> dict[str, Any]:
    changes = each.changes.select_related("by")
    return {
        **_directive(each),
        "steps": [step.name for step in allowed_steps(DIRECTIVES, each, request.user)],
        "history": [
            {
                **{name: getattr(change, name) for name in ("step", "old", "new", "at", "note")},
                "person": change.by.username if change.by else None,
                "given": {name: value for name, value in change.given.items() if name not in MARKS},
            }
            for change in changes
        ],
    }
