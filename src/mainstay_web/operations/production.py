"""What a production start refuses: what is known to everybody, and what nobody should see."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 50


def refuse_unsafe(*, key: str, demo_key: str, debug: bool, hosts: list[str]) -> None:
    """Stop the start, naming the setting and the remedy.

    Raises
    ------
    ImproperlyConfigured : debug is on, the key is the demo's or short, or any host is answered
    """
    if debug:
        raise ImproperlyConfigured("MAINSTAY_DEBUG=1 shows the inside to strangers. Set it to 0 in production.")
    if key == demo_key or len(key) < SHORTEST_KEY:
        raise ImproperlyConfigured(
            f"MAINSTAY_SECRET_KEY is missing, the demo's, or shorter than {SHORTEST_KEY} characters. Make one: "
            'python -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    if "*" in hosts:
        raise ImproperlyConfigured("MAINSTAY_HOSTS=* answers for any host. Name the hosts, as in supply.example.org.")
