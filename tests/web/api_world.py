"""What tests of the interface stand on: tokens of people."""

from __future__ import annotations

from mainstay_web.accounts import actions
from mainstay_web.accounts.models import Organisation, Person, Role
from mainstay_web.accounts.rights import ACTIONS, may_somewhere


def token(person: Person, *scopes: str) -> str:
    """The text of a new token."""
    _token, text = actions.make_token(name="test", scopes=list(scopes), days=1, by=person)
    return text


def bearer(person: Person, *scopes: str) -> dict[str, str]:
    """The header of a new token, for Django's test client."""
    return {"Authorization": f"Bearer {token(person, *scopes)}"}


def whole(person: Person) -> dict[str, str]:
    """The header of a token with all that the person may do."""
    return bearer(person, *(action for action in ACTIONS if may_somewhere(person, action)))


def person_of_all(organisation: Organisation) -> Person:
    """A person with every right."""
    role = Role.objects.create(code="everything", name="Everything", actions=list(ACTIONS))
    return actions.add_person(username="everything", password=None, organisation=organisation, role=role, by=None)


def token_of_all(organisation: Organisation) -> str:
    """A token with every scope, of a person with every right."""
    return token(person_of_all(organisation), *ACTIONS)
