"""``mainstay push`` against the platform as it runs."""

from __future__ import annotations

import json

import pytest
from tests.web.api_world import token
from tests.web.reporting_world import world

from mainstay_cli.main import run
from mainstay_client import Client
from mainstay_web.reporting.models import Report, Submission

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = "item,measure,basis,date,quantity"
GOOD = f"{HEADER}\nmask,output,day,2020-02-01,100\nsuit,output,day,2020-02-01,20\n"


@pytest.fixture
def push(live_server, cast, places, tmp_path, monkeypatch, capsys):
    """Push a text as a file; gives the exit code and what was printed."""
    world(places)
    monkeypatch.setenv("MAINSTAY_TOKEN", token(cast.maker, "reports.submit", "reports.view"))
    monkeypatch.setenv("MAINSTAY_URL", live_server.url)

    def do(text, *options):
        file = tmp_path / "reports.csv"
        file.write_text(text, "utf-8")
        code = run(["push", str(file), *options])
        return code, capsys.readouterr()

    return do


def test_a_file_pushed_twice_is_received_once(push):
    first, again = push(GOOD), push(GOOD)
    assert (first[0], again[0]) == (0, 0)
    assert "2 rows sent: 2 accepted, 0 refused." in first[1].out
    assert "(2 had been received before)" in again[1].out
    assert (Submission.objects.count(), Report.objects.count()) == (1, 2)


def test_rows_that_the_platform_refuses_are_named_by_the_row_of_the_file(push):
    code, said = push(GOOD + "unknown,output,day,2020-02-01,7\n", "--json")
    pushed = json.loads(said.out)
    assert (code, pushed["accepted"], pushed["refused"]) == (1, 2, 1)
    assert [one["row"] for one in pushed["findings"] if one["severity"] == "error"] == [4]


def test_a_file_with_wrong_cells_is_not_sent(push):
    code, said = push(f'{HEADER}\nmask,output,day,2020-02-01,"12,000"\n')
    assert code == 1
    assert "Nothing was sent" in said.err
    assert not Submission.objects.exists()


@pytest.mark.parametrize("variable", ["MAINSTAY_TOKEN", "MAINSTAY_URL"])
def test_without_token_or_address_it_says_what_to_give(push, monkeypatch, variable):
    monkeypatch.delenv(variable)
    assert push(GOOD)[0] == 2


def test_a_token_that_is_not_in_force_is_refused(push, tmp_path):
    wrong = tmp_path / "token.txt"
    wrong.write_text("mainstay_wrong\n")
    code, said = push(GOOD, "--token-file", str(wrong))
    assert code == 2
    assert "token in force" in said.err


def test_the_client_reads_back_what_was_pushed(push, live_server, cast):
    push(GOOD)
    with Client(live_server.url, token(cast.maker, "reports.view")) as client:
        assert {(one.item, one.quantity) for one in client.reports()} == {("mask", 100.0), ("suit", 20.0)}
