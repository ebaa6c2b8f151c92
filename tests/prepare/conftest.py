"""What the tests of prepare share."""

from __future__ import annotations

import pytest

from mainstay.tables import read
from mainstay.tables.case import Case


@pytest.fixture(scope="session")
def tiny() -> Case:
    return read("examples/tiny")
