"""The smallest server that receives reports: what ``submit`` says it has, it answers; for the kill test alone.

Django is set up by the first import, with the database that the environment names.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay_web.settings")
django.setup()

from django.db import connection  # noqa: E402 (after the settings are read)

from mainstay_web.accounts.models import Organisation  # noqa: E402
from mainstay_web.reporting.actions import submit  # noqa: E402


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Receive the submission in the body, and answer once it is on disk."""
    sent = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    maker = Organisation.objects.get(code="maker")
    submission = submit(organisation=maker, key=sent["key"], rows=sent["rows"], channel="api", by=None)
    connection.close_if_unusable_or_obsolete()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(submission.pk).encode()]
