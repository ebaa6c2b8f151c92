"""The frame of all pages."""

import pytest
from django.test import Client, RequestFactory
from django.utils import translation
from django.views.defaults import server_error

from mainstay_web.listing import shown


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


@pytest.mark.parametrize(
    ("path", "status", "english", "chinese"),
    [
        ("/nonsense/", 404, "There is no such page", "页面不存在"),
        ("/audit/", 403, "This is not open to you", "您无权访问此页"),
    ],
)
def test_who_goes_astray_reads_what_to_do_in_their_language_and_finds_back(
    client: Client, cast, path: str, status: int, english: str, chinese: str
) -> None:
    client.force_login(cast.maker)
    for language, words in {"en": english, "zh-hans": chinese}.items():
        client.post("/language/", {"language": language})
        answer = client.get(path)
        assert answer.status_code == status
        assert f"<h1>{words}</h1>" in answer.content.decode()
        assert 'class="brand" href="/"' in answer.content.decode()


def test_a_page_that_was_open_while_one_signed_out_says_to_open_it_again(client_factory: type[Client], cast) -> None:
    client = client_factory(enforce_csrf_checks=True)
    client.force_login(cast.maker)
    answer = client.post("/reports/of/maker/", {"day": "2020-01-01"})
    assert answer.status_code == 403
    assert "The page was open for too long" in answer.content.decode()


def test_a_fault_of_the_platform_is_told_without_needing_a_database() -> None:
    said = server_error(RequestFactory().get("/"))
    assert said.status_code == 500
    assert "Something went wrong here" in said.content.decode()


def test_numbers_have_their_thousands_apart_in_both_languages() -> None:
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert shown(2290354) == "2,290,354"
