"""The command itself: help, versions, wrong use, faults, speed."""

from __future__ import annotations

import resource
import subprocess
import sys
from datetime import date

import pytest

import mainstay as ms
from mainstay.errors import Cancelled
from mainstay.tables import as_known, write
from mainstay_cli import main
from mainstay_cli.main import COMMANDS, run

PYTHON = [sys.executable, "-W", "error", "-m", "mainstay_cli"]


def test_help_lists_every_command_with_an_example(mainstay):
    said = mainstay("--help")

    assert said.code == 0
    assert all(command in said.out for command in COMMANDS)
    assert "Example:" in said.out
    assert "Exit codes:" in said.out


@pytest.mark.parametrize("words", [("chain",), ("stress", "--all", "--no-survival")], ids=lambda words: words[0])
def test_as_of_a_day_is_the_case_as_it_was_known_then(mainstay, tmp_path, words):
    case, then = ms.examples.path("tiny"), tmp_path / "then"
    write(as_known(ms.read(case), date(2020, 2, 4)), then)

    asked = mainstay(words[0], case, "--as-of", "2020-02-04", "--out", tmp_path / "asked", "--json", *words[1:])
    told = mainstay(words[0], then, "--out", tmp_path / "told", "--json", *words[1:])

    assert (asked.code, told.code) == (0, 0)
    assert asked.json | {"seconds": None} == told.json | {"seconds": None}
    assert asked.json != mainstay(words[0], case, "--out", tmp_path / "whole", "--json", *words[1:]).json


def test_help_loads_no_library_that_only_planning_needs():
    code = "import sys; from mainstay_cli.main import run; run(['--help']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert {"polars", "numpy", "scipy", "highspy", "rich", "xlsxwriter", "fastexcel"} & set(loaded) == set()


def test_help_takes_less_than_three_tenths_of_a_second():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*PYTHON, "--help"], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.3


def test_importing_the_core_loads_nothing_heavy():
    code = "import sys, mainstay; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert {"polars", "numpy", "highspy"} & set(loaded) == set()


def test_every_public_name_of_the_core_is_there():
    assert all(getattr(ms, name) is not None for name in ms.__all__)
    with pytest.raises(AttributeError, match="no attribute 'magic'"):
        _ = ms.magic


def test_the_version_is_the_core_s(mainstay):
    assert mainstay("--version").out == f"mainstay {ms.__version__}\n"


def test_an_unknown_command_is_wrong_use_and_names_the_nearest(mainstay):
    said = mainstay("paln")

    assert said.code == 2
    assert 'There is no command "paln". Did you mean "plan"?' in said.err


@pytest.mark.parametrize("words", [["--fast"], ["plan"], ["plan", "case"], ["check", "case", "--yaml"]])
def test_wrong_options_and_missing_arguments_are_wrong_use(mainstay, words):
    assert mainstay(*words).code == 2


@pytest.fixture
def failing(monkeypatch):
    """Make ``mainstay schema`` raise an error of our choice."""

    def fail(error: BaseException) -> None:
        def load(_name: str) -> object:
            raise error

        monkeypatch.setattr(main, "import_module", load)

    return fail


def test_a_fault_of_mainstay_itself_says_how_to_report_it(mainstay, failing):
    failing(ZeroDivisionError("division by zero"))

    said = mainstay("schema")

    assert said.code == 3
    assert "A fault of Mainstay itself: ZeroDivisionError: division by zero" in said.err
    assert "mainstay --debug" in said.err


def test_debug_shows_where_a_fault_happened(failing, capsys):
    failing(ZeroDivisionError("division by zero"))

    assert run(["--debug", "schema"]) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Cancelled("Stopped before a first plan was found.")])
def test_ctrl_c_before_there_is_a_plan_ends_with_130(mainstay, failing, error):
    failing(error)

    said = mainstay("schema")

    assert said.code == 130
    assert "Stopped" in said.err


def test_a_file_that_may_not_be_read_is_named(mainstay, failing):
    failing(PermissionError(13, "Permission denied", "needs.csv"))

    said = mainstay("schema")

    assert said.code == 2
    assert said.err.startswith("needs.csv: Permission denied.")


def test_a_reader_that_goes_away_is_no_error():
    line = f"{' '.join(PYTHON)} schema --json | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "{\n", "")


def test_an_open_gap_is_held_against_the_one_that_was_asked():
    from types import SimpleNamespace

    from mainstay_cli.summary import _above

    assert _above(SimpleNamespace(status="gap open"), 0.01) == " (above the 1 % asked)"
    assert _above(SimpleNamespace(status="within gap"), 0.01) == ""
