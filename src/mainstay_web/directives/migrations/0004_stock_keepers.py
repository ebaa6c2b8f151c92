"""The role of who keeps the stock of a warehouse, on platforms that have roles already."""

from django.db import migrations

from mainstay_web.accounts.roles import FIRST_ROLES

NEW = "warehouse"


def add(apps, _editor):
    roles = apps.get_model("accounts", "Role").objects
    if not roles.exists():
        return
    (first,) = (each for each in FIRST_ROLES if each.code == NEW)
    says = {"name": first.name, "name_zh": first.name_zh, "actions": list(first.actions), "gives": []}
    roles.get_or_create(code=NEW, defaults=says)
    for role in roles.all():
        if "people.edit" in role.actions and NEW not in role.gives:
            role.gives = [*role.gives, NEW]
            role.save(update_fields=["gives"])


class Migration(migrations.Migration):
    dependencies = [("directives", "0003_by_lot"), ("accounts", "0003_calls_of_tokens")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
