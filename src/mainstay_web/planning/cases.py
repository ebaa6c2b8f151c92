"""The case between the tables of the platform and the plan: import, current case, snapshots."""

from __future__ import annotations

import os
import secrets
import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from django.conf import settings
from django.db import transaction

from mainstay import tables as case_tables
from mainstay.errors import UsageError
from mainstay.tables import Case, make_case
from mainstay.tables.case import AREAS
from mainstay.tables.read import SETTINGS_FILE
from mainstay_web import clock
from mainstay_web.accounts import actions as accounts
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.jobs.kinds import Say, say_nothing
from mainstay_web.planning.models import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


COMPLETIONS: list[Callable[[Mapping[str, pl.DataFrame]], dict[str, pl.DataFrame]]] = []
"""What apps after this one know of the case beyond the register: given its tables, those that they complete."""


@transaction.atomic
def import_case(*, case: Case, organisation: Organisation, by: Person | None, say: Say = say_nothing) -> dict[str, Any]:
    """Put a whole case into the platform: organisations of its places and enterprises, register, reports.

    What became of each row is counted: ``organisations`` made, and for each of ``tables`` as in ``Outcome.counts``.
    """
    from mainstay_web.registry import actions as registry
    from mainstay_web.reporting import actions as reporting

    if by is not None:
        require(by, "registry.import", organisation)
    say(stage="organisations", share=0.3)
    made = make_organisations(case, organisation)
    say(stage="register", share=0.4)
    outcomes = registry.import_tables(
        case.tables, case.settings, dict(case.extras), by=by, organisation=organisation, reason=case.title or "import"
    )
    imported: dict[str, Any] = {
        "organisations": made,
        "tables": [{"table": name, **each.counts} for name, each in outcomes.items() if any(each.counts.values())],
    }
    if case["reports"].height:
        say(stage="reports", share=0.7)
        sent = reporting.import_reports(case["reports"], organisation=organisation, by=by, key=f"case-{case.hash}")
        taken = {"added": sent.accepted - sent.unchanged, "unchanged": sent.unchanged, "refused": sent.refused}
        imported["tables"].append({"table": "reports", "rows": sent.rows, "changed": 0, "removed": 0, **taken})
    return imported


def current_case() -> Case:
    """The case as the platform holds it now; stocks that the ledger keeps, and goods on the way, are the ledger's.

    Raises
    ------
    UsageError : the register has no settings or no items yet
    """
    from mainstay_web.ledger import queries as ledger
    from mainstay_web.registry import queries as registry
    from mainstay_web.reporting import queries as reporting

    values, tables = registry.settings_of_case(), registry.current_tables()
    if not values or not tables["items"].height:
        raise UsageError("The register holds no case yet. Import one, as a workbook or a zip of CSV files.")
    tables |= {"reports": reporting.reports_frame(all_versions=True), "stocks": ledger.stocks(tables["stocks"])}
    for completed in COMPLETIONS:
        tables |= completed(tables)
    return make_case(tables=tables, **values).replace(extras=registry.extras())


def take_snapshot(
    *, organisation: Organisation, by: Person | None, title: str = "", action: str = "plans.run"
) -> Snapshot:
    """Keep the case as the platform holds it now; licences that have run out are none any more.

    action : what it is kept for, which the person must be allowed to do
    """
    from mainstay_web.licensing.actions import expire_due

    expire_due()
    return take_snapshot_of(current_case(), organisation=organisation, by=by, title=title, action=action)


def take_snapshot_of(
    case: Case, *, organisation: Organisation, by: Person | None, title: str = "", action: str = "plans.run"
) -> Snapshot:
    """Keep a case; the same case is kept once."""
    if by is not None:
        require(by, action, organisation)
    _keep(case, settings.DATA / "snapshots" / case.hash)
    with transaction.atomic():
        snapshot, is_new = Snapshot.objects.get_or_create(
            organisation=organisation,
            hash=case.hash,
            defaults={"at": clock.now(), "by": by, "title": (title or case.title)[:200]},
        )
        if is_new:
            record(by=by, action="plans.snapshot", subject=snapshot, organisation=organisation, hash=case.hash)
    return snapshot


def _keep(case: Case, folder: Path) -> None:
    """Write the tables beside, then give the folder its name in one step: it is whole or not there."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}")
    case_tables.write(case, beside, format="parquet")
    try:
        os.rename(beside, folder)
    except OSError:
        if not folder.exists():
            raise
        shutil.rmtree(beside)


def read_snapshot(folder: Path) -> Case:
    """The case that was kept, errors and all: the plan refuses those and names each."""
    values = tomllib.loads((folder / SETTINGS_FILE).read_text("utf-8"))
    tables = {file.stem: pl.read_parquet(file) for file in sorted(folder.glob("*.parquet"))}
    extras = {AREAS: (folder / AREAS).read_bytes()} if (folder / AREAS).is_file() else {}
    return make_case(tables=tables, **values).replace(extras=extras)


def make_organisations(case: Case, top: Organisation) -> int:
    """An organisation for each place that people work at and each enterprise, where there is none yet; how many.

    Areas lie under the area that they are part of, the others under the area of their place, else under ``top``.
    """
    places = {row["place"]: row for row in case["places"].iter_rows(named=True)}
    by_place = dict(_known("place"))
    before = len(by_place)
    for code in _parents_first(places):
        row = places[code]
        if code in by_place or row["kind"] == "site":
            continue
        parent = by_place.get(_area(places, row["parent"]), top)
        kind = _kind_of_area(parent) if row["kind"] == "area" else Organisation.Kind.FACILITY
        by_place[code] = _add(code, "place", row, kind, parent, place=code)
    made = len(by_place) - before
    known = dict(_known("enterprise"))
    for row in case["enterprises"].iter_rows(named=True):
        code = row["enterprise"]
        if code not in known:
            parent = by_place.get(_area(places, row["place"]), top)
            _add(code, "enterprise", row, Organisation.Kind.ENTERPRISE, parent, enterprise=code)
            made += 1
    return made


def _known(column: str) -> Iterable[tuple[str, Organisation]]:
    return ((getattr(o, column), o) for o in Organisation.objects.exclude(**{column: ""}))


def _area(places: dict[str, dict[str, object]], code: object) -> object:
    """The area that a place is or lies in."""
    seen: set[object] = set()
    while code in places and places[str(code)]["kind"] != "area" and code not in seen:
        seen.add(code)
        code = places[str(code)]["parent"]
    return code


def _parents_first(places: dict[str, dict[str, object]]) -> list[str]:
    ordered: dict[str, None] = {}

    def add(code: str, under: tuple[str, ...]) -> None:
        parent = places[code]["parent"]
        if isinstance(parent, str) and parent in places and parent not in under:
            add(parent, (*under, code))
        ordered.setdefault(code)

    for code in places:
        add(code, ())
    return list(ordered)


def _kind_of_area(parent: Organisation) -> str:
    return Organisation.Kind.PROVINCE if parent.kind == Organisation.Kind.COUNTRY else Organisation.Kind.CITY


def _add(code: str, prefix: str, row: dict[str, object], kind: str, parent: Organisation, **what: str) -> Organisation:
    is_taken = Organisation.objects.filter(code=code).exists()
    return accounts.add_organisation(
        code=f"{prefix}-{code}" if is_taken else code,
        name=str(row["name"] or code),
        name_zh=str(row["name_zh"] or ""),
        kind=kind,
        parent=parent,
        by=None,
        **what,
    )
