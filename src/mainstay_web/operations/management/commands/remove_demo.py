"""``mainstay-platform remove_demo``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from mainstay_web.accounts.models import Person
from mainstay_web.audit.chain import record
from mainstay_web.operations.demo import demo_accounts


class Command(BaseCommand):
    help = "Deactivate the demo accounts, whose passwords everybody knows."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        names = demo_accounts()
        for person in Person.objects.filter(username__in=names):
            person.is_active = False
            person.set_unusable_password()
            person.save()
            record(by=None, action="people.edit", subject=person, deactivated=person.username)
        self.stdout.write(f"Deactivated: {', '.join(names) or 'none were there'}.")
