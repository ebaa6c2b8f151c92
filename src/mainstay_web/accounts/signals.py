"""What people do to their own account through allauth, written to the audit."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver

from mainstay_web.accounts.models import Person
from mainstay_web.audit.chain import record


@receiver([password_changed, password_reset])
def audit_password(user: Person, **_kwargs: Any) -> None:
    record(by=user, action="account.password", subject=user)


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def audit_second_factor(signal: Any, user: Person, authenticator: Any, **_kwargs: Any) -> None:
    done = {authenticator_added: "added", authenticator_removed: "removed", authenticator_reset: "reset"}[signal]
    record(by=user, action="account.second_factor", subject=user, **{done: authenticator.type})
