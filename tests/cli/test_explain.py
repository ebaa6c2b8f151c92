"""``mainstay explain``: why something is short, on the screen, as tables and as a page."""

from __future__ import annotations

import polars as pl
import pytest

from mainstay import examples


@pytest.fixture
def planned(mainstay, tiny, tmp_path):
    mainstay("plan", tiny, "--out", tmp_path / "plan", "--no-report")
    return tmp_path / "plan"


def test_a_shortage_is_explained_in_a_paragraph(mainstay, tiny, planned):
    said = mainstay("explain", tiny, planned, "--item", "mask", "--place", "east")

    assert said.code == 0
    assert "Mask in East (vital)" in said.out
    assert "One more unit of it (1 line-day) brings 40 pieces, found by solving again" in said.out


def test_the_page_and_the_tables_are_written(mainstay, tiny, planned, tmp_path):
    said = mainstay("explain", tiny, planned, "--out", tmp_path / "why")

    assert said.code == 0
    assert {p.name for p in (tmp_path / "why").iterdir()} == {"why.html", "reasons.csv", "levers.csv", "instead.csv"}
    page = (tmp_path / "why" / "why.html").read_text(encoding="utf-8")
    assert "口罩" in page
    assert "://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert pl.read_csv(tmp_path / "why" / "reasons.csv")["found"].is_not_null().all()


def test_json_has_every_explanation_with_its_tables(mainstay, tiny, planned):
    said = mainstay("explain", tiny, planned, "--item", "mask", "--place", "east", "--json")

    (why,) = said.json["explanations"]
    assert (why["item"], why["place"], why["tier"], why["lost"]) == ("mask", "east", "vital", pytest.approx(48))
    assert why["reasons"][0]["found"] == pytest.approx(40)
    assert why["levers"][0]["kind"] == "lines"


def test_a_line_of_the_plan_is_explained(mainstay, tiny, planned):
    said = mainstay("explain", tiny, planned, "--line", "make:make_mask@L1", "--date", "2020-02-01")

    assert said.code == 0
    assert "It draws on the lines L1 in East, which binds" in said.out


@pytest.mark.parametrize(
    ("name", "options", "folder"),
    [
        ("tiny", ["--horizon", "3x1 1x2"], ""),
        ("tiny", ["--as-of", "2020-02-03"], ""),
        ("cholera-mini", ["--scenario", "path2"], ""),
        ("cholera-mini", ["--scenarios", "path1,path2"], "path2"),
    ],
)
def test_a_plan_made_with_options_of_its_own_is_explained_and_drawn_without_naming_them(
    mainstay, tmp_path, name, options, folder
):
    case, plan = examples.path(name), tmp_path / "plan"
    assert mainstay("plan", case, "--out", plan, "--no-report", *options).code == 0

    assert mainstay("explain", case, plan / folder, "--most", "1").code == 0
    assert mainstay("chain", case, "--plan", plan / folder, "--out", tmp_path / "chain").code == 0
    assert mainstay("chain", case, "--plan", plan / folder, "--out", tmp_path / "other", "--horizon", "2x1").code == 2


def test_where_nothing_is_short_it_says_so(mainstay, tiny, planned):
    said = mainstay("explain", tiny, planned, "--item", "mask", "--date", "2020-02-05")

    assert (said.code, said.out.strip()) == (0, "Nothing is short there: all that is needed is met.")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--item", "masks"], 'Did you mean "mask"?'),
        (["--date", "2021-01-01"], "is not in the plan"),
        (["--line", "make:make_mask@L1"], "give --date with it"),
    ],
)
def test_wrong_words_are_refused_with_what_to_do(mainstay, tiny, planned, words, says):
    said = mainstay("explain", tiny, planned, *words)

    assert said.code == 2
    assert says in said.err


def test_a_plan_of_another_case_is_refused(mainstay, planned):
    from mainstay import examples

    said = mainstay("explain", examples.path("cholera-mini"), planned)

    assert said.code == 2
    assert "was planned on other inputs than this case" in said.err


def test_the_heaviest_reasons_are_tried_with_the_plan_when_asked_for(mainstay, tiny, tmp_path):
    said = mainstay("plan", tiny, "--out", tmp_path / "plan", "--no-report", "--reasons", "tried")

    assert said.code == 0
    assert pl.read_csv(tmp_path / "plan" / "reasons.csv")["found"].is_not_null().all()
