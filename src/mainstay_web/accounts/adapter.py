"""How people come in: an administrator adds them; nobody signs up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignUp(DefaultAccountAdapter):
    """No sign-up by strangers."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
