"""Rushline beside pretix on this machine: five loads and the memory, in the same run, on the same PostgreSQL server.

Started by scripts/bench-pretix, with the Python that pretix is installed in.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from load import Pace, Round
from machine import Broken, Machine, Postgres
from pretix_side import Pretix, version
from rushline_side import Rushline

LOADS = {
    "orders": "API orders of two tickets, paid",
    "checkouts": "shopper checkouts, all pages",
    "carts": "cart adds of two tickets",
    "checkins": "check-ins",
    "pages": "event pages",
}
GOAL = 100
"""Times pretix that Rushline wants to be, in each load."""
MEMORY_GOAL = 0.1


@dataclass(frozen=True)
class Options:
    """What can be chosen."""

    rounds: int
    seconds: float
    clients: int
    pretix_clients: int
    tickets: int
    pretix_tickets: int
    only: list[str]
    rushline: Path
    cache: Path


@dataclass
class Figures:
    """All rounds of one load, for both."""

    pretix: list[Round] = field(default_factory=list)
    rushline: list[Round] = field(default_factory=list)

    def ratio(self) -> float | None:
        """Rushline over pretix; none when pretix finished nothing while it counted: then take more seconds."""
        theirs = median(self.pretix)
        return round(median(self.rushline) / theirs, 2) if theirs > 0 else None


def median(rounds: list[Round]) -> float:
    return statistics.median(each.per_s for each in rounds)


def options() -> Options:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--seconds", type=float, default=5.0, help="that count, of each load and side and round")
    asked.add_argument("--clients", type=int, default=64, help="of Rushline")
    asked.add_argument("--pretix-clients", type=int, default=10, help="of pretix: more only wait longer")
    asked.add_argument("--tickets", type=int, default=40_000, help="for Rushline's gate, a round")
    asked.add_argument("--pretix-tickets", type=int, default=2_000, help="for pretix's gate, a round; a multiple of 10")
    asked.add_argument("--only", default=",".join(LOADS), help="some of the loads, with commas")
    asked.add_argument("--rushline", type=Path, required=True, help="the binary")
    asked.add_argument("--cache", type=Path, required=True, help="where pretix is installed")
    given = asked.parse_args()
    given.only = given.only.split(",")
    if unknown := set(given.only) - set(LOADS):
        asked.error(f"--only takes {', '.join(LOADS)}, not {', '.join(unknown)}")
    return Options(**vars(given))


def measure(pretix: Pretix, rushline: Rushline, chosen: Options) -> dict[str, Figures]:
    """All rounds; the two take turns, so that a disturbance hits both alike."""
    figures = {load: Figures() for load in chosen.only}
    theirs = Pace(chosen.pretix_clients, chosen.seconds, warm_s=2)
    ours = Pace(chosen.clients, chosen.seconds, warm_s=1)
    for number in range(chosen.rounds + 1):
        # The first of pretix does not count: each of its workers imports what it needs when it first needs it.
        pretix.prepare(chosen.pretix_tickets)
        if number > 0:
            rushline.prepare(chosen.tickets)
        for load, found in figures.items():
            print(f"round {number or 'that does not count'}: {LOADS[load]}", file=sys.stderr, flush=True)
            if number == 0:
                pretix.run(load, Pace(chosen.pretix_clients, seconds=2, warm_s=1))
                continue
            found.pretix.append(pretix.run(load, theirs))
            found.rushline.append(rushline.run(load, ours))
    return figures


def print_table(figures: dict[str, Figures], memory: dict[str, tuple[float, float]]) -> None:
    print(f"\n{'':34}{'pretix/s':>24}{'Rushline/s':>28}{'ratio':>9}  generator's share of the CPU")
    for load, found in figures.items():
        ratio = found.ratio()
        times = "–" if ratio is None else f"{ratio:.1f}×"
        print(
            f"{LOADS[load]:34}{spread(found.pretix):>24}{spread(found.rushline):>28}{times:>9}"
            f"  {share(found.pretix)} and {share(found.rushline)}"
        )
        for name, rounds in (("pretix", found.pretix), ("Rushline", found.rushline)):
            middle = sorted(rounds, key=lambda each: each.per_s)[len(rounds) // 2]
            said = f"p50 {middle.p50_ms:.0f} ms, p99 {middle.p99_ms:.0f} ms, {middle.cores:.1f} cores"
            print(f"    {name}: {said}, {sum(each.busy for each in rounds)} times too busy")
    for at, kind in enumerate(("memory, MB", "its sessions in PostgreSQL, MB")):
        theirs, ours = memory["pretix"][at], memory["rushline"][at]
        print(f"{kind:34}{theirs:>24.0f}{ours:>28.0f}{ours / theirs:>8.3f}×")


def spread(rounds: list[Round]) -> str:
    rates = [each.per_s for each in rounds]
    return f"{statistics.median(rates):,.1f} ({min(rates):,.1f}–{max(rates):,.1f})"


def share(rounds: list[Round]) -> str:
    return f"{statistics.median(each.generator_share for each in rounds):.0%}"


def report(
    figures: dict[str, Figures], memory: dict[str, tuple[float, float]], load_average: float, chosen: Options
) -> None:
    print_table(figures, memory)
    print(f"pretix {version()}; {os.cpu_count()} cores; load average {load_average:.1f} at the start")
    whole = {
        "pretix_version": version(),
        "cores": os.cpu_count(),
        "load_average": load_average,
        "rounds": chosen.rounds,
        "seconds": chosen.seconds,
        "goal": {"ratio": GOAL, "memory": MEMORY_GOAL},
        "loads": {load: {**asdict(found), "ratio": found.ratio()} for load, found in figures.items()},
        "memory_mb": {name: {"own": own, "sessions": sessions} for name, (own, sessions) in memory.items()},
    }
    print(f"BENCH {json.dumps(whole)}")


def main() -> None:
    chosen = options()
    load_average = os.getloadavg()[0]
    # So that whoever ends the benchmark leaves no servers and no folder behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("✗ ended from outside"))
    with tempfile.TemporaryDirectory(prefix="rushline-pretix-") as folder:
        machine = Machine(Path(folder))
        try:
            postgres = Postgres.start(machine)
            pretix = Pretix.start(machine, postgres, Path(sys.prefix), chosen.cache)
            rushline = Rushline.start(machine, postgres, chosen.rushline.absolute())
            figures = measure(pretix, rushline, chosen)
            memory = {"pretix": pretix.memory_mb(), "rushline": rushline.memory_mb()}
        except Broken as error:
            for log in sorted(Path(folder).glob("*.log")):
                print(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}", file=sys.stderr)
            print(f"✗ {error}", file=sys.stderr, flush=True)
            sys.exit(1)
        finally:
            machine.stop()
    report(figures, memory, load_average, chosen)


if __name__ == "__main__":
    main()
