"""Progress is for people at a terminal, and for nobody else."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

from mainstay_cli import progress
from mainstay_cli.progress import progress_bar


def run_at_a_terminal(code: str) -> str:
    """What a piece of Python shows on standard error when that is a terminal."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end has closed
            part = b""
        if not part:
            break
        shown += part
    os.close(ours)
    assert child.wait() == 0
    return shown.decode()


def test_a_terminal_sees_the_stage_and_how_far_the_work_is():
    shown = run_at_a_terminal(
        "from mainstay_cli.progress import progress_bar\n"
        "with progress_bar('Planning') as progress:\n"
        "    progress('vital shortage', 3, 10, 'iteration 250')\n"
    )

    assert "Planning: vital shortage" in shown
    assert "iteration 250" in shown


def test_a_file_or_another_program_sees_nothing(capfd):
    with progress_bar("Planning") as show:
        show("vital shortage", 3, 10, "iteration 250")

    assert capfd.readouterr() == ("", "")


def test_no_bar_is_shown_when_it_is_not_wanted(capfd, monkeypatch):
    monkeypatch.setattr(progress.sys.stderr, "isatty", lambda: True, raising=False)

    with progress_bar("Planning", wanted=False) as show:
        show("vital shortage", 3, 10)

    assert capfd.readouterr() == ("", "")
