"""``mainstay demand``: from the course of the epidemic to what people will need."""

from __future__ import annotations

import json

import polars as pl
import pytest

from mainstay import examples, tables

TABLES = {
    *("needs", "people", "step_downs", "needs_quantiles", "people_quantiles"),
    *("items_quantiles", "totals", "people_totals", "summary", "breakdown", "weights", "notes"),
}


@pytest.fixture
def demand(mainstay, tmp_path):
    """Derive the needs of the cholera case into a folder."""

    def make(*words: object, out: str = "demand"):
        case = examples.path("cholera-mini")
        return mainstay("demand", case, "--out", tmp_path / out, "--paths", 20, *words)

    return make


def test_a_demand_says_what_is_needed_and_what_drives_it(demand, tmp_path):
    said = demand()

    assert said.code == 0
    assert "Oral rehydration salts for 1 litre" in said.out
    assert "20 sample paths" in said.out
    assert "the 7 days with the highest median" in said.out
    assert "case (new_cases) 100 %" in said.out
    assert str(tmp_path / "demand") in said.out
    assert {file.stem for file in (tmp_path / "demand").glob("*.csv")} == TABLES
    assert "Oral rehydration salts" in (tmp_path / "demand" / "demand.html").read_text("utf-8")
    assert "demand.html" in said.out


def test_machines_get_one_object(demand):
    answer = demand("--json").json

    assert set(answer) == {"case", "start", "days", "paths", "scenarios", "items", "drivers", "notes"}
    assert sum(answer["scenarios"].values()) == pytest.approx(1)


def test_the_same_seed_gives_the_same_needs(demand, tmp_path):
    for out, seed in (("one", 1), ("same", 1), ("other", 2)):
        demand("--seed", seed, out=out)

    one, same, other = ((tmp_path / out / "needs.csv").read_bytes() for out in ("one", "same", "other"))
    assert one == same != other


def test_as_of_another_day_the_plan_starts_on_it(demand, tmp_path):
    assert demand("--as-of", "2023-02-10", "--json").json["start"] == "2023-02-10"
    assert (
        pl.read_csv(tmp_path / "demand" / "needs.csv", try_parse_dates=True)["date"].min().isoformat() == "2023-02-10"
    )


def test_past_projections_are_held_against_what_came(demand, tmp_path):
    said = demand("--score")

    assert said.code == 0
    assert "wis: weighted interval score" in said.out
    assert set(pl.read_csv(tmp_path / "demand" / "scores.csv")["horizon"]) == {7, 14}
    assert {row["horizon"] for row in demand("--score", "--json", "--force").json["scores"]} == {7, 14}


def test_the_warnings_of_the_check_are_said_again(mainstay, tmp_path):
    case = tmp_path / "case"
    mainstay("new", case, "--from", "cholera-mini")
    with (case / "epidemic.csv").open("a") as reports:
        place = pl.read_csv(case / "epidemic.csv")["place"][0]
        columns = (case / "epidemic.csv").read_text("utf-8").splitlines()[0].split(",")
        reports.write(
            ",".join({"place": place, "date": "2033-02-01", "confirmed": "9"}.get(c, "") for c in columns) + "\n"
        )

    said = mainstay("demand", case, "--out", tmp_path / "demand", "--paths", 20)

    assert said.code == 0
    assert "warning  epidemic row" in said.err


def test_a_case_that_brings_its_needs_says_how_to_derive_them(mainstay, tiny, tmp_path):
    said = mainstay("demand", tiny, "--out", tmp_path / "demand")

    assert said.code == 2
    assert "set course in the settings" in said.err


def test_what_is_there_is_not_written_over_unasked(demand):
    demand()

    assert demand().code == 2
    assert demand("--force").code == 0


def test_a_folder_with_a_case_is_never_written_into(mainstay, tmp_path):
    case = tmp_path / "case"
    mainstay("new", case, "--from", "cholera-mini")

    said = mainstay("demand", case, "--out", case, "--force")

    assert said.code == 2
    assert "its tables would be lost" in said.err


def test_the_esft_method_wants_its_coefficients(demand):
    assert "given together" in demand("--method", "esft").err


def test_a_plan_as_of_a_day_says_so_and_keeps_its_demand(mainstay, tmp_path):
    case = examples.path("cholera-mini")

    said = mainstay("plan", case, "--out", tmp_path / "plan", "--as-of", "2023-02-10", "--no-report", "--json")

    assert said.code == 0
    assert "derive" in said.json["seconds"]
    assert json.loads((tmp_path / "plan" / "plan.json").read_text())["check"]["ok"]
    assert (tmp_path / "plan" / "demand" / "needs_quantiles.csv").is_file()


def test_a_derived_case_can_be_written_and_planned_again(tmp_path):
    from mainstay import derive

    case = derive(tables.read(examples.path("cholera-mini")), paths=10).case
    tables.write(case, tmp_path / "case")

    again = tables.read(tmp_path / "case")

    assert again.hash == case.hash
    assert again.scenario == "median"


def test_a_path_of_the_derived_needs_can_be_planned_on_alone(mainstay, tmp_path):
    words = ("plan", examples.path("cholera-mini"), "--out", tmp_path / "plan", "--no-report", "--json")

    said, unknown = mainstay(*words, "--scenario", "path1"), mainstay(*words, "--scenario", "path9")

    assert said.code == 0
    assert said.json["inputs_hash"] != mainstay(*words).json["inputs_hash"]
    assert unknown.code == 2
    assert "Name one of median, path1, path2, path3" in unknown.err
    assert "needs has" not in mainstay(*words, "--scenarios", "median,asteroid").err


def test_plans_for_derived_scenarios_show_their_needs_and_their_names(mainstay, tmp_path):
    case = examples.path("cholera-mini")

    said = mainstay("plan", case, "--out", tmp_path / "plans", "--scenarios", "base,path1")

    assert said.code == 0
    assert "Where use becomes more sparing follows what comes" in said.out
    for name in ("base", "path1"):
        page = (tmp_path / "plans" / name / "report.html").read_text("utf-8")
        assert '<section id="demand">' in page
        assert f"(synthetic): {name}</title>" in page
        assert (tmp_path / "plans" / name / "demand" / "needs_quantiles.csv").is_file()


def test_a_plan_as_of_another_day_says_of_which_day_its_stocks_are(mainstay, tmp_path):
    case = examples.path("cholera-mini")

    said = mainstay("plan", case, "--out", tmp_path / "plan", "--as-of", "2023-02-10", "--no-report")

    assert "The opening stocks are those of 15 Feb 2023" in said.out
