"""Long work in the background: a case that is imported, enterprises that are compared."""

from __future__ import annotations

import os
import signal
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from tests.web.background import work_off
from tests.web.test_planning_cases import packed
from tests.web.workers import child_of, wait_until

import mainstay as ms
from mainstay.errors import UsageError
from mainstay_web.audit.models import AuditRow
from mainstay_web.jobs import queue
from mainstay_web.jobs.actions import start_job
from mainstay_web.jobs.kinds import KINDS, say_nothing
from mainstay_web.jobs.models import Job, JobState
from mainstay_web.planning.actions import start_import
from mainstay_web.planning.cases import current_case
from mainstay_web.planning.models import Run
from mainstay_web.registry.models import Row
from mainstay_web.uploads import receive


@pytest.fixture
def waiting(cast, places, settings, tmp_path) -> Job:
    """An import of the tiny case that waits."""
    settings.DATA = tmp_path / "data"
    return start_import(upload=receive(packed("tiny")), organisation=places.country, by=cast.analyst)


def page(client, person, job: Job) -> str:
    client.force_login(person)
    return client.get(job.get_absolute_url()).content.decode()


def test_an_upload_waits_for_a_worker_and_its_page_shows_what_became_of_each_row(client, cast, waiting) -> None:
    assert not Row.objects.exists()
    assert "It waits for a worker." in page(client, cast.analyst, waiting)
    job = work_off()
    tiny = ms.read(ms.examples.path("tiny"))
    assert job.state == "done"
    assert {n["table"]: n["added"] for n in job.summary["tables"] if n["table"] != "case"} == {
        name: frame.height for name, frame in tiny.tables.items() if frame.height
    }
    text = page(client, cast.analyst, job)
    assert "What became of each row" in text
    assert "organisations were made" in text
    assert current_case().hash == tiny.hash


def test_the_same_case_again_changes_nothing_and_says_so(waiting, cast, places) -> None:
    work_off()
    start_import(upload=receive(packed("tiny")), organisation=places.country, by=cast.analyst)
    for n in work_off().summary["tables"]:
        assert (n["unchanged"], n["added"], n["changed"], n["refused"]) == (n["rows"], 0, 0, 0), n["table"]


def test_the_page_of_a_job_follows_it_and_loads_anew_when_it_has_ended(client, cast, waiting) -> None:
    client.force_login(cast.analyst)
    poll = reverse("jobs:progress", args=[waiting.pk])
    assert "HX-Refresh" not in client.get(poll).headers
    queue.keep(queue.claim("w"), stage="register", share=0.4)
    assert "Writing the register" in client.get(poll).content.decode()
    Job.objects.update(state="cancelled", worker="", heartbeat=None, lease_until=None)
    assert client.get(poll).headers["HX-Refresh"] == "true"


@pytest.mark.django_db(transaction=True)
def test_the_uploaded_file_is_kept_no_longer_than_the_job(waiting, settings) -> None:
    file = settings.DATA / waiting.file
    assert file.is_file()
    queue.put_back(queue.claim("w"), "The worker was stopped.")
    assert file.is_file()
    work_off()
    assert not file.exists()


@pytest.mark.django_db(transaction=True)
def test_a_waiting_import_that_is_cancelled_imports_nothing(client, cast, waiting, settings) -> None:
    client.force_login(cast.analyst)
    client.post(reverse("jobs:cancel", args=[waiting.pk]))
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    assert not (settings.DATA / waiting.file).exists()
    assert AuditRow.objects.filter(action="jobs.cancel", person=cast.analyst).exists()
    assert "cancelled before it was whole" in page(client, cast.analyst, waiting)
    assert queue.claim("w") is None


def test_who_may_not_import_neither_sees_nor_cancels_the_job(client, cast, waiting) -> None:
    for who, code in ((cast.east_analyst, 404), (cast.reader, 403), (cast.maker, 403), (cast.nobody, 403)):
        client.force_login(who)
        assert client.get(waiting.get_absolute_url()).status_code == code
        assert client.get(reverse("jobs:progress", args=[waiting.pk])).status_code == code
        assert client.post(reverse("jobs:cancel", args=[waiting.pk])).status_code == code
    client.force_login(cast.analyst)
    assert client.get(reverse("jobs:cancel", args=[waiting.pk])).status_code == 405
    assert client.post(waiting.get_absolute_url()).status_code == 405


def test_an_import_that_lost_its_lease_commits_nothing(waiting) -> None:
    slow = queue.claim("slow")
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    queue.reap()
    queue.claim("quick")
    with transaction.atomic():
        assert not KINDS["import"].work(slow, say_nothing)
    assert not Row.objects.exists()


def test_who_lost_the_right_while_it_waited_imports_nothing(waiting, cast) -> None:
    cast.analyst.memberships.all().delete()
    job = work_off()
    assert (job.state, job.losses) == ("failed", 0)
    assert "may not do this any more" in job.reason
    assert not Row.objects.exists()


def test_what_waits_longest_is_done_first_of_whatever_kind(waiting, queued, places) -> None:
    Job.objects.filter(pk=waiting.pk).update(at=queued.at + timedelta(seconds=1))
    search = start_job(kind="duplicates", organisation=places.country, title="Search", by=None)
    Job.objects.filter(pk=search.pk).update(at=queued.at + timedelta(seconds=2))
    assert [queue.claim("w").kind for _ in range(3)] == ["plan", "import", "duplicates"]


def test_a_worker_imports_a_case_and_compares_enterprises(workers, waiting, places) -> None:
    search = start_job(kind="duplicates", organisation=places.country, title="Search", by=None)
    assert workers.start("--once").wait(120) == 0
    for job in (waiting, search):
        job.refresh_from_db()
        assert job.state == "done", job.reason
    assert search.summary["enterprises"] == 3
    assert current_case().hash == ms.read(ms.examples.path("tiny")).hash


def test_when_the_process_that_imports_is_killed_the_case_is_imported_once_all_the_same(workers, waiting) -> None:
    worker = workers.start("--once")
    os.kill(child_of(worker), signal.SIGKILL)
    assert worker.wait(120) == 0
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempt, waiting.losses) == ("done", 2, 1)
    assert not Row.objects.filter(version__gt=1).exists()


def test_when_a_worker_is_killed_another_one_imports(workers, waiting) -> None:
    first = workers.start("--lease", "2")
    orphan = child_of(first)
    first.kill()
    wait_until(lambda: not os.path.exists(f"/proc/{orphan}"), 20)
    workers.start("--lease", "2")
    wait_until(lambda: Job.objects.get(pk=waiting.pk).state == "done")
    assert Job.objects.get(pk=waiting.pk).attempt == 2


def test_an_import_at_work_that_is_cancelled_leaves_the_register_as_it_was(workers, waiting, cast) -> None:
    worker = workers.start()
    child_of(worker)
    queue.cancel(waiting, cast.analyst)
    wait_until(lambda: Job.objects.get(pk=waiting.pk).state == "cancelled")
    assert list(JobState.objects.values_list("new", flat=True)) == ["queued", "running", "cancelled"]
    with pytest.raises(UsageError):
        current_case()


def test_runs_are_no_jobs_and_jobs_are_no_runs(client, cast, waiting) -> None:
    client.force_login(cast.analyst)
    assert not Run.objects.exists()
    assert waiting.title not in client.get(reverse("planning:runs")).content.decode()
