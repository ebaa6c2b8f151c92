"""The ESFT method against a run of the tool: Afghanistan, 1,000 cases a day, every step to 1e-6.

The tool's tables are not part of this project, as their licence is unsettled; where they are not at hand, this is
skipped.
"""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import mainstay as ms
from mainstay.demand.esft import esft_needs

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("MAINSTAY_DATA", ROOT.parent / "shared" / "data"))
ANCHOR = DATA.parent / "anchors" / "esft"
RUN = ANCHOR / "case_flat1000_AFG"
KEYS = {
    "test_ratio": ["type"],
    "diagnostic_capacity": ["platform_key"],
    "pharma": None,
    "noncovid": None,
    "totals": ["category", "item", "unit"],
}

pytestmark = pytest.mark.skipif(not RUN.is_dir(), reason="the coefficient tables of the tool are not at hand")


@pytest.fixture(scope="module")
def result():
    daily = pl.read_csv(RUN / "input_daily_cases.csv", try_parse_dates=True)
    epidemic = pl.DataFrame(
        {"place": "AFG", "date": daily["Date_reported"], "confirmed": daily["New_cases"].cum_sum().cast(pl.Float64)}
    )
    staff = json.loads((RUN / "parameters.json").read_text())["reference_hcw"]
    codes = {
        "n_docs": "doctors",
        "n_nurses": "nurses",
        "n_labs": "labs",
        "n_midwives": "midwives",
        "n_dentists": "dentists",
        "n_physiotherapists": "physiotherapists",
        "n_trad_comp_med": "trad_comp_med",
        "n_chws": "chws",
        "n_pharmacists": "pharmacists",
    }
    capacities = pl.DataFrame(
        {
            "place": ["AFG"] * len(staff),
            "capacity": [f"other_{codes[name]}" for name in staff],
            "quantity": [float(count) for count in staff.values()],
        }
    )
    places = pl.DataFrame({"place": ["AFG"], "name": ["Afghanistan"], "kind": ["area"], "population": [38054941.0]})
    tables = {"places": places, "epidemic": epidemic, "capacities": capacities}
    return esft_needs(ms.make_case(date(2022, 1, 3), tables), ANCHOR / "reference_tables", weeks=12)


def comparable(frame, columns, keys):
    numbers = [name for name in columns if frame[name].dtype.is_numeric() or frame[name].dtype == pl.Null]
    frame = frame.select(columns).with_columns(pl.col(numbers).cast(pl.Float64))
    return frame.sort(keys) if keys else frame


@pytest.mark.parametrize(
    "step",
    [
        "cases_weekly",
        "patients_weekly",
        "hcws_weekly",
        "screening_hcws_weekly",
        "diagnostic_capacity",
        "test_ratio",
        "diagnostics_weekly",
        "additional_testing",
        "total_tests",
        "ppe",
        "hygiene",
        "case_management",
        "diagnostics_forecast",
        "pharma",
        "noncovid",
        "totals",
    ],
)
def test_the_step_is_that_of_the_tool(result, step):
    expected = pl.read_csv(RUN / f"{step}.csv", null_values="NA", try_parse_dates=True, infer_schema_length=None)
    if step == "diagnostic_capacity":
        expected = expected.drop("country_name", "region", "income_group", "country_code")
    keys = KEYS.get(step, [k for k in ("item", "week_begins") if k in expected.columns])

    found = getattr(result, step)

    assert set(expected.columns) == set(found.columns) - {"place"}
    assert_frame_equal(
        comparable(found, expected.columns, keys),
        comparable(expected, expected.columns, keys),
        check_dtypes=False,
        rel_tol=1e-6,
        abs_tol=1e-6,
    )


def test_the_caps_are_those_of_the_tool(result):
    expected = json.loads((RUN / "parameters.json").read_text())["hcw_caps"]

    for name, value in result.hcw_caps.drop("place").row(0, named=True).items():
        assert value == pytest.approx(expected[name], rel=1e-6), name
