"""Pages of the desks: who sees them, what a form that is not whole says, and documents as files."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone
from tests.web.services_world import PDF, attach, pdf

from mainstay_web.accounts.models import Role
from mainstay_web.customs.desk import announce
from mainstay_web.customs.models import Consignment
from mainstay_web.licensing.actions import begin
from mainstay_web.licensing.desk import DESK
from mainstay_web.licensing.models import Application, Requirement
from mainstay_web.support.desk import ask, record_arrear
from mainstay_web.support.models import Arrear, SupportRequest

HOME = "/services/"
TODAY = timezone.localdate()


@pytest.fixture
def matters(desks, places) -> dict[str, str]:
    """One matter of each kind, by its address."""
    maker = {"organisation": places.maker, "by": desks.maker}
    application = begin(item="mask", standard="GB", **maker)
    consignment = announce(item="mask", quantity=1, port="harbour", reference="AWB 1", **maker)
    request = ask(kind="power", line="L1", text="A second cable.", **maker)
    arrear = record_arrear(debtor="hospital", amount=5, due=TODAY - timedelta(99), invoice="INV 1", **maker)
    return {
        "application": f"{HOME}licences/{application.pk}/",
        "consignment": f"{HOME}customs/{consignment.pk}/",
        "request": f"{HOME}support/{request.pk}/",
        "arrear": f"{HOME}support/arrears/{arrear.pk}/",
    }


LISTS = ("licences/", "licences/requirements/", "customs/", "customs/measured/", "support/", "support/arrears/")
NEW = ("licences/new/", "customs/new/", "support/new/", "support/arrears/new/")


@pytest.mark.parametrize("path", ["", *LISTS])
def test_lists_are_seen_by_who_may_and_by_nobody_else(client, desks, matters, path):
    client.force_login(desks.reader)
    assert client.get(HOME + path).status_code == 200
    assert client.delete(HOME + path).status_code == 405
    client.force_login(desks.nobody)
    assert client.get(HOME + path).status_code == 403


@pytest.mark.parametrize("matter", ["application", "consignment", "request", "arrear"])
def test_a_matter_is_seen_by_its_own_people_and_by_no_outsider(client, desks, matters, matter):
    for person in (desks.maker, desks.reader):
        client.force_login(person)
        assert client.get(matters[matter]).status_code == 200
    client.force_login(desks.outsider)
    assert client.get(matters[matter]).status_code == 404


@pytest.mark.parametrize(
    ("matter", "step"),
    [("application", "submit"), ("consignment", "declare"), ("request", "assess"), ("arrear", "receive")],
)
def test_a_step_is_refused_to_the_reader_and_by_other_methods(client, desks, matters, matter, step):
    address = f"{matters[matter]}steps/{step}/"
    client.force_login(desks.reader)
    assert (client.get(address).status_code, client.post(address).status_code) == (405, 403)
    client.force_login(desks.outsider)
    assert client.post(address).status_code == 404
    client.force_login(desks.maker)
    assert client.post(f"{matters[matter]}steps/fly/").status_code == 404


@pytest.mark.parametrize("path", NEW)
def test_a_new_matter_is_begun_by_who_may_and_says_what_is_missing(client, desks, matters, path):
    client.force_login(desks.reader)
    assert client.get(HOME + path).status_code == 403
    client.force_login(desks.maker)
    assert client.get(HOME + path).status_code == 200
    answer = client.post(HOME + path, {"quantity": "many"})
    assert (answer.status_code, b"errorlist" in answer.content) == (422, True)


SENT = {
    "licences/new/": ({"item": "bag", "standard": "own", "line": "L1"}, Application),
    "customs/new/": (
        {"item": "mask", "quantity": 9, "port": "harbour", "source": "abroad", "reference": "2", "is_express": "on"},
        Consignment,
    ),
    "support/new/": ({"kind": "loan", "line": "L1", "text": "Cloth.", "amount": 7}, SupportRequest),
    "support/arrears/new/": (
        {"debtor": "hospital", "amount": 7, "due": "2020-01-01", "invoice": "INV 2"},
        Arrear,
    ),
}


@pytest.mark.parametrize("path", NEW)
def test_a_new_matter_leads_to_its_page(client, desks, matters, path):
    said, kind = SENT[path]
    client.force_login(desks.maker)
    answer = client.post(HOME + path, {"organisation": "maker", **said}, follow=True)
    assert (answer.status_code, kind.objects.count()) == (200, 2)
    assert answer.request["PATH_INFO"].endswith(f"/{kind.objects.first().pk}/")


@pytest.mark.parametrize("path", NEW)
def test_the_form_of_a_new_matter_sent_twice_counts_once(client, desks, matters, path):
    said, kind = SENT[path]
    client.force_login(desks.maker)
    assert b'name="key"' in client.get(HOME + path).content
    sent = {"organisation": "maker", "key": "k", **said}
    first, second = (client.post(HOME + path, sent) for _time in range(2))
    assert (second.status_code, second.url, kind.objects.count()) == (302, first.url, 2)
    other = {name: "8" for name in ("quantity", "amount") if name in said} or {"standard": "other"}
    answer = client.post(HOME + path, sent | other)
    assert (answer.status_code, "was used at" in answer.content.decode(), kind.objects.count()) == (422, True, 2)


def test_a_step_and_a_document_sent_twice_count_once(client, desks, matters):
    client.force_login(desks.finance_1)
    said = {"cost": 5, "share": 0.5, "lead_days": 1, "key": "k"}
    steps = f"{matters['request']}steps/assess/"
    assert [client.post(steps, said).status_code for _time in range(2)] == [302, 302]
    assert SupportRequest.objects.get().changes.filter(step="assess").count() == 1
    assert client.post(steps, said | {"cost": 6}).status_code == 422

    client.force_login(desks.maker)
    address = f"{matters['application']}documents/"
    for _time in range(2):
        assert client.post(address, {"kind": "label", "file": pdf(), "key": "d"}).status_code == 302
    application = Application.objects.get()
    assert (application.documents.count(), application.changes.filter(step="attach").count()) == (1, 1)


def test_a_step_that_something_stands_against_shows_it_beside_what_was_typed(client, desks, matters):
    client.force_login(desks.finance_1)
    steps = f"{matters['request']}steps/"
    answer = client.post(f"{steps}assess/", {"cost": 5, "share": 7, "lead_days": 1})
    assert answer.status_code == 422
    assert b'value="7"' in answer.content

    assert client.post(f"{steps}assess/", {"cost": 5, "share": 0.5, "lead_days": 1}).status_code == 302
    answer = client.post(f"{steps}grant/")
    assert (answer.status_code, "Somebody else must do this" in answer.content.decode()) == (422, True)


def test_a_document_is_given_back_as_a_file_that_no_page_runs(client, desks, matters):
    client.force_login(desks.maker)
    address = f"{matters['application']}documents/"
    assert client.post(address, {"kind": "label", "file": pdf("<b>etiquette.pdf")}).status_code == 302
    assert client.post(address, {"kind": "label", "file": pdf("a.html", b"<script>")}).status_code == 422

    found = Application.objects.get().documents.get()
    answer = client.get(f"{address}{found.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    client.force_login(desks.outsider)
    assert client.get(f"{address}{found.pk}/").status_code == 404


def test_the_same_bytes_are_kept_once_and_a_document_is_never_changed(desks, matters):
    application = Application.objects.get()
    attach(DESK, application, "label", "test_report", by=desks.maker)
    first, second = application.documents.all()
    assert first.sha256 == second.sha256
    for refused in (first.save, first.delete):
        with pytest.raises(TypeError):
            refused()


def test_what_an_application_needs_is_changed_by_who_decides_for_all(client, desks):
    said = {"item_class": "bags", "documents": ["label"], "checks": ["sample"]}
    client.force_login(desks.maker)
    assert client.post(f"{HOME}licences/requirements/", said).status_code == 403
    client.force_login(desks.licensing_1)
    assert client.post(f"{HOME}licences/requirements/", said).status_code == 302
    assert Requirement.objects.get(item_class="bags").checks == ["sample"]
    assert b"bags" in client.get(f"{HOME}licences/requirements/?class=bags").content


def test_arrears_are_filtered_by_age(client, desks, matters):
    client.force_login(desks.finance_1)
    assert b"INV 1" in client.get(f"{HOME}support/arrears/?age=older").content
    assert b"INV 1" not in client.get(f"{HOME}support/arrears/?age=60").content


def test_measured_days_that_changed_are_not_written(client, desks, matters):
    client.force_login(desks.analyst)
    answer = client.post(f"{HOME}customs/measured/", {"source": "abroad", "column": "x", "measured": "4"}, follow=True)
    assert b"another by now" in answer.content


def test_a_platform_that_was_set_up_earlier_gets_the_roles_and_rights_of_the_desks(roles):
    before = {code: (role.actions, role.gives) for code, role in roles.items()}
    Role.objects.filter(code__in=("licensing", "customs", "finance")).delete()
    for role in Role.objects.all():
        role.actions = [action for action in role.actions if not action.startswith(("licensing", "customs", "support"))]
        role.gives = [code for code in role.gives if code not in ("licensing", "customs", "finance")]
        role.save()

    import_module("mainstay_web.services.migrations.0001_roles").add(apps, None)

    after = {role.code: (role.actions, role.gives) for role in Role.objects.all()}
    assert {code: (set(a), set(g)) for code, (a, g) in after.items()} == {
        code: (set(a), set(g)) for code, (a, g) in before.items()
    }
