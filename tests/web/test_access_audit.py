"""The audit: read by who may, exported, verified, and refused to change by the database itself."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from tests.conftest import audit_unguarded

import mainstay_web
from mainstay_web.accounts import actions, rights
from mainstay_web.audit.chain import record, verify
from mainstay_web.audit.models import AuditRow


def forge(row: AuditRow) -> None:
    """Change a row below the platform, round the triggers."""
    with audit_unguarded():
        AuditRow.objects.filter(pk=row.pk).update(detail={"gave": "head"})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditrow SET subject = 'nothing'",
        "DELETE FROM audit_auditrow",
        "DELETE FROM audit_auditrow WHERE id = (SELECT MIN(id) FROM audit_auditrow)",
    ],
)
def test_the_database_refuses_to_change_the_audit_even_to_raw_sql(cast, statement):
    number = AuditRow.objects.count()
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        connection.cursor().execute(statement)
    assert AuditRow.objects.count() == number
    assert verify() is None


def test_the_model_refuses_too(cast):
    row = AuditRow.objects.first()
    with pytest.raises(TypeError, match="never changed"):
        row.save()
    with pytest.raises(TypeError, match="never deleted"):
        row.delete()


def test_who_goes_round_the_triggers_is_shown_by_the_chain(cast):
    row = AuditRow.objects.order_by("pk")[3]
    forge(row)
    assert verify().row == row.pk


def test_a_row_missing_in_the_middle_or_at_the_end_shows(cast):
    middle = AuditRow.objects.order_by("pk")[3]
    last = AuditRow.objects.order_by("pk").last()
    with audit_unguarded():
        AuditRow.objects.filter(pk=last.pk).delete()
    assert verify().why == "rows at the end are missing"
    with audit_unguarded():
        AuditRow.objects.filter(pk=middle.pk).delete()
    assert verify().row == middle.pk + 1


def test_the_command_tells_a_sound_chain_from_a_broken_one(cast, capsys):
    call_command("verify_audit")
    assert "The audit holds" in capsys.readouterr().out
    row = AuditRow.objects.order_by("pk")[3]
    forge(row)
    with pytest.raises(CommandError, match=f"Row {row.pk} of the audit does not hold") as raised:
        call_command("verify_audit")
    assert raised.value.returncode == 1


def test_the_page_verifies_the_chain(client, cast):
    client.force_login(cast.auditor)
    assert "The chain holds" in client.post(reverse("audit:verify")).content.decode()
    row = AuditRow.objects.order_by("pk")[3]
    forge(row)
    assert f"Row {row.pk} does not hold" in client.post(reverse("audit:verify")).content.decode()
    assert "changed below the platform" in client.get(reverse("audit:row", args=[row.pk])).content.decode()


@pytest.mark.parametrize(
    ("sought", "number"),
    [
        ({"person": "ADMINISTRATOR"}, 1),
        ({"person": "nobody"}, 0),
        ({"action": "organisations.edit", "organisation": "maker"}, 2),
        ({"organisation": "west"}, 4),
        ({"since": "2999-01-01"}, 0),
        ({"since": "not a day"}, 0),
        ({"organisation": "nowhere"}, 0),
    ],
)
def test_rows_are_filtered_by_person_action_organisation_and_time(client, cast, places, sought, number):
    actions.change_organisation(organisation=places.maker, name="Masks", by=cast.administrator)
    client.force_login(cast.auditor)
    assert client.get(reverse("audit:rows"), sought).context["listing"].page.paginator.count == number


def test_rows_are_found_by_subject(client, cast, places):
    client.force_login(cast.auditor)
    answer = client.get(reverse("audit:rows"), {"subject": f"accounts.organisation:{places.maker.pk}"})
    assert [row.detail for row in answer.context["listing"].page] == [{"added": "Maker"}]


def test_a_row_shows_old_and_new(client, cast, places):
    actions.change_organisation(organisation=places.maker, name="Masks", by=cast.administrator)
    client.force_login(cast.auditor)
    answer = client.get(reverse("audit:row", args=[AuditRow.objects.first().pk]))
    assert answer.context["changes"] == [("name", "Maker", "Masks")]


def test_an_auditor_of_a_province_sees_its_rows_and_no_others(client, cast, places, roles):
    actions.give_role(person=cast.nobody, role=roles["auditor"], organisation=places.east, by=None)
    actions.change_profile(person=cast.reader, first_name="Somebody", by=cast.reader)
    client.force_login(cast.nobody)
    seen = {row.organisation.code for row in client.get(reverse("audit:rows")).context["listing"].page}
    assert seen == {"east", "maker", "hospital"}


def test_the_export_holds_every_row_and_no_formula(client, cast):
    record(by=cast.head, action="organisations.edit", subject="=HYPERLINK(1)")
    client.force_login(cast.auditor)
    text = b"".join(client.get(reverse("audit:rows"), {"export": "csv"}).streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == AuditRow.objects.count()
    assert rows[0]["subject"] == "'=HYPERLINK(1)"


def test_every_act_that_is_recorded_has_words_for_people():
    sources = [path.read_text(encoding="utf-8") for path in Path(mainstay_web.__file__).parent.rglob("*.py")]
    calls = [node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    said = {k.value.value for call in calls for k in call.keywords if is_act(call, k)}
    assert len(said) > 15
    assert sorted(said - {*rights.ACTIONS, *rights.OWN_ACTS, *rights.STEPS}) == []


def is_act(call: ast.Call, keyword: ast.keyword) -> bool:
    """Whether it names the act of a row of the audit, as written in the source."""
    named = getattr(call.func, "id", "") in ("record", "_record") and keyword.arg == "action"
    return named and isinstance(keyword.value, ast.Constant)
