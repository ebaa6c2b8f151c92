"""Keys by which a request that is sent again counts once: the same key must ask for the same."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from mainstay.errors import MainstayError


class KeyReused(MainstayError):  # noqa: N818 (said as the rule that was broken)
    """The key was used to ask for something else."""

    status = 409

    def __init__(self, key: str, at: datetime, what: object) -> None:
        when = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
        super().__init__(f'The key "{key}" was used at {when} to ask for something else ("{what}"). Use a new key.')


def digest_of(said: Any) -> str:
    """SHA-256 of what was asked for: the same call gives the same.

    >>> digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(json.dumps(said, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()
