"""Who must have a second factor, and what happens to one who has none."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

from mainstay_web.accounts.models import Person
from mainstay_web.accounts.rights import may_somewhere

DEMANDING = ("plans.approve", "readiness.approve", "people.edit", "audit.view", "licensing.decide", "support.grant")
"""Actions with which a stolen password would do most harm."""


def is_demanded(person: Person) -> bool:
    """Whether the person's roles ask for a second factor."""
    return settings.SECOND_FACTOR == "required" and any(may_somewhere(person, action) for action in DEMANDING)


def lacks(person: Person) -> bool:
    """Whether the person must have a second factor and has none."""
    return is_demanded(person) and not is_mfa_enabled(person)


class SecondFactor(DefaultMFAAdapter):
    """Keeps the second factor of those who must have one."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether the person may turn it off themselves."""
        return not is_demanded(authenticator.user)
