"""Roles that a platform has already may do with directives what those of a new one may."""

from django.db import migrations

OFFICE = ["directives.view", "supervision.view"]
GRANTS = {
    "head": [*OFFICE, "directives.issue", "directives.answer", "supervision.judge"],
    "analyst": [*OFFICE, "directives.issue", "directives.answer"],
    "reader": OFFICE,
    "auditor": OFFICE,
    "reporter": ["directives.own", "supervision.own"],
}


def grant(apps, _editor):
    for role in apps.get_model("accounts", "Role").objects.filter(code__in=GRANTS):
        role.actions = [*role.actions, *(action for action in GRANTS[role.code] if action not in role.actions)]
        role.save(update_fields=["actions"])


def take(apps, _editor):
    known = {action for actions in GRANTS.values() for action in actions}
    for role in apps.get_model("accounts", "Role").objects.all():
        role.actions = [action for action in role.actions if action not in known]
        role.save(update_fields=["actions"])


class Migration(migrations.Migration):
    dependencies = [("directives", "0001_initial"), ("accounts", "0003_calls_of_tokens")]

    operations = [migrations.RunPython(grant, take)]
