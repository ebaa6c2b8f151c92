"""The case of seven regions: made from the larger one, without errors, ready to be prepared in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mainstay import examples, read
from mainstay.prepare import futures_of, make_preparation
from mainstay.tables.prepare_tables import FORMS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def case():
    return read(examples.path("regions-7"))


def test_the_case_has_no_errors_and_its_futures_weigh_one(case):
    assert not case.check().errors
    futures = futures_of(case)
    assert sum(each.weight for each in futures) == pytest.approx(1, abs=1e-6)
    assert any(each.disruptions for each in futures)
    assert set(case["options"]["form"]) < set(FORMS)


def test_every_option_can_help_and_the_futures_are_one_programme(case):
    preparation = make_preparation(case, futures_of(case))

    assert preparation.options.height == case["options"].height
    assert len(preparation.problem.outcomes) == 12
    assert preparation.problem.is_whole.sum() == case["options"]["is_whole"].sum()


def test_the_script_makes_it_anew_to_the_byte(tmp_path):
    script = (
        "import runpy, pathlib; names = runpy.run_path('examples/make_regions_7.py');"
        "larger = names['read'](names['HERE'] / 'hubei-2020');"
        "made = names['with_futures'](names['regions_case'](larger), names['draw_futures'](larger, 12, seed=7));"
        f"names['write'](made, pathlib.Path({str(tmp_path / 'made')!r}))"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)

    for file in sorted((tmp_path / "made").iterdir()):
        assert file.read_bytes() == (ROOT / "examples" / "regions-7" / file.name).read_bytes(), file.name
