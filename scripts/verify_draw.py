#!/usr/bin/env python3
"""Recomputes a draw of a Rushline waiting room from what was published. Python's standard library is all it needs.

    scripts/verify_draw.py FOLDER                                (draw.json, list.ndjson, keys.json)
    scripts/verify_draw.py https://tickets.example/api/v1/rooms/ROOM
    scripts/verify_draw.py FOLDER --mine PLACE SALT              (also says which number this place has drawn)

Written apart from the server's own code, after docs/fairness.md. It prints one line a check and fails when one does not
hold. One thing it does not check: the BLS signature by which drand signs its rounds, which needs arithmetic on elliptic
curves that the standard library does not have. It checks that the randomness is the hash of that signature; compare the
signature with drand's own addresses, or run `rushline verify-draw`, which verifies it.
"""

import base64
import datetime
import hashlib
import hmac
import json
import pathlib
import re
import sys
import urllib.request

CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
GENESIS_S, PERIOD_S, LEAD_S = 1692803367, 3, 5


def sha256(*pieces):
    return hashlib.sha256(b"".join(pieces)).digest()


def micros(instant):
    """Microseconds since 1970 of an RFC 3339 instant in UTC."""
    at, fraction = re.fullmatch(r"(.*?)(?:\.(\d+))?Z", instant).groups()
    at = datetime.datetime.fromisoformat(at + "+00:00")
    return int(at.timestamp()) * 1_000_000 + int((fraction or "").ljust(6, "0")[:6])


# Ed25519, RFC 8032: points as (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    sum_ = (0, 1, 1, 0)
    while n:
        if n & 1:
            sum_ = add(sum_, p)
        p, n = add(p, p), n >> 1
    return sum_


def point(encoded):
    """The point of 32 bytes, or None."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def is_signed(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(k, a))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


# The draw, as docs/fairness.md says.


def root_of(leaves):
    """RFC 6962: the larger power of two goes left. Bottom up, a lone hash rises as it is, which comes to the same."""
    level = [sha256(b"\0", leaf) for leaf in leaves]
    while len(level) > 1:
        pairs = [sha256(b"\1", level[n], level[n + 1]) for n in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0] if level else sha256()


def commitment_of(seed, room, epoch):
    return sha256(b"rushline draw seed 1\n", seed, room.encode(), b"\n", str(epoch).encode())


def key_of(seed, randomness, root):
    """HKDF with SHA-256, RFC 5869; one block is all that is needed."""
    secret = hmac.digest(randomness or bytes(32), seed, "sha256")
    return hmac.digest(secret, b"rushline draw order 1\n" + root + b"\1", "sha256")


def order_of(key, room, hashes):
    return sorted(hashes, key=lambda place: (hmac.digest(key, room.encode() + b"\n" + place, "sha256"), place))


def place_hash(place, salt):
    return sha256(b"rushline place 1\n", bytes.fromhex(place.replace("-", "")), bytes.fromhex(salt))


def verify(draw, lines, keys, mine=None):
    """Yields (name, holds, what to say otherwise) for each check, and ("weaker", None, sentence)."""
    public = {key["kid"]: base64.urlsafe_b64decode(key["x"] + "=") for key in keys["keys"]}
    room, epoch, commitment = draw["room"], draw["epoch"], draw["commitment"]

    def signed(by, *lines):
        text = "".join(f"{line}\n" for line in lines).encode()
        return is_signed(public.get(by["kid"], b""), text, bytes.fromhex(by["signature"]))

    yield "format", draw["format"] == "rushline draw 1", "this is not a draw of version 1"
    at, lobby_at = micros(commitment["at"]), micros(commitment["lobby_at"])
    statement = ("rushline draw commitment 1", room, epoch, commitment["hash"], at, lobby_at)
    yield "commitment-signature", signed(commitment["signed"], *statement), "nobody has signed the commitment"
    yield "commitment-late", at < lobby_at, "the seed was committed to when people could join already"

    listing = draw.get("list")
    if not listing:
        yield "weaker", None, "There is no list yet."
        return
    entries = [(entry["n"], bytes.fromhex(entry["h"])) for entry in map(json.loads, lines)]
    yield "list-size", len(entries) == listing["size"], f"{listing['size']} were published, the list has {len(entries)}"
    yield "list-order", all(a[0] < b[0] for a, b in zip(entries, entries[1:])), "the list is not in its order"
    yield "list-once", len({place for _, place in entries}) == len(entries), "a place is in the list twice"
    root = root_of([number.to_bytes(8, "big") + place for number, place in entries])
    yield "list-root", root.hex() == listing["root"], "the list is not the one that was published"
    beacon, listed_at = listing["beacon"], micros(listing["at"])
    plan = f"drand {beacon['chain']} {beacon['round']}" if beacon["kind"] == "drand" else beacon["kind"]
    closed_at = micros(listing["closed_at"])
    statement = ("rushline draw list 1", room, epoch, commitment["hash"], listing["root"], listing["size"], closed_at)
    yield "list-signature", signed(listing["signed"], *statement, listed_at, plan), "nobody has signed the list"

    outcome = draw.get("outcome")
    if not outcome:
        yield "weaker", None, "There is no outcome yet."
        return
    seed, drawn_at = bytes.fromhex(outcome["seed"]), micros(outcome["at"])
    randomness, fallback = outcome.get("randomness"), outcome.get("fallback")
    if fallback or beacon["kind"] == "none":
        yield "beacon-unused", not randomness, "there is randomness although none was used"
        yield "weaker", None, f"The seed alone decided, which the operator knew ({fallback or 'no beacon was announced'})."
    elif beacon["kind"] == "file":
        yield "weaker", None, "The randomness came from a file of the operator: this is an exercise."
    else:
        due = (listed_at // 1_000_000 + LEAD_S - GENESIS_S) // PERIOD_S + 2
        right = beacon["chain"] == CHAIN and beacon["round"] == due
        yield "beacon-round", right, f"the first round after the list was published is {due}"
        said = bytes.fromhex(outcome.get("beacon_signature") or "")
        yield "beacon-randomness", sha256(said).hex() == randomness, "the randomness is not the signature's hash"
        yield "weaker", None, "Not checked here: that the signature is drand's. `rushline verify-draw` does."
    committed = commitment_of(seed, room, epoch)
    yield "seed", committed.hex() == commitment["hash"], "the seed is not the one that was committed to"
    key = key_of(seed, bytes.fromhex(randomness) if randomness else b"", bytes.fromhex(listing["root"]))
    order = order_of(key, room, [place for _, place in entries])
    yield "order", sha256(*order).hex() == outcome["order_hash"], "the order is not the one that was published"
    values = (outcome["seed"], randomness or "-", fallback or "-", outcome["order_hash"], drawn_at)
    statement = ("rushline draw outcome 1", room, epoch, listing["root"], *values)
    yield "outcome-signature", signed(outcome["signed"], *statement), "nobody has signed the outcome"
    if mine:
        place = place_hash(*mine)
        yield "mine", place in order, "this place is not in the list"
        if place in order:
            print(f"mine    drawn number {order.index(place) + 1} of {len(order)}")


def read(source):
    if source.startswith(("http://", "https://")):
        def text(path):
            with urllib.request.urlopen(f"{source.rstrip('/')}/{path}") as answer:
                return answer.read().decode()
        return json.loads(text("draw")), text("draw/list").splitlines(), json.loads(text("keys"))
    folder = pathlib.Path(source)
    draw, keys = (json.loads((folder / name).read_text()) for name in ("draw.json", "keys.json"))
    return draw, (folder / "list.ndjson").read_text().splitlines(), keys


def main(arguments):
    is_asked = len(arguments) == 1 and not arguments[0].startswith("-")
    if not is_asked and (len(arguments) != 4 or arguments[1] != "--mine"):
        sys.exit(__doc__)
    broken = 0
    for name, holds, otherwise in verify(*read(arguments[0]), mine=arguments[2:] or None):
        if holds is None:
            print(f"weaker  {otherwise}")
        elif holds:
            print(f"holds   {name}")
        else:
            print(f"BROKEN  {name}: {otherwise}")
            broken += 1
    sys.exit(f"{broken} checks do not hold." if broken else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
