"""A backup: one archive of the database and the data folder, with a manifest by which it is checked before use."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

import mainstay
from mainstay.errors import UsageError

MANIFEST = "manifest.json"
KEPT = ("snapshots", "runs", "files")
"""Folders of MAINSTAY_DATA that are kept; what is not named can be made again."""


def backup(target: Path) -> dict[str, Any]:
    """Write the archive while the platform runs, and give its manifest.

    The database comes first and is consistent in itself; files are only ever added, so none that it names is missing.

    Raises
    ------
    UsageError : the file is there already, or PostgreSQL's ``pg_dump`` is not
    """
    if target.exists():
        raise UsageError(f"{target} is there already. Name a new file; backups are never written over.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        dump = _dump(Path(folder))
        manifest = {
            "mainstay": mainstay.__version__,
            "database": connection.vendor,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": {},
        }
        with tarfile.open(part, "w:gz", compresslevel=5) as archive:
            for name, file in [(f"database/{dump.name}", dump), *_kept_files()]:
                manifest["files"][name] = _digest(file)
                archive.add(file, name)
            content = json.dumps(manifest, indent=1).encode()
            info = tarfile.TarInfo(MANIFEST)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    part.replace(target)
    return manifest


def restore(source: Path, *, force: bool = False) -> dict[str, Any]:
    """Put a backup in the place of the database and the data folder, and give its manifest.

    The archive is unpacked beside and checked whole before anything is replaced.

    Raises
    ------
    UsageError : there is something to lose and ``force`` is not said; the archive is damaged or of another database
    """
    if not source.is_file():
        raise UsageError(f"There is no file {source}.")
    if not force and _is_in_use():
        raise UsageError("The platform holds data, which a restore replaces. Say --force when that is meant.")
    with tempfile.TemporaryDirectory(dir=settings.DATA) as name:
        folder = Path(name)
        manifest = _unpack(source, folder)
        if manifest["database"] != connection.vendor:
            raise UsageError(
                f"The backup is of {manifest['database']}, this platform runs on {connection.vendor}. "
                "Set DATABASE_URL to the same kind of database."
            )
        _load(folder / "database")
        for kept in KEPT:
            shutil.rmtree(settings.DATA / kept, ignore_errors=True)
            if (folder / kept).is_dir():
                (folder / kept).rename(settings.DATA / kept)
    return manifest


def _kept_files() -> Iterator[tuple[str, Path]]:
    for kept in KEPT:
        for file in sorted((settings.DATA / kept).rglob("*")):
            if file.is_file():
                yield file.relative_to(settings.DATA).as_posix(), file


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        raise UsageError(f"{source} is not a whole backup: {error}. Nothing was changed.") from error
    for name, digest in manifest["files"].items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise UsageError(f"{source} is damaged at {name}. Nothing was changed.")
    return manifest


def _is_in_use() -> bool:
    tables = connection.introspection.table_names()
    if "accounts_person" not in tables:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_person")
        return bool(cursor.fetchone()[0])


def _dump(folder: Path) -> Path:
    if connection.vendor == "sqlite":
        file = folder / "mainstay.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])
        return file
    file = folder / "mainstay.dump"
    _postgresql("pg_dump", "--format=custom", "--no-owner", f"--file={file}")
    return file


def _load(folder: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(folder / "mainstay.sqlite3") as source:
            source.backup(connection.connection)
        source.close()
        return
    connection.close()
    _postgresql("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", folder / "mainstay.dump")


def _postgresql(program: str, *arguments: str | Path) -> None:
    """Run one of PostgreSQL's own programs on the platform's database."""
    if shutil.which(program) is None:
        raise UsageError(f"{program} is not on the path. Install PostgreSQL's client programs.")
    values = connection.settings_dict
    environment = {
        "PGHOST": values["HOST"],
        "PGPORT": values["PORT"],
        "PGUSER": values["USER"],
        "PGPASSWORD": values["PASSWORD"],
        "PGDATABASE": values["NAME"],
    }
    target = ["--dbname", values["NAME"]]
    done = subprocess.run(
        [program, *target, *map(str, arguments)],
        env={**os.environ, **{name: value for name, value in environment.items() if value}},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UsageError(f"{program} failed: {done.stderr.strip()[-500:]}")
