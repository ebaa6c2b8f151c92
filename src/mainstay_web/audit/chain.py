"""The hash chain over audit rows: each row's hash covers the row and the hash before it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from mainstay_web import clock
from mainstay_web.audit.models import AuditRow, ChainHead

if TYPE_CHECKING:
    from mainstay_web.accounts.models import Organisation, Person

START = "0" * 64


@transaction.atomic(savepoint=False)
def record(
    *,
    by: Person | None,
    action: str,
    subject: models.Model | str,
    organisation: Organisation | None = None,
    **detail: Any,
) -> AuditRow:
    """Add the row of one act to the chain, inside the transaction of the act; ``by`` None: the system itself."""
    head, _ = ChainHead.objects.select_for_update().get_or_create(pk=1, defaults={"hash": START})
    row = AuditRow(
        at=clock.now(),
        person=by,
        action=action,
        organisation=organisation,
        subject=subject if isinstance(subject, str) else f"{subject._meta.label_lower}:{subject.pk}",
        detail=json.loads(json.dumps(detail, cls=DjangoJSONEncoder)),
        previous=head.hash,
    )
    row.hash = digest(row)
    row.save(force_insert=True)
    ChainHead.objects.filter(pk=1).update(hash=row.hash)
    return row


def head() -> str:
    """The last hash: it changes with every act."""
    return ChainHead.objects.filter(pk=1).values_list("hash", flat=True).first() or START


def digest(row: AuditRow) -> str:
    """SHA-256 over what the row says and the hash before it."""
    content = [
        row.previous,
        row.at.isoformat(),
        row.person_id,
        row.action,
        row.organisation_id,
        row.subject,
        row.detail,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Broken:
    """The first row at which the chain does not hold, and why."""

    row: int
    why: str


def verify() -> Broken | None:
    """Walk the whole chain; None when every row is as it was written and none is missing."""
    previous = START
    for row in AuditRow.objects.order_by("pk").iterator(chunk_size=2000):
        if row.previous != previous:
            return Broken(row.pk, "the row before it is missing or was changed")
        if digest(row) != row.hash:
            return Broken(row.pk, "the row was changed")
        previous = row.hash
    head = ChainHead.objects.filter(pk=1).first()
    if (head.hash if head else START) != previous:
        return Broken(0, "rows at the end are missing")
    return None
