"""Pages of replays and exercises: they say what is known, take what is decided, and show nothing of what is to come."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from tests.web.background import work_off
from tests.web.replaying_world import begun, decided, exercise_of, replayed

from mainstay_web.jobs.models import Job
from mainstay_web.replaying.actions import end_exercise
from mainstay_web.replaying.models import Exercise, Replay


@pytest.fixture
def exercise(snapshot, cast):
    return exercise_of(snapshot, cast.head)


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def page(client, name: str, *args) -> str:
    return text(client.get(reverse(f"replaying:{name}", args=args)))


def test_a_replay_is_started_followed_and_read(client, cast, snapshot):
    client.force_login(cast.analyst)
    form = {
        "title": "Five days",
        "organisation": snapshot.organisation.pk,
        "snapshot": snapshot.pk,
        "policies": ["cover", "foresight"],
        "leave_out": ["conversion"],
        "every": 1,
        "bound": "on",
    }
    answer = client.post(reverse("replaying:start"), form)
    replay = Replay.objects.get()
    assert answer["Location"] == reverse("replaying:replay", args=[replay.pk])
    assert "It waits for a worker" in page(client, "replay", replay.pk)
    work_off()
    shown = page(client, "replay", replay.pk)
    assert 'data-part="/replays/' in shown
    assert "Lost by each day more than perfect foresight" in shown
    assert client.get(reverse("replaying:replay_data", args=[replay.pk])).status_code == 200
    assert "equal days of cover" in page(client, "replay_table", replay.pk, "policies")
    workbook = client.get(reverse("replaying:replay_table", args=[replay.pk, "replay_service"]), {"export": "xlsx"})
    assert workbook["Content-Disposition"].endswith('.xlsx"')
    csv = client.get(reverse("replaying:replay_table", args=[replay.pk, "replay_days"]), {"export": "csv"})
    assert b"".join(csv.streaming_content).decode("utf-8-sig").startswith("policy,date,loss")
    file = client.get(reverse("replaying:download", args=[replay.pk, "replay.html"]))
    assert b"".join(file.streaming_content).startswith(b"<!doctype html>")
    assert client.get(reverse("replaying:download", args=[replay.pk, "summary.json"])).status_code == 404
    assert "perfect foresight (" in page(client, "replays")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"truth": "worst"}, "no needs of the scenario"),
        ({"first": "2021-01-01"}, "outside the case"),
        ({"policies": []}, "This field is required"),
    ],
)
def test_what_cannot_be_lived_through_is_refused_in_the_form(client, cast, snapshot, wrong, said):
    client.force_login(cast.analyst)
    form = {"title": "x", "organisation": snapshot.organisation.pk, "snapshot": snapshot.pk, "policies": ["cover"]}
    answer = client.post(reverse("replaying:start"), form | {"every": 1} | wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Replay.objects.exists()


def test_a_waiting_replay_is_cancelled(client, cast, snapshot):
    replay = begun(snapshot, cast.head)
    client.force_login(cast.head)
    client.post(reverse("replaying:cancel", args=[replay.pk]))
    assert "The replay was cancelled" in page(client, "replay", replay.pk)


def test_two_replays_are_compared_policy_by_policy(client, cast, snapshot):
    a = replayed(snapshot, cast.head, "cover", bound=False)
    b = replayed(snapshot, cast.head, "cover", "population", last=None, bound=False)
    client.force_login(cast.reader)
    answer = client.get(reverse("replaying:compare"), {"a": a.pk, "b": b.pk})
    assert "by population" in text(answer)
    assert "The same needs are met in both." in text(answer)


def test_a_morning_shows_what_is_known_and_what_can_be_decided(client, cast, exercise):
    client.force_login(cast.analyst)
    shown = page(client, "exercise", exercise.pk)
    assert "Morning of 2020-02-01, day 1 of 5" in shown
    assert "Days of cover" in shown
    assert "Allocate, Mask" not in shown  # no mask is in distribution on the first morning
    assert "Convert lines" in shown
    assert "Release from reserves" in shown
    assert "Decide, and go to the next day" in shown


def test_an_order_that_is_not_possible_is_cut_and_explained(client, cast, exercise):
    client.force_login(cast.analyst)
    answer = client.get(reverse("replaying:exercise", args=[exercise.pk]))
    release = next(c for g in answer.context["groups"] for c in g.choices if c.kind == "reserve")
    sent = {"number": 1, "start": "cover", release.field: "500"}
    client.post(reverse("replaying:decide", args=[exercise.pk]), sent)
    shown = page(client, "exercise", exercise.pk)
    assert "day 2 of 5" in shown
    assert "asked 500, possible 20, because this was short" in shown
    assert exercise.turns.get().changes == {release.task: 500.0}


def test_the_same_day_sent_twice_counts_once(client, cast, exercise):
    client.force_login(cast.analyst)
    for _ in range(2):
        client.post(reverse("replaying:decide", args=[exercise.pk]), {"number": 1, "start": "cover"})
    assert exercise.turns.count() == 1


def test_what_is_no_quantity_is_refused_with_its_name(client, cast, exercise):
    client.force_login(cast.analyst)
    choice = client.get(reverse("replaying:exercise", args=[exercise.pk])).context["groups"][0].choices[0]
    sent = {"number": 1, "start": "cover", choice.field: "many"}
    answer = client.post(reverse("replaying:decide", args=[exercise.pk]), sent, follow=True)
    assert f"{choice.words}: &quot;many&quot; is not a quantity" in text(answer).replace("&gt;", ">")
    assert not exercise.turns.exists()


def test_the_plan_of_a_morning_is_made_when_somebody_asks_for_it(client, cast, exercise):
    Replay.objects.update(state="cancelled")
    client.force_login(cast.analyst)
    answer = client.post(reverse("replaying:plan", args=[exercise.pk]))
    assert answer["Location"] == Job.objects.get().get_absolute_url()
    work_off()
    assert "See what the plan proposes" in text(client.get(answer["Location"]))
    shown = text(client.get(reverse("replaying:exercise", args=[exercise.pk]), {"start": "plan"}))
    assert '<option value="plan" selected>the plan of this morning</option>' in shown
    client.post(reverse("replaying:decide", args=[exercise.pk]), {"number": 1, "start": "plan"})
    assert exercise.turns.get().start == "plan"


def test_who_may_only_watch_sees_the_morning_and_cannot_decide(client, cast, exercise):
    client.force_login(cast.reader)
    shown = page(client, "exercise", exercise.pk)
    assert "You watch; the team decides." in shown
    assert "Decide, and go to the next day" not in shown
    assert client.post(reverse("replaying:decide", args=[exercise.pk]), {"number": 1}).status_code == 403


def test_what_the_policies_did_later_is_shown_to_nobody_until_the_end(client, cast, exercise):
    work_off()
    client.force_login(cast.head)
    replay = exercise.replay
    assert client.get(reverse("replaying:replay", args=[replay.pk])).status_code == 404
    assert client.get(reverse("replaying:exercise_data", args=[exercise.pk])).status_code == 404
    assert "Five" not in page(client, "replays")
    decided(exercise, cast.head, "cover", "cover")
    shown = client.get(reverse("replaying:exercise", args=[exercise.pk]))
    assert len(shown.context["so_far"]) == 3  # the team, the rolling plan, the rule; nobody who foresees
    own, cover = (
        next(row for row in shown.context["so_far"] if row["words"] == words)
        for words in ("the team of the exercise", "equal days of cover")
    )
    assert own["met"] == pytest.approx(cover["met"], nan_ok=True)


def test_after_the_end_the_team_stands_beside_rules_and_plans(client, cast, exercise):
    work_off()
    decided(exercise, cast.head, *["cover"] * 5)
    client.force_login(cast.head)
    assert "Every day is lived through" in page(client, "exercise", exercise.pk)
    client.post(reverse("replaying:end", args=[exercise.pk]))
    shown = page(client, "exercise", exercise.pk)
    assert "Rules and plans are still" not in shown
    assert "Lost by each day more than perfect foresight" in shown
    assert client.get(reverse("replaying:exercise_data", args=[exercise.pk])).status_code == 200
    assert "the team of the exercise" in page(client, "exercise_table", exercise.pk, "policies")
    assert client.get(reverse("replaying:replay", args=[exercise.replay.pk])).status_code == 200


def test_an_exercise_that_ends_early_is_compared_on_its_own_days(client, cast, exercise):
    work_off()
    decided(exercise, cast.head, "cover", "cover")
    end_exercise(exercise=exercise, by=cast.head)
    client.force_login(cast.reader)
    assert "The team decided on 2 of 5 days" in page(client, "exercise", exercise.pk)
    answer = client.get(reverse("replaying:exercise_table", args=[exercise.pk, "policies"]))
    rows = {row["policy"]: row for row in answer.context["listing"].page}
    assert rows["team"]["loss"] == pytest.approx(rows["cover"]["loss"])
    assert rows["team"]["regret"] is None


def test_the_last_day_is_taken_back_by_the_trainer_and_stays_on_record(client, cast, exercise):
    decided(exercise, cast.analyst, "cover")
    client.force_login(cast.head)
    client.post(reverse("replaying:undo", args=[exercise.pk]), {"number": 2})
    assert "Morning of 2020-02-01, day 1 of 5" in page(client, "exercise", exercise.pk)
    assert [turn.kind for turn in exercise.turns.all()] == ["decided", "undone"]
    assert "Taken back" in page(client, "exercise", exercise.pk)


def test_an_exercise_is_set_up_by_form(client, cast, snapshot):
    client.force_login(cast.head)
    assert "No exercise has been set up yet." in page(client, "exercises")
    form = {"title": "Team B", "organisation": snapshot.organisation.pk, "snapshot": snapshot.pk, "every": 1}
    answer = client.post(reverse("replaying:start_exercise"), form | {"policies": ["cover"]})
    assert answer["Location"] == Exercise.objects.get().get_absolute_url()
    assert "Team B" in page(client, "exercises")
