"""Health, metrics, what production refuses, and the drill of backup and restore."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from mainstay_web.operations import readiness

KEY = "only-for-tests-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2


def platform(*arguments: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the platform's command in its own process, on its own data."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "mainstay_web", *arguments],
        env={**kept, "MAINSTAY_DATA": str(data), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_health_answers_without_signing_in(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_says_that_all_parts_work(client: Client, db: None) -> None:
    assert client.get("/readyz").json() == {"status": "ok", "problems": {}}


def test_ready_names_the_part_that_does_not_work(client: Client, db: None, monkeypatch) -> None:
    monkeypatch.setitem(readiness.PARTS, "data_folder", lambda: "it is full")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["problems"] == {"data_folder": "it is full"}


def test_metrics_count_answers_by_page_and_code(client: Client, cast) -> None:
    client.force_login(cast.head)
    client.get("/")
    assert (
        b'mainstay_answers_total{code="200",method="GET",page="dashboards:situation"}' in client.get("/metrics").content
    )


def test_metrics_of_production_want_the_token(client: Client, db: None, settings) -> None:
    settings.DEMO, settings.METRICS_TOKEN = False, "secret"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer secret"}).status_code == 200


def test_every_answer_has_a_number_that_the_log_repeats(client: Client, db: None, caplog) -> None:
    with caplog.at_level("INFO", logger="mainstay.answers"):
        number = client.get("/account/login/")["X-Request-ID"]
    assert any(record.msg.get("request") == number for record in caplog.records)


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "MAINSTAY_SECRET_KEY"),
        ({"MAINSTAY_SECRET_KEY": "short"}, "MAINSTAY_SECRET_KEY"),
        ({"MAINSTAY_SECRET_KEY": KEY, "MAINSTAY_DEBUG": "1"}, "MAINSTAY_DEBUG"),
        ({"MAINSTAY_SECRET_KEY": KEY, "MAINSTAY_HOSTS": "*"}, "MAINSTAY_HOSTS"),
        ({"MAINSTAY_SECRET_KEY": KEY, "MAINSTAY_SESSION_HOURS": "many"}, "MAINSTAY_SESSION_HOURS"),
        ({"MAINSTAY_SECRET_KEY": KEY, "DATABASE_URL": "oracle://x/y"}, "DATABASE_URL"),
    ],
)
def test_a_production_start_refuses_what_is_unsafe_or_wrong(tmp_path: Path, environment, named: str) -> None:
    done = platform("check", data=tmp_path, MAINSTAY_DEMO="0", **environment)
    assert done.returncode != 0
    assert named in done.stderr.splitlines()[-1]


def test_a_production_start_passes_djangos_own_checks_of_deployment(tmp_path: Path) -> None:
    done = platform(
        "check", "--deploy", "--fail-level", "WARNING", data=tmp_path, MAINSTAY_DEMO="0", MAINSTAY_SECRET_KEY=KEY
    )
    assert done.returncode == 0, done.stderr


def test_production_refuses_to_serve_while_demo_accounts_are_active(tmp_path: Path) -> None:
    assert platform("demo", "--case", "tiny", "--no-serve", data=tmp_path).returncode == 0
    production = {"MAINSTAY_DEMO": "0", "MAINSTAY_SECRET_KEY": KEY}

    refused = platform("serve", data=tmp_path, **production)
    assert refused.returncode != 0
    assert "demo-head" in refused.stderr
    assert "remove_demo" in refused.stderr
    assert "Deactivated: demo-" in platform("remove_demo", data=tmp_path, **production).stdout
    assert platform("remove_demo", data=tmp_path, **production).stdout.startswith("Deactivated: none")


def test_serving_an_empty_database_names_the_remedy(tmp_path: Path) -> None:
    done = platform("serve", data=tmp_path)
    assert done.returncode != 0
    assert "mainstay-platform setup" in done.stderr


@pytest.fixture
def database_url(tmp_path: Path, transactional_db: None) -> str:
    """A database of its own beside the tests' one: on PostgreSQL on the same server, else in a file."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{(tmp_path / 'own.sqlite3').as_posix().lstrip('/')}"
    values, name = connection.settings_dict, f"drill_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    return f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{name}"


def test_what_was_backed_up_is_restored_whole(tmp_path: Path, database_url: str) -> None:
    """The drill: a platform with a plan is saved, spoilt, and brought back."""
    data, archive = tmp_path / "data", tmp_path / "saved.tar.gz"
    run = {"data": data, "DATABASE_URL": database_url}
    assert platform("demo", "--case", "tiny", "--no-serve", **run).returncode == 0
    files = {file.relative_to(data) for file in data.rglob("*") if file.is_file() and "runs" in file.parts}
    assert files
    assert platform("backup", str(archive), **run).returncode == 0
    assert "never written over" in platform("backup", str(archive), **run).stderr
    for file in files:
        (data / file).unlink()
    assert platform("remove_demo", **run).returncode == 0

    assert "--force" in platform("restore", str(archive), **run).stderr
    done = platform("restore", str(archive), "--force", **run)

    assert done.returncode == 0, done.stderr
    assert "the audit holds" in done.stdout
    assert {file.relative_to(data) for file in data.rglob("*") if file.is_file() and "runs" in file.parts} == files
    assert "demo-head" in platform("remove_demo", **run).stdout


def test_a_damaged_backup_changes_nothing(tmp_path: Path, database_url: str) -> None:
    data, archive = tmp_path / "data", tmp_path / "saved.tar.gz"
    run = {"data": data, "DATABASE_URL": database_url}
    assert platform("setup", "--quiet", **run).returncode == 0
    assert platform("backup", str(archive), **run).returncode == 0
    archive.write_bytes(archive.read_bytes()[:-200])

    done = platform("restore", str(archive), "--force", **run)

    assert done.returncode != 0
    assert "Nothing was changed" in done.stderr
    assert "Not ready" not in platform("migrate", "--check", **run).stderr


def test_a_backup_holds_no_file_outside_its_folders(tmp_path: Path, database_url: str) -> None:
    run = {"data": tmp_path / "data", "DATABASE_URL": database_url}
    platform("setup", "--quiet", **run)
    platform("backup", str(tmp_path / "saved.tar.gz"), **run)
    with tarfile.open(tmp_path / "saved.tar.gz") as archive:
        assert {name.split("/")[0] for name in archive.getnames()} <= {
            "database",
            "runs",
            "snapshots",
            "files",
            "manifest.json",
        }
