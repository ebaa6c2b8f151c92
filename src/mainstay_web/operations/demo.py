"""The demo: accounts that everybody knows, for trying the platform on one machine."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from mainstay_web.accounts import actions
from mainstay_web.accounts.models import Organisation, Person, Role

PREFIX = "demo-"
PASSWORD = "mainstay-demo-2020"


@dataclass(frozen=True)
class DemoAccount:
    """A name to sign in with, its role, and the kind of organisation it belongs to."""

    name: str
    role: str
    kind: str
    words: str


ACCOUNTS = (
    DemoAccount("demo-head", "head", "country", _("head of the supply office: approves plans")),
    DemoAccount("demo-analyst", "analyst", "country", _("analyst: keeps the register, makes plans")),
    DemoAccount("demo-maker", "reporter", "enterprise", _("maker: reports, sees its part of the plan")),
    DemoAccount("demo-hospital", "reporter", "facility", _("hospital or warehouse: reports needs and stock")),
    DemoAccount("demo-admin", "administrator", "country", _("administrator: organisations, people, audit")),
)


def demo_accounts() -> list[str]:
    """Names of demo accounts that could sign in."""
    return list(Person.objects.filter(username__startswith=PREFIX, is_active=True).values_list("username", flat=True))


def make_accounts(places: dict[str, Organisation]) -> list[DemoAccount]:
    """Make the accounts whose kind of organisation there is; ``places``: one organisation of each kind."""
    made = [account for account in ACCOUNTS if account.kind in places]
    for account in made:
        if not Person.objects.filter(username=account.name).exists():
            actions.add_person(
                username=account.name,
                password=PASSWORD,
                organisation=places[account.kind],
                role=Role.objects.get(code=account.role),
                by=None,
            )
    return made
