"""Drives one kind of load with wrk, and says how much of it was the load's own work."""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from machine import Broken, cpu_s

CLIENTS = Path(__file__).parent / "clients"


@dataclass(frozen=True)
class Pace:
    """How long and by how many."""

    clients: int
    seconds: float
    warm_s: float
    """Seconds at the start that do not count."""


@dataclass(frozen=True)
class Side:
    """One of the two that are compared."""

    name: str
    url: str
    processes: list[int]
    """Whose CPU, with that of their children, is the server's; PostgreSQL included."""


@dataclass(frozen=True)
class Round:
    """What one load showed."""

    per_s: float
    p50_ms: float
    p99_ms: float
    busy: int
    """Answers that the shop is too busy, after which the same was tried again."""
    generator_share: float
    """CPU of the load generator over that of generator and servers together."""
    cores: float
    """CPU of both, in cores."""


def drive(side: Side, load: str, pace: Pace, variables: dict[str, str], lines: Iterable[str]) -> Round:
    """Runs `clients/<side>_<load>.lua`; `lines` are shared out among the clients."""
    with tempfile.NamedTemporaryFile("w", suffix=".lines") as shared:
        shared.writelines(f"{line}\n" for line in lines)
        shared.flush()
        env = {
            **os.environ,
            **variables,
            "LUA_PATH": f"{CLIENTS}/?.lua;;",
            "BENCH_CLIENTS": str(pace.clients),
            "BENCH_SECONDS": str(pace.seconds),
            "BENCH_WARM_S": str(pace.warm_s),
            "BENCH_LINES": shared.name,
        }
        # A thread for each client, as client.lua wants it; a second more, so that all are busy while it counts.
        asked = [f"-t{pace.clients}", f"-c{pace.clients}", f"-d{math.ceil(pace.warm_s + pace.seconds) + 1}s"]
        script = str(CLIENTS / f"{side.name}_{load}.lua")
        server_before, own_before, began = cpu_s(side.processes), _children_s(), time.monotonic()
        ran = subprocess.run(
            ["wrk", *asked, "--timeout", "60s", "-s", script, side.url],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        wall_s, own = time.monotonic() - began, _children_s() - own_before
        both = own + cpu_s(side.processes) - server_before
    found = _result(f"{side.name} {load}", ran.stdout + ran.stderr)
    return Round(
        per_s=found["finished"] / pace.seconds,
        p50_ms=found["p50_ms"],
        p99_ms=found["p99_ms"],
        busy=int(found["busy"]),
        generator_share=own / both if both > 0 else 0.0,
        cores=both / wall_s,
    )


def _result(name: str, said: str) -> dict[str, float]:
    """The client's own line; a failure ends the benchmark, since a figure with failures in it says nothing."""
    for line in said.splitlines():
        if line.startswith("FAILURE"):
            raise Broken(f"{name}: {line}")
    for line in said.splitlines():
        if line.startswith("RESULT "):
            result: dict[str, float] = json.loads(line.removeprefix("RESULT "))
            if result["broken"] > 0:
                raise Broken(f"{name}: {result['broken']:.0f} connections broke")
            return result
    raise Broken(f"{name}: wrk said {said[-2000:]}")


def _children_s() -> float:
    """CPU seconds of ended children: of wrk, since nothing else ends meanwhile."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
