"""pretix as its manual installs it: gunicorn, a Celery worker, PostgreSQL and Redis."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from load import Pace, Round, Side, drive
from machine import Machine, Postgres, family, free_port, memory_mb, run, sessions_of, start_redis, wait_until
from mail_sink import start_mail_sink

DATABASE = "pretix"
HERE = Path(__file__).parent
CONFIG = """
[pretix]
instance_name=Bench
url=http://127.0.0.1:{port}
currency=EUR
datadir={data}
[database]
backend=postgresql
name={database}
user=postgres
host={postgres}
port={postgres_port}
[redis]
location=redis://127.0.0.1:{redis}/0
sessions=true
[celery]
backend=redis://127.0.0.1:{redis}/1
broker=redis://127.0.0.1:{redis}/2
[mail]
host=127.0.0.1
port={mail}
"""


@dataclass
class Pretix:
    """A running pretix with one event on sale."""

    venv: Path
    env: dict[str, str]
    postgres: Postgres
    side: Side
    own: list[int]
    """Its processes without PostgreSQL: gunicorn, Celery, Redis."""
    variables: dict[str, str]
    secrets: list[str]
    """Tickets that nobody has used."""

    @classmethod
    def start(cls, machine: Machine, postgres: Postgres, venv: Path, cache: Path) -> Pretix:
        redis, redis_port = start_redis(machine)
        port, data = free_port(), machine.folder / "pretix-data"
        data.mkdir()
        config = machine.folder / "pretix.cfg"
        config.write_text(
            CONFIG.format(
                port=port,
                data=data,
                database=DATABASE,
                postgres=postgres.folder,
                postgres_port=postgres.port,
                redis=redis_port,
                mail=start_mail_sink(),
            )
        )
        env = {"PRETIX_CONFIG_FILE": str(config), "DJANGO_SETTINGS_MODULE": "pretix.settings"}
        _make_database(postgres, venv, env, cache)
        shop = json.loads(run([str(venv / "bin/python"), str(HERE / "inside/shop.py"), "shop"], env=env))
        web, worker = _start_processes(machine, venv, env, port)
        variables = {
            "PRETIX_TOKEN": shop["token"],
            "PRETIX_ITEM": str(shop["item"]),
            "PRETIX_LIST": str(shop["list"]),
        }
        own = [web.pid, worker.pid, redis.pid]
        side = Side("pretix", f"http://127.0.0.1:{port}", [*own, postgres.process.pid])
        return cls(venv, env, postgres, side, own, variables, [])

    def prepare(self, tickets: int) -> None:
        """Makes tickets for the gate, and the statistics that autovacuum would have made by the time a sale opens."""
        script = [str(self.venv / "bin/python"), str(HERE / "inside/shop.py"), "tickets", str(tickets)]
        self.secrets = json.loads(run(script, env=self.env))["secrets"]
        self.postgres.psql("VACUUM ANALYZE", DATABASE)

    def run(self, load: str, pace: Pace) -> Round:
        lines: Iterable[str] = self.secrets if load == "checkins" else ()
        return drive(self.side, load, pace, self.variables, lines)

    def memory_mb(self) -> tuple[float, float]:
        """Its own memory, and that of PostgreSQL's sessions that serve it."""
        return memory_mb(family(self.own)), memory_mb(sessions_of(self.postgres, DATABASE))


def version() -> str:
    return metadata.version("pretix")


def _make_database(postgres: Postgres, venv: Path, env: dict[str, str], cache: Path) -> None:
    """Its migrations take minutes, so their outcome is kept."""
    postgres.psql(f"CREATE DATABASE {DATABASE}")
    kept = cache / f"database-{version()}.sql"
    if kept.exists():
        postgres.psql(kept.read_text(), DATABASE)
        return
    print("pretix makes its tables (some minutes; next time seconds)", flush=True)
    run([str(venv / "bin/python"), "-m", "pretix", "migrate", "--noinput"], env=env)
    dump = [str(postgres.bin / "pg_dump"), "--no-owner", "-U", "postgres", "-h", str(postgres.folder)]
    kept.write_text(run([*dump, "-p", str(postgres.port), DATABASE]))


def _start_processes(
    machine: Machine, venv: Path, env: dict[str, str], port: int
) -> tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]:
    """gunicorn with 2 × cores + 1 workers, and Celery with as many as cores, its default.

    Nobody waits for Celery here: the first cart does, in the round that does not count."""
    workers = 2 * (os.cpu_count() or 1) + 1
    command = [str(venv / "bin/gunicorn"), "pretix.wsgi", "--name", "pretix", "--workers", str(workers)]
    # The manual also renews each worker after 1,200 requests; a renewed one starts slowly, so it is spared that.
    web = machine.start("gunicorn", [*command, "--timeout", "300", "--bind", f"127.0.0.1:{port}"], env)
    worker = machine.start("celery", [str(venv / "bin/celery"), "-A", "pretix.celery_app", "worker"], env)
    wait_until(lambda: _answers(f"http://127.0.0.1:{port}/healthcheck/"), web, "gunicorn", machine.log("gunicorn"))
    return web, worker


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
