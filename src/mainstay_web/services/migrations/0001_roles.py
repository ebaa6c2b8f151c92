"""Roles of the desks on platforms that have roles already; a new platform makes all its roles when it is set up."""

from django.db import migrations

from mainstay_web.accounts.roles import FIRST_ROLES

NEW = ("licensing", "customs", "finance")
PREFIXES = ("licensing.", "customs.", "support.")


def add(apps, _editor):
    role_of = apps.get_model("accounts", "Role").objects
    if not role_of.exists():
        return
    for first in FIRST_ROLES:
        if first.code in NEW:
            says = {"name": first.name, "name_zh": first.name_zh, "actions": list(first.actions), "gives": []}
            role_of.get_or_create(code=first.code, defaults=says)
            continue
        role = role_of.filter(code=first.code).first()
        if role is not None:
            desks = [action for action in first.actions if action.startswith(PREFIXES)]
            role.actions += [action for action in desks if action not in role.actions]
            if "people.edit" in role.actions:
                role.gives += [code for code in NEW if code not in role.gives]
            role.save()


class Migration(migrations.Migration):
    initial = True
    dependencies = [("accounts", "0003_calls_of_tokens")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
