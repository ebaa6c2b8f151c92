"""Roles of a platform that is in use already get the rights of replays, as those of a new one have them."""

from django.db import migrations

from mainstay_web.accounts.roles import FIRST_ROLES

PREFIX = "replays."


def give(apps, _editor):
    roles = apps.get_model("accounts", "Role").objects
    for first in FIRST_ROLES:
        rights = [action for action in first.actions if action.startswith(PREFIX)]
        for role in roles.filter(code=first.code):
            role.actions = [*role.actions, *(action for action in rights if action not in role.actions)]
            role.save(update_fields=["actions"])


def take(apps, _editor):
    for role in apps.get_model("accounts", "Role").objects.all():
        role.actions = [action for action in role.actions if not action.startswith(PREFIX)]
        role.save(update_fields=["actions"])


class Migration(migrations.Migration):
    dependencies = [("replaying", "0001_replays_exercises"), ("accounts", "0003_calls_of_tokens")]

    operations = [migrations.RunPython(give, take)]
