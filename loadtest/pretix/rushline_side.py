"""Rushline as one process on PostgreSQL, its gateway answering at once and its limits by network lifted."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from load import Pace, Round, Side, drive
from machine import Broken, Machine, Postgres, family, free_port, memory_mb, sessions_of, wait_until

DATABASE = "rushline"
STOCK = 100_000
"""Tickets of one show: the most that one session of general admission may have."""
REST_S = 14
"""For so long after they were made all seats of a show are news to its map; no sale opens within seconds of being made."""
GUESTS = 1024
"""Shoppers that take turns: one may own a thousand tickets of a show."""
ADMIN = {"email": "admin@stage.example", "password": "Only for tests and benchmarks 1"}
# As in loadtest/src/server.rs: one address plays all shoppers, and the gateway answers at once and always.
SETTINGS = {
    "RUSHLINE_ADMIN_EMAIL": ADMIN["email"],
    "RUSHLINE_ADMIN_PASSWORD": ADMIN["password"],
    "RUSHLINE_WAITING_ROOM_JOINS_PER_MINUTE": "100000000",
    "RUSHLINE_BOOKING_LOGINS_PER_MINUTE": "100000000",
    "RUSHLINE_BOOKING_BOOKINGS_PER_MINUTE": "100000000",
    "RUSHLINE_BOOKING_ACCESS_TOKEN_MINUTES": "240",
    "RUSHLINE_BOOKING_STATEMENT_MAX_MS": "60000",
    "RUSHLINE_SERVER_ANSWER_TIMEOUT_S": "60",
    "RUSHLINE_PAYMENTS_SUCCESS_PERCENT": "100",
    "RUSHLINE_PAYMENTS_DELAY_MIN_MS": "0",
    "RUSHLINE_PAYMENTS_DELAY_MAX_MS": "0",
    "RUSHLINE_SERVER_LOG": "error",
}

# A copy of a ticket for every other place of its session, each with a hold, a booking and a payment of its own, and spread over the guests:
# what the planner learns of the tables is then what sales would have made of them, as with pretix, whose tickets for the gate
# come in orders of their own.
SAME_TICKETS = """
CREATE TEMP TABLE copies ON COMMIT DROP AS
SELECT t.id AS ticket, b.id AS booking, b.hold_id AS hold, s.id AS seat, gen_random_uuid() AS new_ticket,
       guests.ids[1 + s.id % cardinality(guests.ids)] AS guest,
       gen_random_uuid() AS new_booking, gen_random_uuid() AS new_hold,
       upper(translate(substr(md5(random()::text), 1, 12), '0123456789', 'ghjkmnpqrs')) AS letters
FROM tickets t JOIN bookings b ON b.id = t.booking_id JOIN seats s ON s.session_id = t.session_id AND s.id <> t.seat_id
CROSS JOIN (SELECT array_agg(id) AS ids FROM users WHERE is_guest) guests
WHERE t.code = '{code}';
INSERT INTO holds
SELECT (jsonb_populate_record(h, jsonb_build_object('id', c.new_hold, 'user_id', c.guest))).* FROM copies c JOIN holds h ON h.id = c.hold;
INSERT INTO bookings
SELECT (jsonb_populate_record(b, jsonb_build_object(
    'id', c.new_booking, 'hold_id', c.new_hold, 'user_id', c.guest, 'reference', 'RL-' || c.letters))).*
FROM copies c JOIN bookings b ON b.id = c.booking;
INSERT INTO payments
SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'booking_id', c.new_booking))).*
FROM copies c JOIN payments p ON p.booking_id = c.booking;
INSERT INTO tickets
SELECT (jsonb_populate_record(t, jsonb_build_object(
    'id', c.new_ticket, 'booking_id', c.new_booking, 'user_id', c.guest, 'holder', gen_random_uuid(), 'seat_id', c.seat,
    'code', 'TCK-' || c.letters))).*
FROM copies c JOIN tickets t ON t.id = c.ticket
"""


@dataclass
class Rushline:
    """A running Rushline; each round sells a show of its own."""

    postgres: Postgres
    side: Side
    own: list[int]
    url: str
    admin: str
    """The admin's access token."""
    shows: int = 0
    guests: list[str] = field(default_factory=list)
    """Access tokens."""
    codes: list[str] = field(default_factory=list)
    """Tickets that nobody has used."""
    variables: dict[str, str] = field(default_factory=dict)

    @classmethod
    def start(cls, machine: Machine, postgres: Postgres, binary: Path) -> Rushline:
        postgres.psql(f"CREATE DATABASE {DATABASE}")
        listen = f"127.0.0.1:{free_port()}"
        address = f"postgres://postgres@localhost:{postgres.port}/{DATABASE}?host={postgres.folder}"
        command = [str(binary), "all", "--listen", listen, "--data-dir", str(machine.folder / "rushline-data")]
        env = {**SETTINGS, "RUSHLINE_DATABASE_URL": address}
        process = machine.start("rushline", [*command, "--public-url", f"http://{listen}"], env)
        url = f"http://{listen}"
        wait_until(lambda: _is_ready(url), process, "Rushline", machine.log("rushline"))
        side = Side("rushline", url, [process.pid, postgres.process.pid])
        this = cls(postgres, side, [process.pid], url, "")
        this.admin = this.call("POST", "/users/login", ADMIN)["token"]
        with ThreadPoolExecutor(8) as pool:
            this.guests = list(pool.map(this._guest, range(GUESTS)))
        return this

    def prepare(self, tickets: int) -> None:
        """A show for the next round, tickets for its gate, and the statistics that autovacuum would have made."""
        self.shows += 1
        self.codes = self._sold(self._show(f"Gate {self.shows}", tickets))
        show = self._show(f"Show {self.shows}", STOCK)
        session = show["sessions"][0]
        self.variables = {
            "RUSHLINE_EVENT": str(show["id"]),
            "RUSHLINE_SESSION": str(session["id"]),
            "RUSHLINE_TICKET_TYPE": str(session["ticket_types"][0]["id"]),
            "RUSHLINE_TOKEN": self.admin,
        }
        self.postgres.psql("VACUUM ANALYZE", DATABASE)
        time.sleep(REST_S)
        self.forget_jobs()

    def run(self, load: str, pace: Pace) -> Round:
        lines: Iterable[str] = self.codes if load == "checkins" else self.guests
        measured = drive(self.side, load, pace, self.variables, lines)
        self.forget_jobs()
        return measured

    def forget_jobs(self) -> None:
        """Mails of what was sold: they would otherwise run beside the next measurement, whichever it is."""
        self.postgres.psql("DELETE FROM jobs WHERE status = 'ready'", DATABASE)

    def memory_mb(self) -> tuple[float, float]:
        """Its own memory, and that of PostgreSQL's sessions that serve it."""
        return memory_mb(family(self.own)), memory_mb(sessions_of(self.postgres, DATABASE))

    def call(self, method: str, path: str, body: object = None, token: str | None = None) -> Any:
        """Calls the API; the answer's JSON."""
        headers = {"Content-Type": "application/json"}
        if token or self.admin:
            headers["Authorization"] = f"Bearer {token or self.admin}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=90) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Broken(f"{method} {path} answered {error.code}: {error.read().decode()}") from error

    def _guest(self, number: int) -> str:
        guest = {"name": "A Fan", "email": f"fan-{number}@bench.example"}
        token: str = self.call("POST", "/users/guests", guest)["token"]
        return token

    def _show(self, name: str, tickets: int) -> dict[str, Any]:
        kind = {"name": "General Admission", "price_minor": 1000, "quantity": tickets}
        starts_at = "2099-06-01T18:00:00Z"
        show = {
            "name": name,
            "description": "A show to sell out",
            "venue": "Stage Arena",
            "event_date": starts_at,
            "category": "concert",
            "per_person_limit": 1000,
            "sessions": [{"starts_at": starts_at, "ticket_types": [kind]}],
        }
        made: dict[str, Any] = self.call("POST", "/events", show)
        detail: dict[str, Any] = self.call("GET", f"/events/{made['id']}")
        return detail

    def _sold(self, show: dict[str, Any]) -> list[str]:
        """Sells a ticket, and makes one like it for each other place of the show; the codes of all."""
        wanted = {"event_id": show["id"], "quantity": 1, "card_number": "4242424242424242"}
        sold = self.call("POST", "/orders", wanted, self.guests[0])["tickets"][0]["ticket_code"]
        self.postgres.psql(f"BEGIN;{SAME_TICKETS.format(code=sold)};COMMIT", DATABASE)
        event = show["id"]
        return self.postgres.psql(f"SELECT code FROM tickets WHERE event_id = {event}", DATABASE).split()


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
