"""The bundled cases, found in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

from mainstay.errors import UsageError

NAMES = ("tiny", "cholera-mini", "hubei-2020", "regions-7")
"""The bundled cases: one to follow on paper, one whose needs are derived, one of real size, one to prepare in."""

_HERE = Path(__file__).parent
_HOMES = (_HERE, _HERE.parents[2] / "examples")  # in a wheel; in a checkout


def path(name: str) -> Path:
    """Folder of the bundled case of that name.

    Raises
    ------
    UsageError : there is no bundled case of that name; names those there are.

    >>> path("tiny").name
    'tiny'
    """
    if name not in NAMES:
        raise UsageError(f'There is no bundled case "{name}". Bundled cases: {", ".join(NAMES)}.')
    for home in _HOMES:
        if (home / name / "case.toml").is_file():
            return home / name
    raise UsageError(f"The bundled case {name} is missing here. Install Mainstay again, or work in a full checkout.")
