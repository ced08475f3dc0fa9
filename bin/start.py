"""Migrates and seeds, then runs web and worker until Ctrl-C; says where to go as soon as they answer."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from dotenv import dotenv_values
from flask.cli import ScriptInfo

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # seconds for web and worker to answer
BUSY = """
Port {port} is taken: something else runs there (perhaps this program, started before).
Stop that, or choose another port: make run PORT={other}"""
READY = """
  Open {address}
  Ctrl-C here ends it; {kept}.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--throw-away", action="store_true", help="on a database that is gone at the end")
    wanted = parser.parse_args()
    with ExitStack() as stack:
        throw_away = stack.enter_context(tempfile.TemporaryDirectory(prefix="market-")) if wanted.throw_away else None
        environment = _environment(throw_away)
        port = int(environment["PORT"]) if environment["PORT"].isdecimal() else 0
        if not 0 < port < 65536:
            return _stop(f"PORT is a number from 1 to 65535, not “{environment['PORT']}”.")
        if _taken(port):
            return _stop(BUSY.format(port=port, other=port + 1))
        # Both in one process, which is gone afterwards: importing the program twice would take seconds more.
        preparing = multiprocessing.get_context("fork").Process(target=_prepare, args=(environment,))
        preparing.start()
        preparing.join()
        if preparing.exitcode:
            return _stop("The database could not be prepared, see above. Nothing was started.")
        return _serve(port, environment, throw_away=wanted.throw_away)


def _prepare(environment: dict[str, str]) -> None:
    """``flask db upgrade`` and ``flask seed --if-empty``."""
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    from app import create_app

    app = create_app()
    for command in (["db", "upgrade"], ["seed", "--if-empty"]):
        app.cli.main(command, prog_name="flask", standalone_mode=False, obj=ScriptInfo(create_app=lambda: app))


def _environment(throw_away: str | None) -> dict[str, str]:
    """What the processes are told: the environment, completed from .env; the program itself finds `python` first."""
    known = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None} | os.environ
    known["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{known.get('PATH', '')}"
    known["PORT"] = known.get("PORT") or "8000"
    known["PYTHONUNBUFFERED"] = "1"
    known["FLASK_SKIP_DOTENV"] = "1"
    if throw_away:
        known |= {"DCT_INSTANCE": throw_away, "DATABASE_URL": ""}
    return known


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _serve(port: int, environment: dict[str, str], *, throw_away: bool) -> int:
    # A session of its own: Ctrl-C and a closed terminal reach this process alone, which then ends the others in order.
    honcho = [sys.executable, "-m", "honcho", "start", "--env", os.devnull, "--port", str(port)]
    running = subprocess.Popen(honcho, cwd=ROOT, env=environment, start_new_session=True)
    asked_to_stop = []

    def stop(*_: object) -> None:
        asked_to_stop.append(True)
        running.terminate()

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)
    if _answers(port, running):
        _welcome(port, environment, throw_away=throw_away)
    elif not asked_to_stop:
        running.terminate()
        running.wait()
        return _stop("Web and worker did not come up, see above.")
    code = running.wait()
    return 0 if asked_to_stop else code


def _answers(port: int, running: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and running.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _welcome(port: int, environment: dict[str, str], *, throw_away: bool) -> None:
    instance = Path(environment.get("DCT_INSTANCE") or ROOT / "instance")
    database = "the database that DATABASE_URL names" if environment.get("DATABASE_URL") else f"{instance}/"
    kept = "nothing of it will stay" if throw_away else f"what you did stays in {database}"
    print(READY.format(address=f"http://127.0.0.1:{port}/", kept=kept), flush=True)
    accounts = instance / "demo-accounts.json"
    if accounts.exists():
        print(_sign_ins(json.loads(accounts.read_text(encoding="utf-8"))), flush=True)


def _sign_ins(accounts: list[dict[str, str]]) -> str:
    """The demo's accounts as a table: who, name, password."""
    rows = [(account["role"], account["username"], account["password"]) for account in accounts]
    return "\n".join(
        ["  Sign in at /sign-in as", *(f"    {role:<10} {name:<14} {secret}" for role, name, secret in rows)]
    )


def _stop(message: str) -> int:
    print(message, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
