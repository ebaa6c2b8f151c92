"""``mainstay-platform add_administrator NAME``."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from mainstay_web.accounts import actions
from mainstay_web.accounts.models import Organisation, Person, Role


class Command(BaseCommand):
    help = "Add an administrator of the top organisation, and that organisation when there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="name to sign in with")
        parser.add_argument("--organisation", default="Supply office", help="name of a new top organisation")

    @transaction.atomic
    def handle(self, *, name: str, organisation: str, **options: Any) -> None:
        if Person.objects.filter(username=name).exists():
            raise CommandError(f'There is a person "{name}" already. Choose another name.')
        top = Organisation.objects.filter(parent=None).first() or actions.add_organisation(
            code="top", name=organisation, kind=Organisation.Kind.COUNTRY, by=None
        )
        actions.make_first_roles()
        password = secrets.token_urlsafe(15)
        role = Role.objects.get(code="administrator")
        actions.add_person(username=name, password=password, organisation=top, role=role, by=None)
        self.stdout.write(f"Name: {name}\nPassword (shown once; change it after signing in): {password}")
