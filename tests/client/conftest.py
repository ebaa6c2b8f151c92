"""The cast of the platform, for programs that call it."""

from tests.web.conftest import _quick_passwords, cast, places, roles

__all__ = ["_quick_passwords", "cast", "places", "roles"]
