"""The tree of organisations: seen, searched, changed, moved, closed."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from mainstay_web.accounts import actions, rights
from mainstay_web.accounts.models import Organisation
from mainstay_web.audit.models import AuditRow


def page(name, organisation, **more):
    return reverse(f"accounts:{name}", args=[organisation.pk], **more)


def test_the_tree_shows_what_one_sees_and_finds_by_name_or_code(client, cast):
    client.force_login(cast.east_analyst)
    assert {row.code for row in client.get("/organisations/").context["listing"].page} == {"east", "maker", "hospital"}
    assert [row.code for row in client.get("/organisations/?q=hosp").context["listing"].page] == ["hospital"]
    assert b"No row fits" in client.get("/organisations/?q=zzz").content


def test_a_page_shows_people_what_lies_under_it_and_its_history(client, cast, places):
    client.force_login(cast.administrator)
    text = client.get(page("organisation", places.east)).content.decode()
    for expected in ("east_analyst", "Maker", "Country", "History"):
        assert expected in text


def test_history_is_shown_only_to_who_may_see_the_audit(client, cast, places):
    client.force_login(cast.reader)
    assert "History" not in client.get(page("organisation", places.east)).content.decode()


def test_an_added_organisation_lies_under_its_parent_and_is_in_the_audit(client, cast, places):
    client.force_login(cast.administrator)
    said = {"code": "clinic", "name": "Clinic", "name_zh": "诊所", "kind": "facility", "place": "", "enterprise": ""}
    assert client.post(page("add", places.east), said).status_code == 302
    assert Organisation.objects.get(code="clinic").path == "/country/east/clinic/"
    assert AuditRow.objects.first().detail == {"added": "Clinic"}


@pytest.mark.parametrize("code", ["maker", "a/b"])
def test_a_code_that_exists_or_has_a_slash_is_refused_with_the_form(client, cast, places, code):
    client.force_login(cast.administrator)
    answer = client.post(page("add", places.east), {"code": code, "name": "New", "kind": "facility"})
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_a_change_writes_old_and_new(client, cast, places):
    client.force_login(cast.administrator)
    client.post(page("change", places.maker), {"name": "Masks Ltd", "kind": "enterprise", "enterprise": "maker"})
    row = AuditRow.objects.first()
    assert (row.detail["old"], row.detail["new"]) == ({"name": "Maker"}, {"name": "Masks Ltd"})


def test_moving_moves_all_that_lies_under_it_and_the_rights_with_it(cast, places):
    clinic = actions.add_organisation(code="clinic", name="Clinic", kind="facility", parent=places.hospital, by=None)

    actions.move_organisation(organisation=places.hospital, parent=places.west, by=cast.administrator, reason="new map")

    clinic.refresh_from_db()
    assert clinic.path == "/country/west/hospital/clinic/"
    assert not rights.may(cast.east_analyst, "registry.view", clinic)
    assert rights.may(cast.hospital, "reports.submit", clinic)
    assert AuditRow.objects.first().detail["new"] == {"path": "/country/west/hospital/"}


def test_an_organisation_never_comes_to_lie_under_itself_and_the_top_stays(cast, places):
    for moved, parent in ((places.east, places.maker), (places.east, places.east), (places.country, places.east)):
        with pytest.raises(ValidationError):
            actions.move_organisation(organisation=moved, parent=parent, by=cast.administrator, reason="")
    places.maker.refresh_from_db()
    assert places.maker.path == "/country/east/maker/"


def test_nobody_moves_an_organisation_out_of_or_into_what_is_not_theirs(cast, places, roles):
    actions.give_role(person=cast.nobody, role=roles["administrator"], organisation=places.east, by=None)
    with pytest.raises(PermissionDenied):
        actions.move_organisation(organisation=places.maker, parent=places.west, by=cast.nobody, reason="")
    with pytest.raises(PermissionDenied):
        actions.move_organisation(organisation=places.east, parent=places.west, by=cast.nobody, reason="")


def test_closing_closes_all_under_it_and_opening_goes_one_by_one(client, cast, places):
    client.force_login(cast.administrator)
    client.post(page("close", places.east), {"reason": "reform"})
    assert set(Organisation.objects.filter(is_active=False).values_list("code", flat=True)) == {
        "east",
        "maker",
        "hospital",
    }
    client.post(page("close", places.maker), {"reason": "too soon"})
    assert not Organisation.objects.get(code="maker").is_active
    for one in (places.east, places.maker):
        client.post(page("close", one), {"reason": "back"})
    assert Organisation.objects.get(code="maker").is_active
    assert not Organisation.objects.get(code="hospital").is_active


def test_the_top_with_the_last_administrator_is_not_closed(cast, places):
    with pytest.raises(ValidationError, match="no administrator"):
        actions.close_organisation(organisation=places.country, by=cast.administrator, reason="")
    places.country.refresh_from_db()
    assert places.country.is_active
