"""Enterprises that are registered twice: found, answered, merged into one, and taken apart again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay_web import clock
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.audit.chain import record
from mainstay_web.jobs import queue
from mainstay_web.jobs.actions import start_job
from mainstay_web.jobs.kinds import Say
from mainstay_web.jobs.models import Job
from mainstay_web.jobs.queries import active
from mainstay_web.registry import actions, queries, shape
from mainstay_web.registry.actions import Conflict
from mainstay_web.registry.likeness import Pair, likely_pairs
from mainstay_web.registry.models import Merge, NotTheSame, Proposal, Row

REFERENCE = "enterprises.enterprise"
BEST_FIRST = {"licences": ("state", ("held", "applied", "none"))}
"""Where both enterprises have a row of one key: the column by whose value the better row is kept."""


def start_search(*, organisation: Organisation, by: Person) -> Job:
    """Have all enterprises compared anew in the background; the search that is at work already, if one is."""
    rights.require(by, "registry.merge", organisation)
    return active("duplicates", organisation) or start_job(
        kind="duplicates", organisation=organisation, title="Compare all enterprises", by=by
    )


def search_duplicates(job: Job, say: Say) -> bool:
    """Compare all enterprises anew, and keep the likely pairs that are not answered yet, with the job's end.

    Nothing is locked while they are compared.
    """
    say(stage="compare", share=0.1)
    enterprises = list(queries.rows("enterprises").values_list("body", flat=True))
    pairs = likely_pairs(enterprises)
    say(stage="write", share=0.95)
    with transaction.atomic():
        found = _propose(pairs, job.organisation, job.by)
        if not queue.finish(job, summary={"enterprises": len(enterprises), "found": found}):
            transaction.set_rollback(True)
            return False
    return True


def _propose(pairs: list[Pair], organisation: Organisation, by: Person | None) -> int:
    at = clock.now()
    answered = set(NotTheSame.objects.values_list("first", "second"))
    Proposal.objects.all().delete()
    Proposal.objects.bulk_create(
        Proposal(first=p.first, second=p.second, probability=p.probability, agree=list(p.agree), at=at)
        for p in pairs
        if (p.first, p.second) not in answered
    )
    found = Proposal.objects.count()
    record(by=by, action="registry.search_duplicates", subject="registry.enterprises", organisation=organisation,
           found=found)  # fmt: skip
    return found


@transaction.atomic
def say_not_the_same(*, first: Row, second: Row, by: Person | None, reason: str = "") -> NotTheSame:
    """Remember that two enterprises are two; they are not proposed again."""
    if by is not None:
        for row in (first, second):
            rights.require(by, "registry.merge", row.organisation)
    one, two = sorted((first.body["enterprise"], second.body["enterprise"]))
    answer, _is_new = NotTheSame.objects.get_or_create(first=one, second=two, defaults={"by": by, "reason": reason})
    Proposal.objects.filter(first=one, second=two).delete()
    record(
        by=by,
        action="registry.not_the_same",
        subject="registry.enterprises",
        organisation=first.organisation,
        first=one,
        second=two,
        reason=reason,
    )
    return answer


@transaction.atomic
def merge(*, kept: Row, merged: Row, by: Person | None, reason: str) -> Merge:
    """Make two enterprises one: what refers to ``merged`` refers to ``kept``, and ``merged`` is removed.

    Where both have a row of the same key (a licence for one item), the better one stays. The organisation of the
    merged enterprise is closed. ``undo_merge`` takes all of it back.

    Raises
    ------
    PermissionDenied : one of them lies where the person may not merge
    Conflict : one of them was changed or removed meanwhile
    """
    work = actions.begin(kept.organisation, by, reason, "registry.merge")
    rows = Row.objects.filter(pk__in=(kept.pk, merged.pk), table="enterprises", is_current=True, is_removed=False)
    if rows.count() != 2:
        raise Conflict(_("One of the two was changed meanwhile. Look at them again."))
    actions.require(work, [kept.organisation_id, merged.organisation_id])
    old, new = merged.body["enterprise"], kept.body["enterprise"]
    ended: list[Row] = [merged]
    written: list[Row] = [actions.next_version(merged, work, is_removed=True)]
    for before, after in _repointed(old, new, work):
        ended.append(before)
        written.append(after)
    actions.require(work, [row.organisation_id for row in ended])
    actions.write([row.pk for row in ended], written, work.at)
    closed = Organisation.objects.filter(enterprise=old, is_active=True).first()
    if closed:
        _set_active(closed, False, by, reason)
    done = Merge.objects.create(
        kept=new,
        merged=old,
        organisation=kept.organisation,
        closed=closed,
        versions=[[after.pk, before.pk] for before, after in zip(ended, written, strict=True)],
        by=by,
        reason=reason[:300],
    )
    Proposal.objects.filter(first=old).delete()
    Proposal.objects.filter(second=old).delete()
    record(
        by=by,
        action="registry.merge",
        subject=done,
        organisation=kept.organisation,
        kept=new,
        merged=old,
        rows=len(written),
        reason=reason,
    )
    return done


def _repointed(old: str, new: str, work: Any) -> Iterator[tuple[Row, Row]]:
    """Rows that refer to the old enterprise, each with its version that refers to the new one, or is removed."""
    for table in shape.TABLES.values():
        columns = [c.name for c in table.columns if REFERENCE in c.refers]
        for row in queries.rows(table.name).filter(enterprise=old).exclude(table="enterprises"):
            body = {n: new if n in columns and v == old else v for n, v in row.body.items()}
            key = shape.key_of([body.get(name) for name in table.key])
            if key == row.key:
                after = actions.next_version(row, work, body=body)
                if not columns:  # it names a line of the enterprise, and follows it
                    after.enterprise, after.organisation_id = new, work.owners.owner(table.name, new, after.place)
                yield row, after
                continue
            yield row, actions.next_version(row, work, is_removed=True)
            there = Row.objects.filter(table=table.name, key=key, is_current=True).first()
            if there is None:
                yield row, actions.first_version(table.name, key, body, work)
            elif there.is_removed or _is_better(table.name, body, there.body):
                yield there, actions.next_version(there, work, body=body)


def _is_better(table: str, one: dict[str, Any], other: dict[str, Any]) -> bool:
    if table not in BEST_FIRST:
        return False
    column, values = BEST_FIRST[table]
    return values.index(one[column]) < values.index(other[column])


@transaction.atomic
def undo_merge(*, merge: Merge, by: Person | None, reason: str) -> Merge:
    """Take a merge back: every row is again as it was before, and the organisation is open again.

    Raises
    ------
    PermissionDenied : the person may not merge there
    Conflict : the merge was undone already, or a row of it was changed since; names the row
    """
    work = actions.begin(merge.organisation, by, reason, "registry.merge")
    merge = Merge.objects.get(pk=merge.pk)
    if merge.undone_at is not None:
        raise Conflict(_("The merge was undone already."))
    rows = Row.objects.in_bulk([pk for pair in merge.versions for pk in pair])
    changed = next((rows[after] for after, _before in merge.versions if not rows[after].is_current), None)
    if changed:
        raise Conflict(
            _("%(table)s %(row)s was changed since the merge. Restore the version of the merge there, then undo it.")
            % {"table": changed.table, "row": ", ".join(str(v) for v in json.loads(changed.key))}
        )
    actions.require(work, [row.organisation_id for row in rows.values()])
    if merge.closed:
        _set_active(merge.closed, True, by, reason)
    written = []
    for after, before in merge.versions:
        is_new = rows[after].key != rows[before].key
        row = actions.next_version(rows[after], work, body=rows[after if is_new else before].body, is_removed=is_new)
        if not is_new:
            row.is_removed = rows[before].is_removed
            row.organisation_id = rows[before].organisation_id
            row.enterprise, row.place = rows[before].enterprise, rows[before].place
        written.append(row)
    actions.write([after for after, _before in merge.versions], written, work.at)
    merge.undone_at, merge.undone_by = work.at, by
    merge.save(update_fields=["undone_at", "undone_by"])
    record(
        by=by,
        action="registry.undo_merge",
        subject=merge,
        organisation=merge.organisation,
        kept=merge.kept,
        merged=merge.merged,
        rows=len(written),
        reason=reason,
    )
    return merge


def _set_active(organisation: Organisation, is_active: bool, by: Person | None, reason: str) -> None:
    organisation.is_active = is_active
    organisation.save(update_fields=["is_active"])
    record(
        by=by,
        action="organisations.edit",
        subject=organisation,
        organisation=organisation,
        is_active=[not is_active, is_active],
        reason=reason,
    )
