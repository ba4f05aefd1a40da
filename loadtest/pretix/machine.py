"""Private servers as child processes, and what they cost: CPU seconds and memory."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

START_S = 300
"""Longest start of any server."""
TICKS = os.sysconf("SC_CLK_TCK")
POSTGRES = """
fsync = on
synchronous_commit = on
shared_buffers = 512MB
max_wal_size = 4GB
max_connections = 300
"""
"""As in production: every commit waits for the disk. The rest is as Debian ships it."""


class Broken(Exception):
    """Something the benchmark needs failed; the text tells what to do."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], what: str, log: Path) -> None:
    """Waits until `ready`, or says why it never will be."""
    patience = time.monotonic() + START_S
    while not ready():
        if process.poll() is not None or time.monotonic() > patience:
            raise Broken(f"{what} did not start; its last words stand in {log}")
        time.sleep(0.1)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Machine:
    """Everything that was started, in one folder; `stop` ends it."""

    folder: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(
        self, name: str, command: list[str], env: dict[str, str] | None = None, become: tuple[str, ...] = ()
    ) -> subprocess.Popen[bytes]:
        """Starts a server that ends with this process; what it says goes into a file of its name."""
        # In this order: whoever becomes somebody else forgets the wish to end with its parent.
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [*become, "setpriv", "--pdeathsig", "INT", "--", *command],
                env={**os.environ, **(env or {})},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def stop(self) -> None:
        for process in reversed(self.started):
            # SIGINT asks PostgreSQL to stop fast; the others take it like SIGTERM.
            process.send_signal(signal.SIGINT)
        for process in self.started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@dataclass
class Postgres:
    """A private PostgreSQL with the settings of production."""

    process: subprocess.Popen[bytes]
    bin: Path
    folder: Path
    port: int

    @classmethod
    def start(cls, machine: Machine) -> Postgres:
        folder = machine.folder / "postgres"
        folder.mkdir()
        bins = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        if not bins:
            raise Broken("PostgreSQL is missing: apt-get install postgresql")
        become = _owner_of(folder)
        port = free_port()
        made = [*become, str(bins[-1] / "initdb"), "--username=postgres", "--auth=trust", "--no-sync"]
        run([*made, "--encoding=UTF8", "--locale=C.UTF-8", "-D", str(folder / "data")])
        with (folder / "data/postgresql.conf").open("a") as settings:
            settings.write(f"{POSTGRES}port = {port}\nunix_socket_directories = '{folder}'\n")
        process = machine.start("postgres", [str(bins[-1] / "postgres"), "-D", str(folder / "data")], become=become)
        this = cls(process, bins[-1], folder, port)
        wait_until(lambda: this._answers(), process, "PostgreSQL", machine.log("postgres"))
        return this

    def _answers(self) -> bool:
        asked = [str(self.bin / "pg_isready"), "-q", "-h", str(self.folder), "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    def psql(self, sql: str, database: str = "postgres") -> str:
        """Runs SQL; what it answers, a row a line."""
        command = [str(self.bin / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres"]
        return run([*command, "-h", str(self.folder), "-p", str(self.port), "-d", database], sql)


def _owner_of(folder: Path) -> tuple[str, ...]:
    """PostgreSQL refuses to be run by root: what makes a command somebody else's, who now owns `folder`."""
    if os.getuid() != 0:
        return ()
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    folder.parent.chmod(0o755)
    return ("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--")


def start_redis(machine: Machine) -> tuple[subprocess.Popen[bytes], int]:
    """A private Redis, without persistence; its process and its port."""
    binary = shutil.which("redis-server")
    if binary is None:
        raise Broken("Redis is missing: apt-get install redis-server")
    port = free_port()
    process = machine.start("redis", [binary, "--port", str(port), "--save", "", "--appendonly", "no"])
    wait_until(lambda: listens(port), process, "Redis", machine.log("redis"))
    return process, port


def run(command: list[str], given: str = "", env: dict[str, str] | None = None) -> str:
    """Runs a command to its end; what it printed."""
    ran = subprocess.run(
        command, input=given, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        raise Broken(f"{' '.join(command[:4])} … failed:\n{ran.stdout[-2000:]}{ran.stderr[-4000:]}")
    return ran.stdout


def family(roots: Iterable[int]) -> list[int]:
    """The processes `roots` and all their descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            children.setdefault(int(stat[1]), []).append(int(entry.name))
    found: list[int] = []
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat behind the name; none when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return None


def cpu_s(roots: Iterable[int]) -> float:
    """CPU seconds of `roots` and their descendants, ended ones included."""
    stats = (_stat(pid) for pid in family(roots))
    return sum(sum(map(int, stat[11:15])) for stat in stats if stat) / TICKS


def memory_mb(pids: Iterable[int]) -> float:
    """Megabytes held by `pids`; what several share is split among them (PSS)."""
    total_kb = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total_kb += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total_kb * 1024 / 1e6


def sessions_of(postgres: Postgres, database: str) -> list[int]:
    """PostgreSQL's own processes that serve `database`."""
    found = postgres.psql(f"SELECT pid FROM pg_stat_activity WHERE datname = '{database}'").split()
    return [int(pid) for pid in found]
