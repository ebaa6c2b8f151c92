"""The frame of all pages."""

import pytest
from django.test import Client


def test_a_stranger_is_sent_to_the_page_for_signing_in(client: Client, db: None) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=/"


@pytest.mark.parametrize("who", ["head", "analyst", "maker", "administrator", "nobody"])
def test_each_sees_only_the_menu_of_what_they_may_do(client: Client, cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    answer = client.get("/")
    assert answer.status_code == 200
    words = {str(entry["words"]) for entry in answer.context["menu"]}
    assert ("Audit" in words) == (who in ("head", "administrator"))
    assert ("Plans" in words) == (who in ("head", "analyst"))
    assert ("Our part" in words) == (who == "maker")


def test_every_answer_forbids_scripts_from_elsewhere(client: Client, cast) -> None:
    client.force_login(cast.head)
    assert "default-src 'self'" in client.get("/")["Content-Security-Policy"]
