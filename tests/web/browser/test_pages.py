"""Every page that a role reaches by links: whole, in the reader's language, on a phone, light, and open to all.

On a platform of its own: what people write in the stories of other tests is in the language that they write in.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.web.browser.conftest import PHONE, SignIn
from tests.web.browser.running import platform
from tests.web.browser.walking import walk

from mainstay_web.operations.demo import ACCOUNTS


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where this platform is."""
    with platform(tmp_path_factory.mktemp("walked")) as address:
        yield address


@pytest.fixture(scope="module")
def sessions() -> dict[str, dict]:
    """Cookies of who has signed in there already."""
    return {}


@pytest.fixture(scope="module")
def judged() -> set[str]:
    """Kinds of pages that axe has seen."""
    return set()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", [account.name for account in ACCOUNTS])
def test_every_page_of_a_role_has_no_fault(
    sign_in: SignIn, address: str, judged: set[str], name: str, language: str
) -> None:
    page = sign_in(name, language=language, size=PHONE)
    faults = list(walk(page, address, language, judged))
    assert not faults, "\n".join(faults)
