"""All writes of the register: a change is a new version, and one call is one row of the audit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.tables import Finding, Findings
from mainstay.tables.case import AREAS
from mainstay.tables.findings import Both, RowCount
from mainstay.tables.raw import ROW, Raw
from mainstay.tables.settings import SETTINGS
from mainstay_web import clock
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.audit.chain import record
from mainstay_web.registry import shape
from mainstay_web.registry.models import Row
from mainstay_web.registry.owners import Owners

CHUNK = 900
SHOWN = 20
"""Keys that an audit row names; the versions themselves say all of them."""


class Conflict(Exception):  # noqa: N818 (two people at work at once is no error)
    """The row was changed meanwhile; the text says what to do."""


@dataclass(frozen=True)
class Outcome:
    """What became of the rows of one call: each row is added, changed, unchanged or refused."""

    table: str
    rows: int
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    findings: Findings = field(default_factory=Findings)

    @property
    def refused(self) -> int:
        """Rows that were not taken; the findings say why."""
        return self.rows - self.added - self.changed - self.unchanged

    @property
    def counts(self) -> dict[str, int]:
        """What became of the rows, each of which is counted once, and how many others were removed."""
        names = ("rows", "added", "changed", "unchanged", "refused", "removed")
        return {name: getattr(self, name) for name in names}

    @property
    def count(self) -> RowCount:
        """Rows and refused rows, as checks give them."""
        return RowCount(self.rows, self.refused)


@dataclass
class Work:
    """One call: who does what when, and on whose behalf."""

    owners: Owners
    by: Person | None
    reason: str
    at: datetime
    may: Callable[[int], bool]


def begin(organisation: Organisation, by: Person | None, reason: str, action: str) -> Work:
    """Wait until no other writes to the register, so that versions follow one another."""
    owners = Owners(organisation)
    Organisation.objects.select_for_update().get(pk=owners.top.pk)
    known: dict[int, bool] = {}

    def may(pk: int) -> bool:
        if pk not in known:
            known[pk] = by is None or rights.may(by, action, owners.organisations[pk])
        return known[pk]

    return Work(owners, by, reason[:300], clock.now(), may)


@transaction.atomic
def put_rows(
    *,
    table: str,
    rows: pl.DataFrame | Iterable[Mapping[str, Any]] | Raw,
    organisation: Organisation,
    by: Person | None,
    reason: str = "",
    right: str = "registry.edit",
) -> Outcome:
    """Add rows, or new versions of rows that are there; ``organisation`` has those that say no owner.

    Rows that the declaration's cell checks refuse, and rows of organisations in which the person may not edit, are
    refused one by one, with a finding each; the others are taken. Rows are counted from 2, as in a file.
    ``right`` is another action where the row follows from a decision, such as that on a licence.
    """
    work = begin(organisation, by, reason, right)
    declared = shape.declared(table)
    outcome = _put(shape.judge(declared, rows if isinstance(rows, Raw) else shape.raw_of(declared, rows)), work)
    if outcome.added or outcome.changed:
        _record(work, organisation, table, outcome)
    return outcome


@transaction.atomic
def change_row(*, row: Row, values: Mapping[str, Any], by: Person | None, reason: str) -> Outcome:
    """Give a row new values, unless it was changed since it was read; the columns of its key stay.

    Raises
    ------
    Conflict : it has a newer version
    """
    work = begin(row.organisation, by, reason, "registry.edit")
    if not Row.objects.filter(pk=row.pk, is_current=True).exists():
        raise Conflict(_("The row was changed meanwhile. Look at the new version, and change that."))
    table = shape.declared(row.table)
    key = dict(zip(table.key, json.loads(row.key), strict=True))
    outcome = _put(shape.judge(table, shape.raw_of(table, [{**values, **key}])), work)
    if outcome.changed:
        _record(work, row.organisation, row.table, outcome, keys=[row.key])
    return outcome


@transaction.atomic
def remove_rows(
    *,
    table: str,
    keys: Sequence[str],
    by: Person | None,
    organisation: Organisation,
    reason: str,
    right: str = "registry.edit",
) -> int:
    """Remove rows: their history stays, and they can be restored; the number removed. ``right`` as in ``put_rows``.

    Raises
    ------
    PermissionDenied : one of them lies where the person may not edit; then none is removed
    """
    work = begin(organisation, by, reason, right)
    removed = _remove(table, [row for row in _currents(table, keys).values() if not row.is_removed], work)
    if removed:
        _record(work, organisation, table, Outcome(table, 0, removed=removed), keys=keys)
    return removed


@transaction.atomic
def restore_version(*, version: Row, by: Person | None, reason: str) -> Row:
    """Make an old version the newest once more; restoring the last one before a removal undoes the removal.

    Raises
    ------
    PermissionDenied : the row lies where the person may not edit
    """
    work = begin(version.organisation, by, reason, "registry.edit")
    now = _currents(version.table, [version.key])[version.key]
    require(work, [now.organisation_id, version.organisation_id])
    row = next_version(now, work, body=version.body)
    write([now.pk], [row], work.at)
    record(
        by=by,
        action="registry.restore",
        subject=f"registry.{version.table}",
        organisation=row.organisation,
        key=version.key,
        version=version.version,
        reason=work.reason,
    )
    return Row.objects.get(table=version.table, key=version.key, is_current=True)


@transaction.atomic
def import_tables(
    tables: Mapping[str, pl.DataFrame],
    settings: Mapping[str, Any] | None = None,
    extras: Mapping[str, bytes] | None = None,
    *,
    organisation: Organisation,
    by: Person | None,
    reason: str = "",
    replace: bool = True,
) -> dict[str, Outcome]:
    """Take in the tables of a case; with ``replace`` the register holds these rows and no others afterwards.

    ``reports`` are passed over: they are the reports' own. A row that did not change gets no new version.

    Raises
    ------
    PermissionDenied : the person may not import in this organisation
    """
    if by is not None:
        rights.require(by, "registry.import", organisation)
    work = begin(organisation, by, reason, "registry.import")
    work.may = lambda _pk: True
    judged = {name: shape.judge(t, shape.raw_of(t, tables[name])) for name, t in shape.TABLES.items() if name in tables}
    for name in ("places", "enterprises", "lines", "lanes", "imports"):
        for body in shape.bodies(judged[name].table, judged[name].frame) if name in judged else ():
            work.owners.learn(name, body)
    outcomes = {name: _put(each, work, replace=replace) for name, each in judged.items()}
    if settings is not None:
        outcomes[SETTINGS.name] = _put(shape.judge(SETTINGS, shape.raw_of(SETTINGS, [settings])), work)
    if extras is not None:
        outcomes[shape.EXTRAS] = _put_extras(extras, work)
    _record(work, organisation, "case", *outcomes.values(), action="registry.import")
    return outcomes


@transaction.atomic
def change_settings(
    *, settings: Mapping[str, Any], organisation: Organisation, by: Person | None, reason: str = ""
) -> Outcome:
    """Change the settings of the case; those that are not given stay as they are."""
    work = begin(organisation, by, reason, "registry.edit")
    old = _currents(SETTINGS.name, ["[]"]).get("[]")
    values = {**(old.body if old else {}), **settings}
    outcome = _put(shape.judge(SETTINGS, shape.raw_of(SETTINGS, [values])), work)
    if outcome.added or outcome.changed:
        _record(work, work.owners.top, SETTINGS.name, outcome)
    return outcome


def mark_key(*, enterprise: Row, is_key: bool, by: Person | None, reason: str) -> Outcome:
    """Put an enterprise on the list of key enterprises, or take it off."""
    return change_row(row=enterprise, values={**enterprise.body, "is_key": is_key}, by=by, reason=reason)


def _put(judged: shape.Judged, work: Work, *, replace: bool = False) -> Outcome:
    """Store the sound rows of one table."""
    table = judged.table.name
    keys = shape.keys(judged.table, judged.frame)
    old = _currents(table, None if replace else keys)
    new: list[Row] = []
    ended: list[int] = []
    moved: dict[tuple[int, str, str], list[int]] = {}
    findings = list(judged.findings)
    unchanged = refused = 0
    for number, key, body in zip(judged.frame[ROW], keys, shape.bodies(judged.table, judged.frame), strict=True):
        codes = work.owners.codes(table, body)
        owner = work.owners.owner(table, *codes)
        before = old.get(key)
        if not work.may(owner) or (before and not work.may(before.organisation_id)):
            findings.append(_not_allowed(table, number, key, work.owners.organisations[owner]))
            refused += 1
            continue
        if before and not before.is_removed and before.body == body:
            unchanged += 1
            if (before.organisation_id, before.enterprise, before.place) != (owner, *codes):
                moved.setdefault((owner, *codes), []).append(before.pk)
            continue
        if before:
            ended.append(before.pk)
        new.append(_row(table, key, body, owner, codes, work, before.version + 1 if before else 1))
    write(ended, new, work.at)
    for (owner, enterprise, place), pks in moved.items():
        for part in _parts(pks):
            Row.objects.filter(pk__in=part).update(organisation=owner, enterprise=enterprise, place=place)
    given = set(keys)
    gone = [row for key, row in old.items() if replace and key not in given and not row.is_removed]
    return Outcome(
        table,
        judged.rows,
        added=len(new) - len(ended),
        changed=len(ended),
        unchanged=unchanged,
        removed=_remove(table, gone, work),
        findings=Findings(findings, {table: judged.rows}),
    )


def _row(
    table: str, key: str, body: dict[str, Any], owner: int, codes: tuple[str, str], work: Work, version: int
) -> Row:
    return Row(
        table=table,
        key=key,
        version=version,
        organisation_id=owner,
        enterprise=codes[0],
        place=codes[1],
        label=shape.label_of(body, key),
        words=shape.words_of(body),
        body=body,
        at=work.at,
        by=work.by,
        reason=work.reason,
    )


def next_version(before: Row, work: Work, *, body: dict[str, Any] | None = None, is_removed: bool = False) -> Row:
    """The version after this one, its owner found anew."""
    body = before.body if body is None else body
    codes = work.owners.codes(before.table, body)
    row = _row(before.table, before.key, body, work.owners.owner(before.table, *codes), codes, work, before.version + 1)
    row.is_removed = is_removed
    return row


def first_version(table: str, key: str, body: dict[str, Any], work: Work) -> Row:
    """A row that was never there."""
    codes = work.owners.codes(table, body)
    return _row(table, key, body, work.owners.owner(table, *codes), codes, work, 1)


def _remove(table: str, rows: Sequence[Row], work: Work) -> int:
    require(work, [row.organisation_id for row in rows])
    write([row.pk for row in rows], [next_version(row, work, is_removed=True) for row in rows], work.at)
    return len(rows)


def write(ended: Sequence[int], new: Sequence[Row], at: datetime) -> None:
    """End versions and begin their followers, in few statements."""
    for part in _parts(ended):
        Row.objects.filter(pk__in=part).update(is_current=False, until=at)
    Row.objects.bulk_create(new, batch_size=2000)


def _parts(pks: Sequence[int]) -> Iterable[Sequence[int]]:
    return (pks[n : n + CHUNK] for n in range(0, len(pks), CHUNK))


def _currents(table: str, keys: Sequence[str] | None) -> dict[str, Row]:
    """Newest versions by key, removed ones too; all of the table when ``keys`` is None or long."""
    rows = Row.objects.filter(table=table, is_current=True).defer("words", "label", "reason")
    if keys is not None and len(keys) <= CHUNK:
        rows = rows.filter(key__in=keys)
    return {row.key: row for row in rows.iterator(chunk_size=5000)}


def _put_extras(extras: Mapping[str, bytes], work: Work) -> Outcome:
    """Keep the case's other files as they are; only those that a case knows."""
    old = _currents(shape.EXTRAS, None)
    new, ended = [], []
    for name, content in extras.items():
        if name != AREAS:
            continue
        body = {"name": name, "text": content.decode("utf-8")}
        key = shape.key_of([name])
        before = old.get(key)
        if before and not before.is_removed and before.body == body:
            continue
        if before:
            ended.append(before.pk)
        version = before.version + 1 if before else 1
        row = _row(shape.EXTRAS, key, body, work.owners.top.pk, ("", ""), work, version)
        row.words = name
        new.append(row)
    write(ended, new, work.at)
    gone = [row for row in old.values() if not row.is_removed and json.loads(row.key)[0] not in extras]
    removed = _remove(shape.EXTRAS, gone, work)
    return Outcome(shape.EXTRAS, len(new), len(new) - len(ended), len(ended), removed=removed)


def require(work: Work, organisations: Iterable[int]) -> None:
    """Refuse unless the work may touch rows of all these organisations."""
    for pk in set(organisations):
        if not work.may(pk):
            raise PermissionDenied(f"registry.edit in {work.owners.organisations[pk].code}")


def _not_allowed(table: str, row: int, key: str, owner: Organisation) -> Finding:
    return Finding(
        table,
        row,
        "",
        ", ".join(str(v) for v in json.loads(key) if v is not None),
        "not_allowed",
        Both(
            f"the row belongs to {owner.name}, whose rows you may not change.",
            f"该行属于{owner.name_zh or owner.name}，您无权修改其数据。",
        ),
        Both(
            "Ask someone of that organisation, or of one above it, to change it.", "请由该单位或其上级单位的人员修改。"
        ),
    )


def _record(
    work: Work,
    organisation: Organisation,
    subject: str,
    *outcomes: Outcome,
    action: str = "registry.edit",
    keys: Sequence[str] = (),
) -> None:
    counts = {
        o.table: {n: v for n in ("added", "changed", "unchanged", "removed", "refused") if (v := getattr(o, n))}
        for o in outcomes
    }
    record(
        by=work.by,
        action=action,
        subject=f"registry.{subject}",
        organisation=organisation,
        counts={table: count for table, count in counts.items() if count},
        reason=work.reason,
        **({"keys": list(keys[:SHOWN])} if keys else {}),
    )
