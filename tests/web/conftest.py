"""One fixed cast for all tests of the platform: a country, two provinces, a maker and a hospital in each."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from mainstay_web.accounts import actions
from mainstay_web.accounts.models import Organisation, Role

PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    """Hashing that is slow on purpose would take most of the time of the tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def places(db: None) -> SimpleNamespace:
    """Country over East and West; each with a maker and a hospital."""

    def add(code: str, kind: str, parent: Organisation | None, **more: str) -> Organisation:
        return actions.add_organisation(code=code, name=code.title(), kind=kind, parent=parent, by=None, **more)

    country = add("country", "country", None)
    east, west = (add(code, "province", country, place=code) for code in ("east", "west"))
    return SimpleNamespace(
        country=country,
        east=east,
        west=west,
        maker=add("maker", "enterprise", east, enterprise="maker"),
        hospital=add("hospital", "facility", east, place="hospital"),
        other_maker=add("other_maker", "enterprise", west, enterprise="other_maker"),
        other_hospital=add("other_hospital", "facility", west, place="other_hospital"),
    )


@pytest.fixture
def roles(db: None) -> dict[str, Role]:
    """The first roles by their code."""
    actions.make_first_roles()
    return {role.code: role for role in Role.objects.all()}


@pytest.fixture
def client_factory() -> type[Client]:
    """Makes another browser."""
    return Client


@pytest.fixture
def cast(places: SimpleNamespace, roles: dict[str, Role]) -> SimpleNamespace:
    """People by what they are; ``outsider`` has a role in West alone, ``nobody`` has none."""

    def person(name: str, role: str, organisation: Organisation) -> object:
        return actions.add_person(
            username=name, password=PASSWORD, role=roles[role], organisation=organisation, by=None
        )

    nobody = person("nobody", "reader", places.country)
    nobody.memberships.all().delete()
    return SimpleNamespace(
        administrator=person("administrator", "administrator", places.country),
        head=person("head", "head", places.country),
        analyst=person("analyst", "analyst", places.country),
        reader=person("reader", "reader", places.country),
        auditor=person("auditor", "auditor", places.country),
        east_analyst=person("east_analyst", "analyst", places.east),
        maker=person("maker_reporter", "reporter", places.maker),
        hospital=person("hospital_reporter", "reporter", places.hospital),
        outsider=person("outsider", "reporter", places.other_maker),
        nobody=nobody,
    )
