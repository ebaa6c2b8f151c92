"""Replays in the queue, and the turns of an exercise: once each, never changed, the same world from the same turns."""

from __future__ import annotations

import re
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from tests.web.api_world import bearer
from tests.web.background import work_off
from tests.web.replaying_world import begun, decided, exercise_of

import mainstay as ms
from mainstay.replay import Decided, live
from mainstay_client import Client as Caller
from mainstay_web.audit.models import AuditRow
from mainstay_web.keys import KeyReused
from mainstay_web.planning.cases import take_snapshot_of
from mainstay_web.replaying import actions
from mainstay_web.replaying.models import Replay, Turn
from mainstay_web.replaying.standing import stand

URL = "/api/v1"


@pytest.fixture
def exercise(snapshot, cast):
    return exercise_of(snapshot, cast.head)


def turn(exercise, by, number: int = 1, start: str = "cover", **changes: float):
    return actions.decide(exercise=exercise, number=number, start=start, changes=changes, by=by)


def test_a_replay_says_by_policy_and_day_how_far_it_is(cast, snapshot):
    from mainstay_web.jobs import queue
    from mainstay_web.replaying.work import run_replay

    begun(snapshot, cast.head, "cover", "population", bound=False)
    said = []
    assert run_replay(queue.claim("a worker"), lambda **progress: said.append(progress))
    assert [each["stage"] for each in said][1:7] == [*(f"cover {n}/5" for n in range(1, 6)), "population 1/5"]
    shares = [each["share"] for each in said]
    assert shares == sorted(shares)
    assert Replay.objects.get().state == "done"


def test_a_replay_of_a_case_with_errors_has_failed_and_says_why(cast, snapshot):
    case = ms.read(ms.examples.path("tiny"))
    broken = case.replace(lines=case["lines"].with_columns(enterprise=pl.lit("nobody")))
    kept = take_snapshot_of(broken, organisation=snapshot.organisation, by=cast.head)
    replay = Replay.objects.create(
        organisation=snapshot.organisation,
        snapshot=kept,
        title="broken",
        asked=actions.Asked(["cover"]).as_json(),
        at=kept.at,
        by=cast.head,
    )
    assert work_off() == replay
    replay.refresh_from_db()
    assert replay.state == "failed"
    assert replay.findings


def test_the_world_of_an_exercise_is_that_of_its_decisions_as_a_policy(cast, exercise):
    for start in ("cover", "population", "first-come", "cover", "projected"):
        decided(exercise, cast.head, start, **{"reserve:suit@east": 3.0})
    standing = stand(exercise)
    by_day = {each.day: each.orders for each in exercise.turns.all()}
    life = live(standing.exercise.history, Decided(by_day))
    assert all(
        np.array_equal(one.done, other.done) for one, other in zip(standing.exercise.days, life.days, strict=True)
    )
    assert life.loss == standing.exercise.life().loss


def test_a_decision_sent_again_counts_once_and_another_is_refused(cast, exercise):
    first, is_new = turn(exercise, cast.head)
    again, is_new_again = turn(exercise, cast.head)
    assert (is_new, is_new_again, again) == (True, False, first)
    with pytest.raises(KeyReused):
        turn(exercise, cast.analyst, start="population")
    assert AuditRow.objects.filter(action="replays.decide").count() == 1


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"number": 3}, "The next turn is number 1, not 3"),
        ({"start": "plan"}, "There is no proposal plan"),
        ({"serve:mask": 1.0}, "serve:mask cannot be decided on this morning"),
        ({"reserve:suit@east": -1.0}, "give a number from 0 up"),
        ({"convert:nappy_to_mask@L2": 0.5}, "whole where whole things are meant"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_leaves_no_turn(cast, exercise, said, reason):
    with pytest.raises(ValidationError, match=reason):
        turn(exercise, cast.head, **said)
    assert not exercise.turns.exists()


def test_who_may_only_watch_decides_nothing_and_only_a_trainer_takes_back(cast, exercise):
    with pytest.raises(PermissionDenied):
        turn(exercise, cast.reader)
    turn(exercise, cast.analyst)
    with pytest.raises(PermissionDenied):
        actions.undo(exercise=exercise, number=2, by=cast.reader)
    with pytest.raises(PermissionDenied):
        actions.end_exercise(exercise=exercise, by=cast.reader)


def test_turns_are_never_changed_or_deleted(cast, exercise):
    found, _ = turn(exercise, cast.head)
    with pytest.raises(TypeError, match="never changed"):
        found.save()
    with pytest.raises(TypeError, match="never deleted"):
        found.delete()


def test_a_day_taken_back_is_decided_again_as_a_turn_of_its_own(cast, exercise):
    decided(exercise, cast.head, "cover")
    actions.undo(exercise=exercise, number=2, by=cast.head)
    turn(exercise, cast.head, number=3, start="population")
    assert [each.start for each in stand(exercise).decided] == ["population"]
    assert Turn.objects.count() == 3
    with pytest.raises(ValidationError, match="no such day"):
        actions.undo(exercise=exercise, number=3, by=cast.head)


def test_an_exercise_that_has_ended_takes_no_turn(cast, exercise):
    with pytest.raises(ValidationError, match="nothing to show"):
        actions.end_exercise(exercise=exercise, by=cast.head)
    decided(exercise, cast.head, "cover")
    actions.end_exercise(exercise=exercise, by=cast.head)
    with pytest.raises(ValidationError, match="has ended"):
        turn(exercise, cast.head, number=2)
    with pytest.raises(ValidationError, match="has ended"):
        actions.undo(exercise=exercise, number=2, by=cast.head)


def test_nothing_of_later_days_reaches_the_page(client, cast, snapshot):
    """Needs, lines and lanes of later days are others; the page of the morning, byte for byte, is the same."""
    case = ms.read(ms.examples.path("tiny"))
    true = case["needs"].with_columns(scenario=pl.lit("came"))
    last_known = case.start + timedelta(days=1)
    worse = true.with_columns(
        quantity=pl.when(pl.col("date") > last_known).then(pl.col("quantity") * 9).otherwise("quantity")
    )
    shut = pl.DataFrame({"subject_kind": ["line", "lane"], "subject": ["L1", "east_west"], "share": [0.1, 0.0]})
    shut = shut.with_columns(pl.lit(last_known + timedelta(days=1)).alias(name) for name in ("from", "known_on"))
    futures = (
        case.replace(needs=pl.concat([case["needs"], true])),
        case.replace(
            needs=pl.concat([case["needs"], worse]),
            availability=pl.concat([case["availability"], shut], how="diagonal_relaxed"),
        ),
    )
    pages = []
    client.force_login(cast.reader)
    for future in futures:
        kept = take_snapshot_of(future, organisation=snapshot.organisation, by=cast.head)
        found = exercise_of(kept, cast.head, "cover", "foresight", truth="came", bound=False)
        work_off()
        decided(found, cast.analyst, "cover")
        shown = [
            client.get(reverse("replaying:exercise", args=[found.pk]), {"start": start}).content.decode()
            for start in stand(found).starts
        ]
        told = client.get(f"{URL}/exercises/{found.pk}", headers=bearer(cast.reader, "replays.view")).json()
        own = {name: told[name] for name in ("day", "met", "cuts", "places", "choices")}
        pages.append(([_plain(text, found) for text in shown], own))
    assert pages[0] == pages[1]


def _plain(page: str, exercise) -> str:
    """The page without its number and its moments."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|\d{4}-\d\d-\d\d \d\d:\d\d', "", page[page.index("<main") :])
    return body.replace(f"/exercises/{exercise.pk}/", "/exercises/N/")


def test_a_program_runs_a_replay_and_an_exercise_from_end_to_end(client, cast, snapshot, done):
    import httpx

    scopes = ("replays.view", "replays.run", "replays.decide", "plans.view")
    token = bearer(cast.head, *scopes)["Authorization"].split()[1]
    with Caller(
        "http://testserver", token, transport=httpx.MockTransport(through(client)), sleep=lambda _s: None
    ) as caller:
        calls = caller.replays
        said = {"organisation": "country", "policies": ["cover", "foresight"], "plan": done.pk}
        replay = calls.start(title="by program", key="r1", **said)
        assert calls.start(title="by program", key="r1", **said).id == replay.id
        work_off()
        assert calls.wait(replay.id).state == "done"
        assert {row["policy"] for row in calls.table(replay.id, "policies")} == {"cover", "foresight"}
        assert [each.id for each in calls.replays(state="done")] == [replay.id]

        begun_at = calls.start_exercise(title="by program", key="e1", **said)
        work_off()
        morning = calls.exercise(begun_at.id, start="population")
        assert (morning.number, morning.day, morning.start) == (1, begun_at.day, "population")
        task = next(each["task"] for each in morning.choices if each["kind"] == "reserve")
        first = calls.decide(begun_at.id, 1, start="cover", changes={task: 500})
        assert calls.decide(begun_at.id, 1, start="cover", changes={task: 500}) == first
        told = calls.exercise(begun_at.id)
        assert [(cut["asked"], cut["done"]) for cut in told.cuts if cut["asked"] == 500] == [(500.0, 20.0)]
        assert calls.undo(begun_at.id, 2).kind == "undone"
        calls.decide(begun_at.id, 3, start="cover")
        assert [each.kind for each in calls.turns(begun_at.id)] == ["decided", "undone", "decided"]
        assert calls.end(begun_at.id).ended_at is not None
        assert "team" in {row["policy"] for row in calls.exercise_table(begun_at.id, "policies")}
        assert [each.id for each in calls.exercises()] == [begun_at.id]


def through(client: Client):
    """Django's test client as a transport of the typed client."""
    import httpx

    def answer(request: httpx.Request) -> httpx.Response:
        said = client.generic(
            request.method,
            request.url.raw_path.decode(),
            request.content,
            content_type=request.headers.get("content-type", "application/json"),
            headers={
                name: request.headers[name] for name in ("authorization", "idempotency-key") if name in request.headers
            },
        )
        return httpx.Response(said.status_code, content=said.content, headers=dict(said.items()))

    return answer
