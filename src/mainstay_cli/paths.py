"""What may be written where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mainstay.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

PLAN_FILES = ("plan.json", "violations.csv", "decisions.csv")
"""Any of these marks a folder as the output of ``mainstay plan``: a plan, a refused one, one half written."""


CHAIN_FILES = ("chain.json", "key_enterprises.csv")
"""Any of these marks a folder as the output of ``mainstay chain``."""

PREPARE_FILES = ("prepare.json", "designs.csv")
"""Any of these marks a folder as the output of ``mainstay prepare``."""

STRESS_FILES = ("stress.json", "exposures.csv")
"""Any of these marks a folder as the output of ``mainstay stress``."""

REPLAY_FILES = ("replay.json", "replay_service.csv")
"""Any of these marks a folder as the output of ``mainstay replay``."""


def refuse_to_overwrite(path: Path, *, force: bool) -> None:
    """Raise ``UsageError`` when something is there that the user did not ask to overwrite."""
    if not path.exists() or force:
        return
    if path.is_dir() and path.suffix != ".xlsx":
        if any(path.iterdir()):
            raise UsageError(f"{path} is there already and is not empty. Name another, or add --force.")
    else:
        raise UsageError(f"{path} is there already. Name another, or add --force.")


def refuse_unless_plan(path: Path, *, force: bool) -> None:
    """Raise ``UsageError`` unless ``path`` is free, empty, or holds an earlier plan's files."""
    _refuse_unless(path, PLAN_FILES, "plan", force=force)


def refuse_unless_chain(path: Path, *, force: bool) -> None:
    """Raise ``UsageError`` unless ``path`` is free, empty, or holds an earlier chain's files."""
    _refuse_unless(path, CHAIN_FILES, "chain", force=force)


def refuse_unless_stress(path: Path, *, force: bool) -> None:
    """Raise ``UsageError`` unless ``path`` is free, empty, or holds earlier results of stress."""
    _refuse_unless(path, STRESS_FILES, "stress", force=force)


def refuse_unless_prepare(path: Path, *, force: bool) -> None:
    """Raise ``UsageError`` unless ``path`` is free, empty, or holds earlier results of preparing."""
    _refuse_unless(path, PREPARE_FILES, "preparation", force=force)


def refuse_unless_replay(path: Path, *, force: bool) -> None:
    """Raise ``UsageError`` unless ``path`` is free, empty, or holds earlier results of a replay."""
    _refuse_unless(path, REPLAY_FILES, "replay", force=force)


def _refuse_unless(path: Path, files: tuple[str, ...], what: str, *, force: bool) -> None:
    if (path / "case.toml").exists():
        raise UsageError(f"{path} holds a case; its tables would be lost. Name another folder for the {what}.")
    if any((path / name).is_file() for name in files):
        return
    if path.exists() and not path.is_dir():
        raise UsageError(f"{path} is a file; a {what} is written to a folder. Name another.")
    if path.is_dir() and any(path.iterdir()) and not force:
        raise UsageError(
            f"{path} holds files that are not a {what}'s. Name another folder, or add --force to write into it."
        )
