"""Past projections against what came, beside the last-week rule."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.demand.epidemics import case_of, counts, day, parameters

from mainstay.demand.course import score_course
from mainstay.demand.course.score import LEVELS, naive_quantiles
from mainstay.errors import UsageError
from mainstay.tables.parameters import COURSE_PARAMETERS

GROWING = [round(100 * 1.1**k) for k in range(50)]


def test_a_score_has_a_row_for_each_place_date_and_horizon_that_came():
    case = case_of(counts("east", GROWING) + counts("west", GROWING), day(0))
    scores = score_course(case, [day(20), day(40)], paths=200)
    assert scores.select("place", "made_on", "horizon").rows() == [
        ("east", day(20), 7), ("west", day(20), 7), ("east", day(20), 14), ("west", day(20), 14),
        ("east", day(40), 7), ("west", day(40), 7),
    ]  # fmt: skip
    assert scores["came"][0] == GROWING[27] - GROWING[20]
    assert scores.null_count().sum_horizontal()[0] == 0


def test_steady_growth_is_projected_better_than_by_the_last_week():
    case = case_of(counts("east", GROWING), day(0), parameters=parameters(damping=365, dispersion=100))
    scores = score_course(case, [day(20), day(30)], paths=500)
    assert scores["wis"].sum() < scores["naive_wis"].sum() / 2
    assert (scores["median"] / scores["came"]).is_between(0.8, 1.25).all()


def test_steady_counts_are_what_the_last_week_rule_says():
    steady = np.arange(60)[None] * 10.0
    quantiles = naive_quantiles(steady, 30, 14)
    assert np.allclose(quantiles, 140)
    assert quantiles.shape == (len(LEVELS), 1)


def test_the_last_week_rule_looks_at_nothing_that_came_later():
    one = np.cumsum(np.random.default_rng(0).poisson(20, (3, 40)), axis=1).astype(float)
    other = one.copy()
    other[:, 21:] = np.nan
    assert np.array_equal(naive_quantiles(one, 20, 7), naive_quantiles(other, 20, 7))


def test_dates_that_cannot_be_scored_are_refused():
    with pytest.raises(UsageError, match="No projection can be scored"):
        score_course(case_of(counts("east", GROWING), day(0)), [day(49)], paths=10)


def test_every_parameter_has_words_a_source_and_a_default_in_its_range():
    for name, each in COURSE_PARAMETERS.items():
        assert each.name == name
        assert all((each.text, each.text_zh, each.source)), name
        assert each.least <= each.default <= each.most, name


def test_the_page_shows_every_parameter_with_its_default(request):
    text = (request.config.rootpath / "docs" / "demand" / "course.md").read_text(encoding="utf-8")
    missing = [n for n, p in COURSE_PARAMETERS.items() if f"| `{n}` | {p.default:.3g} |" not in text]
    assert missing == []


def test_the_study_says_what_its_figures_say(request):
    root = request.config.rootpath
    figures = pl.read_json(root / "benchmarks" / "figures" / "demand.json")
    text = (root / "docs" / "studies" / "demand.md").read_text(encoding="utf-8")
    for row in figures["by_horizon"][0].to_list():
        assert f"| {row['horizon']} days | {row['wis_ratio']:.2f} | {row['wis_log_ratio']:.2f} |" in text
