"""``mainstay plan``: from a case to a checked plan in a folder."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest

from mainstay.plan import plan as planning
from mainstay.plan.check import CheckReport, RuleInfo, Violation
from mainstay.tables import RESULT_TABLES

KEYS = {"status", "objective", "fill_rate", "shortage", "check", "seconds", "columns", "rows", "nonzeros"}
KEYS |= {"versions", "inputs_hash"}
SECONDS = {"read", "compile", "build", "solve", "check", "write"}


@pytest.fixture
def plan(mainstay, tiny, tmp_path):
    """Plan the tiny case into a folder."""

    def make(*words: object, out: str = "plan"):
        return mainstay("plan", tiny, "--out", tmp_path / out, *map(str, words))

    return make


def test_a_plan_says_what_runs_short_what_to_do_and_where_the_files_are(plan, tmp_path):
    said = plan()

    assert said.code == 0
    assert "What to do today" in said.out
    assert "no violation" in said.out
    assert str(tmp_path / "plan" / "report.html") in said.out
    assert "*" not in said.out
    assert said.err == ""


def test_a_plan_is_written_whole(plan, tmp_path):
    plan()

    written = {p.name for p in (tmp_path / "plan").iterdir()}
    assert written >= {f"{name}.csv" for name in RESULT_TABLES} | {"report.html", "results.xlsx", "plan.json"}


def test_the_briefing_is_written_in_both_languages_when_asked_for(plan, tmp_path):
    said = plan("--briefing", "--no-report")

    assert said.code == 0
    assert str(tmp_path / "plan" / "briefing.pdf") in said.out
    assert {p.name for p in (tmp_path / "plan").glob("*.pdf")} == {"briefing.pdf", "briefing-zh.pdf"}

    plan("--no-report")
    assert not list((tmp_path / "plan").glob("*.pdf"))


def test_machines_get_one_object(plan):
    answer = plan("--json").json

    assert set(answer) >= KEYS
    assert set(answer["seconds"]) >= SECONDS
    assert set(answer["check"]) >= {"rules", "violations"}
    assert all(set(s) >= {"stage", "value", "bound", "gap"} for s in answer["objective"])


def test_what_is_printed_for_machines_is_also_in_the_folder(plan, tmp_path):
    printed = plan("--json").json
    written = json.loads((tmp_path / "plan" / "plan.json").read_text())

    assert {k: v for k, v in printed.items() if k != "seconds"} == {k: v for k, v in written.items() if k != "seconds"}


def test_another_horizon_is_planned_when_asked(plan):
    assert plan("--json", "--horizon", "2x1").json["inputs_hash"] != plan("--json").json["inputs_hash"]


def test_a_horizon_that_cannot_be_read_is_wrong_use(plan):
    said = plan("--horizon", "two weeks")

    assert said.code == 2
    assert "Write periods x days" in said.err


def test_a_scenario_that_no_need_names_is_a_finding(plan, tmp_path):
    said = plan("--scenario", "asteroid")

    assert said.code == 1
    assert "asteroid" in said.err
    assert "base" in said.err
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize("words", [("--gap", "2"), ("--time-limit", "0"), ("--threads", "0"), ("--seed", "x")])
def test_an_option_out_of_range_is_wrong_use(plan, words):
    assert plan(*words).code == 2


def test_a_case_with_errors_is_not_planned(mainstay, broken, tmp_path):
    said = mainstay("plan", broken, "--out", tmp_path / "plan")

    assert said.code == 1
    assert "lines row 2, quantity" in said.err
    assert not (tmp_path / "plan").exists()


def test_machines_are_told_why_a_case_is_refused(mainstay, broken, tmp_path):
    said = mainstay("plan", broken, "--out", tmp_path / "plan", "--json")

    assert said.code == 1
    assert said.json["status"] == "refused"
    assert any(f["table"] == "lines" and f["row"] == 2 for f in said.json["findings"])


def test_a_folder_with_other_files_is_left_alone(plan, tmp_path):
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "diary.txt").write_text("mine")

    said = plan()

    assert said.code == 2
    assert [p.name for p in (tmp_path / "plan").iterdir()] == ["diary.txt"]
    assert plan("--force").code == 0


def test_a_former_plan_is_written_over(plan):
    assert (plan().code, plan().code) == (0, 0)


def test_a_plan_is_never_written_over_a_case(mainstay, tmp_path):
    mainstay("new", tmp_path / "case", "--from", "tiny")
    before = {p.name: p.read_bytes() for p in (tmp_path / "case").iterdir()}

    said = mainstay("plan", tmp_path / "case", "--out", tmp_path / "case", "--force")

    assert said.code == 2
    assert "holds a case" in said.err
    assert {p.name: p.read_bytes() for p in (tmp_path / "case").iterdir()} == before


def test_a_plan_in_force_is_kept_to_where_that_costs_nothing(plan, tmp_path):
    plan(out="yesterday")

    again = plan("--in-force", tmp_path / "yesterday", "--json", out="today")

    assert again.code == 0
    assert next(s["value"] for s in again.json["objective"] if s["stage"] == "cost") == pytest.approx(1726)


def test_a_folder_without_a_plan_cannot_be_in_force(plan, tmp_path):
    said = plan("--in-force", tmp_path)

    assert said.code == 2
    assert "holds no plan" in said.err


def test_without_a_report_only_tables_are_written(plan, tmp_path):
    plan("--no-report")

    written = {p.suffix for p in (tmp_path / "plan").iterdir()}
    assert written == {".csv", ".json"}


@pytest.fixture
def failed_check(monkeypatch):
    """Within this block the check finds that the goods do not balance."""

    @contextmanager
    def block():
        with monkeypatch.context() as patch:
            patch.setattr(planning, "check_plan", lambda *_: report)
            yield

    broken = Violation("goods_balance", "stocks", "item mask, place east", None, 3, 2, "3 masks where 2 can be")
    report = CheckReport((RuleInfo("goods_balance", "Goods balance."),), {"stocks": 1}, (broken,))
    return block


def test_a_plan_that_fails_its_check_is_not_shown_as_one(plan, tmp_path, failed_check):
    with failed_check():
        said = plan()

    assert said.code == 1
    assert "goods_balance" in said.err
    assert "What to do today" not in said.out
    assert not (tmp_path / "plan" / "report.html").exists()
    assert not (tmp_path / "plan" / "plan.json").exists()


def test_a_refused_plan_leaves_nothing_of_the_one_before_nor_for_the_one_after(plan, tmp_path, failed_check):
    plan()
    with failed_check():
        plan()
    refused = {p.name for p in (tmp_path / "plan").iterdir()}
    plan()
    good = {p.name for p in (tmp_path / "plan").iterdir()}

    assert refused == {"violations.csv", "rejected"}
    assert "plan.json" in good
    assert not {"violations.csv", "rejected"} & good


@pytest.fixture
def two_courses(mainstay, tmp_path):
    """The tiny case, and the same needs again as a scenario "more", twice as large."""
    mainstay("new", tmp_path / "case", "--from", "tiny")
    file = tmp_path / "case" / "needs.csv"
    header, *rows = file.read_text().splitlines()
    more = [row.replace("base,", "more,", 1).replace(",60,", ",120,") for row in rows]
    file.write_text("\n".join([header, *rows, *more]) + "\n")
    return tmp_path / "case"


def test_several_scenarios_are_planned_on_at_once(mainstay, two_courses, tmp_path):
    said = mainstay("plan", two_courses, "--out", tmp_path / "plans", "--scenarios", "base, more", "--common-days", "2")

    assert said.code == 0
    assert "What to do today" in said.out
    assert said.out.index("base") < said.out.index("more")
    assert {p.name for p in (tmp_path / "plans").iterdir()} == {"base", "more", "now.csv", "plan.json"}
    assert (tmp_path / "plans" / "more" / "report.html").is_file()


def test_plans_of_several_scenarios_are_written_over_and_can_be_in_force(mainstay, two_courses, tmp_path):
    words = ("plan", two_courses, "--out", tmp_path / "plans", "--no-report", "--json")
    first = mainstay(*words, "--scenarios", "base,more").json
    again = mainstay(*words, "--in-force", tmp_path / "plans")

    assert set(first["scenarios"]) == {"base", "more"}
    assert all(each["check"]["ok"] for each in first["scenarios"].values())
    assert again.code == 0
    assert not (tmp_path / "plans" / "more").exists()


@pytest.mark.parametrize(
    "words", [("--scenarios", "base", "--scenario", "base"), ("--common-days", "2"), ("--scenarios", "base,base")]
)
def test_scenarios_that_contradict_each_other_are_wrong_use(plan, words):
    assert plan(*words).code == 2


def test_plans_of_which_one_fails_its_check_are_not_shown(mainstay, two_courses, tmp_path, failed_check):
    with failed_check():
        said = mainstay("plan", two_courses, "--out", tmp_path / "plans", "--scenarios", "base,more")

    assert said.code == 1
    assert "goods_balance" in said.err
    assert {p.name for p in (tmp_path / "plans").iterdir()} == {"base", "more", "violations.csv"}
