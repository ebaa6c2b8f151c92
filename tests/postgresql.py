"""Run the platform's tests on a real PostgreSQL, started for them and thrown away: ``python -m tests.postgresql``.

Where DATABASE_URL is set, that server is used. Where no PostgreSQL is installed, this says so; in CI it fails.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HOMES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
USER = "postgres"
ROUNDS = [
    ["tests/web", "--ignore=tests/web/browser", "-n", "auto", "--dist", "loadfile"],
    ["tests/web/browser", "-m", "main_story"],
]
"""Arguments of pytest: all tests of the platform, then the main story of each role in the browser on one server."""


def find_programs() -> Path | None:
    """The folder of ``initdb`` and ``pg_ctl``, the newest version's."""
    found = [path for home in HOMES for path in Path("/").glob(home.lstrip("/")) if (path / "initdb").is_file()]
    if found:
        return max(found)
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextlib.contextmanager
def server(programs: Path) -> Iterator[str]:
    """A new server on a free port of this machine; gives its URL."""
    as_user = _other_user()
    with tempfile.TemporaryDirectory(prefix="mainstay-postgresql-") as name:
        folder, data = Path(name), Path(name) / "data"
        if as_user:
            shutil.chown(folder, as_user)

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [programs / program, *arguments], check=True, user=as_user, cwd=folder, stdout=subprocess.DEVNULL
            )

        port = _free_port()
        run("initdb", f"--pgdata={data}", f"--username={USER}", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=200"
        run("pg_ctl", f"--pgdata={data}", f"--log={folder / 'log'}", f"--options={options}", "--wait", "start")
        try:
            yield f"postgres://{USER}@127.0.0.1:{port}/{USER}"
        finally:
            run("pg_ctl", f"--pgdata={data}", "--mode=immediate", "--wait", "stop")


def _other_user() -> str | None:
    """PostgreSQL refuses to run as root: the user it is run as then."""
    if os.geteuid() != 0:
        return None
    for name in (USER, "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise SystemExit("PostgreSQL does not run as root, and there is no user postgres or nobody.")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def main() -> int:
    """Run pytest over the platform's tests with DATABASE_URL set; its exit code."""
    rounds = [sys.argv[1:]] if sys.argv[1:] else ROUNDS
    if url := os.environ.get("DATABASE_URL"):
        return _tests(url, rounds)
    programs = find_programs()
    if programs is None:
        print("No PostgreSQL is installed: the platform was NOT tested on it. Install the package postgresql.")
        return 1 if os.environ.get("CI") else 0
    with server(programs) as url:
        return _tests(url, rounds)


def _tests(url: str, rounds: list[list[str]]) -> int:
    print("The platform on PostgreSQL:", flush=True)
    environment = {**os.environ, "DATABASE_URL": url}
    codes = [
        subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment, check=False).returncode
        for arguments in rounds
    ]
    return max(codes)


if __name__ == "__main__":
    raise SystemExit(main())
