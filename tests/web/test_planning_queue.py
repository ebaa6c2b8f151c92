"""The queue of runs: nothing is taken twice, nothing is stuck, the first result stays."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from threading import Barrier, Thread

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.web.workers import child_of, wait_until

from mainstay_web.jobs import actions as jobs
from mainstay_web.jobs import queue
from mainstay_web.planning import actions
from mainstay_web.planning.models import Run, RunState


def states(run: Run) -> list[str]:
    return list(RunState.objects.filter(run=run).values_list("new", flat=True))


def lease_ends(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_claimed_run_is_not_claimed_again(queued) -> None:
    run = queue.claim("one")
    assert (run.state, run.worker, run.attempt) == ("running", "one", 1)
    assert queue.claim("two") is None


def test_the_oldest_waiting_run_is_claimed_first(queued, snapshot, cast) -> None:
    actions.start_run(
        organisation=snapshot.organisation, snapshot=snapshot, title="2", horizon="5x1", needs="base", by=cast.analyst
    )
    assert queue.claim("one") == queued


def test_a_run_whose_lease_ended_waits_again(queued) -> None:
    run = queue.claim("one")
    assert queue.reap() == 0
    lease_ends(run)
    assert queue.reap() == 1
    assert queue.claim("two").attempt == 2
    assert states(run) == ["queued", "running", "queued", "running"]


def test_a_run_that_loses_its_worker_three_times_has_failed_and_says_why(queued) -> None:
    for number in range(3):
        lease_ends(queue.claim(f"worker {number}"))
        queue.reap()
    queued.refresh_from_db()
    assert queued.state == "failed"
    assert "The worker worker 2 was not heard of" in queued.reason
    assert queue.claim("another") is None


def test_who_lost_the_lease_commits_nothing(queued) -> None:
    slow = queue.claim("slow")
    lease_ends(slow)
    queue.reap()
    quick = queue.claim("quick")

    assert not queue.keep(slow)
    assert not queue.finish(slow, folder="runs/1/1", summary={}, is_sound=True)
    assert queue.finish(quick, folder="runs/1/2", summary={}, is_sound=True)
    assert not queue.finish(quick, folder="runs/1/3", summary={}, is_sound=True)
    queued.refresh_from_db()
    assert queued.folder == "runs/1/2"


def test_a_run_put_back_by_a_worker_that_ends_has_lost_nothing(queued) -> None:
    queue.put_back(queue.claim("one"), "The worker was stopped.")
    assert queue.claim("two").losses == 0


def test_a_lost_run_that_was_to_be_cancelled_is_cancelled(queued, cast) -> None:
    run = queue.claim("one")
    queue.cancel(run, cast.analyst)
    lease_ends(run)
    queue.reap()
    assert Run.objects.get(pk=run.pk).state == "cancelled"


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "running"},
        {"state": "done"},
        {"state": "failed"},
        {"verdict": "approved"},
        {"share": 1.5},
        {"folder": "runs/1/1"},
    ],
)
def test_the_database_refuses_states_that_contradict_themselves(queued, broken) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=queued.pk).update(**broken)


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_one_run(snapshot, cast) -> None:
    for number in range(12):
        actions.start_run(
            organisation=snapshot.organisation,
            snapshot=snapshot,
            title=str(number),
            horizon="5x1",
            needs="base",
            by=cast.analyst,
        )
    taken: list[int] = []
    gate = Barrier(4)

    def work(name: str) -> None:
        gate.wait()
        while (run := queue.claim(name)) is not None:
            taken.append(run.pk)
        connection.close()

    workers = [Thread(target=work, args=(f"worker {n}",)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == sorted(Run.objects.values_list("pk", flat=True))


def test_a_worker_plans_what_waits_and_ends_with_it(workers, queued) -> None:
    process = workers.start("--once")
    assert process.wait(90) == 0, process.stdout.read()
    queued.refresh_from_db()
    assert queued.state == "done", queued.reason
    assert queued.is_sound
    assert queued.met["vital"] == pytest.approx(0.82)
    assert queued.results.table("shortages").collect().height > 0
    assert states(queued) == ["queued", "running", "done"]


def test_a_case_with_errors_fails_with_its_findings(workers, queued, snapshot) -> None:
    file = snapshot.folder / "lanes.parquet"
    pl.read_parquet(file).with_columns(origin=pl.lit("nowhere")).write_parquet(file)
    workers.start("--once").wait(90)
    queued.refresh_from_db()
    assert queued.state == "failed"
    assert queued.losses == 0
    assert [(f["table"], f["row"], f["column"]) for f in queued.findings] == [("lanes", 2, "origin")]


def test_when_the_planning_process_is_killed_the_run_is_tried_again(workers, queued) -> None:
    worker = workers.start("--once")
    os.kill(child_of(worker), signal.SIGKILL)
    assert worker.wait(90) == 0
    queued.refresh_from_db()
    assert (queued.state, queued.attempt, queued.losses) == ("done", 2, 1)
    assert "ended with code -9" in RunState.objects.filter(run=queued, new="queued").last().reason


def test_when_a_worker_is_killed_another_one_takes_the_run(workers, queued) -> None:
    first = workers.start("--lease", "2")
    orphan = child_of(first)
    first.kill()
    wait_until(lambda: not os.path.exists(f"/proc/{orphan}"), 20)
    workers.start("--lease", "2")
    wait_until(lambda: Run.objects.get(pk=queued.pk).state == "done")
    assert Run.objects.get(pk=queued.pk).attempt == 2


def test_a_worker_that_is_told_to_end_puts_its_run_back(workers, queued) -> None:
    worker = workers.start()
    child_of(worker)
    worker.terminate()
    assert worker.wait(30) == 0
    queued.refresh_from_db()
    assert (queued.state, queued.losses) == ("queued", 0)


def test_a_running_run_that_is_cancelled_stops(workers, queued, cast) -> None:
    worker = workers.start()
    child_of(worker)
    jobs.cancel(work=queued, by=cast.analyst)
    wait_until(lambda: Run.objects.get(pk=queued.pk).state == "cancelled")
    assert states(queued) == ["queued", "running", "cancelled"]
