"""The briefing: what a minister finds in it, in both languages, whatever the plan and the names are like."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from tests.report.fake import AREAS, FakePlan
from tests.report.pdf import num_pages, text_of

from mainstay.errors import UsageError
from mainstay.report import briefing, write_briefing
from mainstay.report.briefing_chart import chart
from mainstay.report.needs import areas, fill_by_tier
from mainstay.report.situation import proof_line
from mainstay.report.texts import TEXTS, share

MADE = datetime(2020, 1, 24, 8, 30)


@pytest.fixture(scope="module")
def written(plan: FakePlan, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("briefing")
    return {
        language: write_briefing(plan, folder / f"{language}.pdf", language, made=MADE) for language in ("en", "zh")
    }


def without_need_unmet(plan: FakePlan) -> FakePlan:
    zero = pl.lit(0.0)
    met = plan.tables["shortages"].with_columns(served="need", lost=zero, waiting=zero, eased=zero)
    return replace(plan, tables=plan.tables | {"shortages": met})


def named(plan: FakePlan, title: str, place: str) -> FakePlan:
    """The plan under another title and with another name for Hubei."""
    here = pl.col("place") == "hubei"
    names = [pl.when(here).then(pl.lit(place)).otherwise(column).alias(column) for column in ("name", "name_zh")]
    tables = plan.case.tables | {"places": plan.case.tables["places"].with_columns(names)}
    return replace(plan, case=replace(plan.case, title=title, title_zh=title, tables=tables))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_text_can_be_taken_out_of_the_briefing(written, plan: FakePlan, language: str) -> None:
    text = text_of(written[language]).replace(" ", "")
    which = 0 if language == "en" else 1
    for key in ("brief_situation", "brief_short", "today", "brief_areas", "brief_sources", "brief_decision", "lost"):
        assert TEXTS[key][which].replace(" ", "") in text
    title, proof = (
        (plan.case.title, proof_line(plan).en) if language == "en" else (plan.case.title_zh, proof_line(plan).zh)
    )
    assert title.replace(" ", "") in text
    assert proof.replace(" ", "") in text
    assert plan.case.hash in text


def test_it_says_when_it_was_made_and_what_share_of_each_tier_is_met(written, plan: FakePlan) -> None:
    text = text_of(written["en"])
    assert "made 24 Jan 2020, 08:30" in text
    assert all(share(fill) in text for fill in fill_by_tier(plan.tables["shortages"]).values())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_declares_that_it_can_be_read_by_everyone(written, language: str) -> None:
    content = written[language].read_bytes()
    assert b"pdfuaid:part" in content
    assert b"/StructTreeRoot" in content
    assert f"/Lang({'zh-CN' if language == 'zh' else 'en-GB'})".encode() in content
    assert b"/Alt" in content


def test_the_chart_is_told_in_words(plan: FakePlan) -> None:
    drawn = chart(plan, "en")
    assert drawn is not None
    assert drawn.shown == 9
    assert drawn.alt.en.startswith("Bars for each day from 24 Jan 2020 to 23 Mar 2020: vital need")
    assert "protective suit (" in drawn.alt.en


def test_markup_in_names_is_shown_as_it_stands(plan: FakePlan, tmp_path: Path) -> None:
    title, place = '#panic() *a* [b] $c$ "d" \\e <f>', '#let *Hubei* [x] $y$ "z" &amp;'
    text = text_of(write_briefing(named(plan, title, place), tmp_path / "odd.pdf"))
    assert title.replace("*", "＊") in text
    assert place.replace("*", "＊") in text


def test_a_character_that_no_font_has_becomes_the_printers_sign(plan: FakePlan, tmp_path: Path) -> None:
    text = text_of(write_briefing(named(plan, "𠮷祥\u0007喆", "堃"), tmp_path / "rare.pdf", "zh"))
    assert "〓祥 〓" in text


def test_a_plan_without_shortages_says_so(plan: FakePlan, tmp_path: Path) -> None:
    text = text_of(write_briefing(without_need_unmet(plan), tmp_path / "met.pdf"))
    assert "No need of the plan stays unmet." in text
    assert TEXTS["brief_short"][0] not in text


def test_a_plan_in_which_nobody_needs_anything_has_a_briefing(plan: FakePlan, tmp_path: Path) -> None:
    tables = plan.tables | {name: plan.tables[name].clear() for name in ("shortages", "modes", "reasons")}
    path = write_briefing(replace(plan, tables=tables, demand=None), tmp_path / "none.pdf")
    assert 1 <= num_pages(path) <= 4


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_plan_of_400_places_stays_within_four_pages(plan: FakePlan, tmp_path: Path, language: str) -> None:
    copies = -(-400 // len(AREAS))

    def repeated(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
        each = (pl.col(columns) + f"_{n}" if n else pl.col(columns) for n in range(copies))
        return pl.concat([frame.with_columns(names) for names in each])

    places = repeated(plan.case.tables["places"].filter(kind="area"), "place", "name", "name_zh")
    long = " of the joint prevention and control mechanism"
    tables = plan.case.tables | {"places": places.with_columns(pl.col("name") + long)}
    results = plan.tables | {
        "shortages": repeated(plan.tables["shortages"], "place"),
        "shipments": repeated(plan.tables["shipments"], "destination"),
    }
    many = replace(plan, case=replace(plan.case, tables=tables), tables=results)
    path = write_briefing(many, tmp_path / "many.pdf", language)
    assert 2 <= num_pages(path) <= 4
    assert ("In each of the other " if language == "en" else "其余") in text_of(path)


def test_it_tells_a_plan_that_fails_its_check(plan: FakePlan, tmp_path: Path) -> None:
    broken = replace(plan, check=replace(plan.check, ok=False, violations=("one", "two")))
    assert TEXTS["check_failed"][0] in text_of(write_briefing(broken, tmp_path / "broken.pdf"))


def test_a_facility_counts_for_the_area_that_it_lies_in() -> None:
    places = pl.DataFrame(
        {"place": ["hubei", "wuhan", "ward", "ship"], "kind": ["area", "site", "facility", "site"]}
        | {"parent": [None, "hubei", "wuhan", None]}
    )
    assert areas(places) == {"hubei": "hubei", "wuhan": "hubei", "ward": "hubei", "ship": "ship"}


def test_wrong_use_is_refused_with_a_remedy(plan: FakePlan, tmp_path: Path, monkeypatch) -> None:
    with pytest.raises(UsageError, match="Languages: en, zh"):
        write_briefing(plan, tmp_path / "x.pdf", "fr")
    with pytest.raises(UsageError, match="Name a folder"):
        write_briefing(plan, tmp_path / "x.pdf", fonts=tmp_path / "none")
    monkeypatch.setattr(briefing, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'mainstay\[platform\]'"):
        write_briefing(plan, tmp_path / "x.pdf")
