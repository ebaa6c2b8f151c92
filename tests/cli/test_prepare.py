"""``mainstay prepare``: what should stand ready."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from tests.prepare.cases import brought, stock_check

from mainstay.prepare.results import TABLES
from mainstay.tables import write
from mainstay.tables.frames import schema


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("stock") / "case"
    write(brought(*stock_check()), folder)
    return folder


def test_it_says_what_to_make_ready_and_writes_page_tables_and_answer(mainstay, case, tmp_path):
    said = mainstay("prepare", case, "--budget", "2000", "--frontier", "--out", tmp_path / "out")

    assert said.code == 0
    assert "What to make ready" in said.out
    assert "days of cover" in said.out
    for name, table in TABLES.items():
        frame = pl.read_csv(tmp_path / "out" / f"{name}.csv", schema_overrides=schema(table))
        assert frame.columns == [column.name for column in table.columns]
    assert pl.read_csv(tmp_path / "out" / "designs.csv")["quantity"].to_list() == pytest.approx([2000])
    assert pl.read_csv(tmp_path / "out" / "frontier.csv")["is_knee"].sum() == 1
    page = (tmp_path / "out" / "prepare.html").read_text()
    assert "http" not in page.split("</style>")[0].replace("http-equiv", "")
    assert "{{" not in page.split('<script type="application/json"')[0]
    assert (tmp_path / "out" / "prepare.xlsx").stat().st_size > 5000


def test_machines_get_one_object_with_the_proof(mainstay, case, tmp_path):
    words = ("--caution", "0", "--worth", "2800", "--json", "--out", tmp_path / "out")
    answer = mainstay("prepare", case, *words).json

    assert answer["status"] == "optimal"
    assert answer["cost"] == pytest.approx(500, rel=1e-4)
    assert answer["tables"]["designs"][0]["option"] == "store"
    assert json.loads((tmp_path / "out" / "prepare.json").read_text())["value"] == pytest.approx(answer["value"])


def test_a_negative_budget_is_wrong_use(mainstay, case, tmp_path):
    said = mainstay("prepare", case, "--budget", "-5", "--out", tmp_path / "out")

    assert said.code == 2
    assert "0 or more; found -5" in said.err
    assert not (tmp_path / "out").exists()


def test_weights_that_do_not_sum_are_a_finding(mainstay, case, tmp_path):
    import shutil

    wrong = Path(shutil.copytree(case, tmp_path / "wrong"))
    text = (wrong / "futures.csv").read_text()
    (wrong / "futures.csv").write_text(text.replace("0.08", "0.18"))

    said = mainstay("prepare", wrong, "--out", tmp_path / "out")

    assert said.code == 1
    assert "the weights sum to 1.1, not to 1" in said.err


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_design_of_one_process(mainstay, case, tmp_path):
    from distributed import LocalCluster

    words = ("--budget", "2000", "--method", "decomposed", "--json", "--out")
    alone = mainstay("prepare", case, *words, tmp_path / "alone").json
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        together = mainstay("prepare", case, *words, tmp_path / "together", "--cluster", address).json

    assert together["tables"]["designs"] == alone["tables"]["designs"]
    assert together["value"] == alone["value"]


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_does_not_answer_is_named(mainstay, case, tmp_path, monkeypatch):
    monkeypatch.setattr("mainstay_cli.processes.SECONDS_TO_ANSWER", 1)
    said = mainstay("prepare", case, "--cluster", "tcp://127.0.0.1:9", "--out", tmp_path / "out")

    assert said.code == 2
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in said.err
