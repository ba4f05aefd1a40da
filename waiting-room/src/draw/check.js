// Checks a draw in the visitor's own browser, by WebCrypto: the server's word is taken for nothing. The forms are those of
// docs/fairness.md. Loaded by the page /queue/ROOM/draw alone; node can import it too.

const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromText = (text) => new TextEncoder().encode(text);

function joined(...pieces) {
  const all = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

const sha256 = async (...pieces) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...pieces)));

/** Microseconds since 1970 of an RFC 3339 instant in UTC. */
function micros(instant) {
  const [, at, fraction = ""] = /^(.*?)(?:\.(\d+))?Z$/.exec(instant);
  return Date.parse(`${at}Z`) * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

/** The root that a leaf and its path lead to (RFC 9162 §2.1.3.2); null when the path has the wrong length. */
async function rootOf(leaf, index, size, path) {
  let [node, last, hash] = [index, size - 1, await sha256(Uint8Array.of(0), leaf)];
  for (const step of path.map(fromHex)) {
    if (last === 0) return null;
    if (node % 2 || node === last) {
      hash = await sha256(Uint8Array.of(1), step, hash);
      while (node % 2 === 0 && node) [node, last] = [node >>> 1, last >>> 1];
    } else {
      hash = await sha256(Uint8Array.of(1), hash, step);
    }
    [node, last] = [node >>> 1, last >>> 1];
  }
  return last === 0 ? toHex(hash) : null;
}

function leafOf(number, hash) {
  const eight = new Uint8Array(8);
  new DataView(eight.buffer).setBigUint64(0, BigInt(number));
  return joined(eight, hash);
}

/** Whether a statement is signed by one of the keys; null in browsers without Ed25519. */
async function isSigned(keys, by, lines) {
  const jwk = keys.keys.find((key) => key.kid === by.kid);
  if (!jwk) return false;
  try {
    const key = await crypto.subtle.importKey("jwk", { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, fromHex(by.signature), fromText(`${lines.join("\n")}\n`));
  } catch {
    return null;
  }
}

async function orderKey(outcome, root) {
  const secret = await crypto.subtle.importKey("raw", fromHex(outcome.seed), "HKDF", false, ["deriveBits"]);
  const info = joined(fromText("rushline draw order 1\n"), fromHex(root));
  const salt = fromHex(outcome.randomness ?? "");
  const bits = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, secret, 256);
  return crypto.subtle.importKey("raw", bits, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/** The hashes of a list in the drawn order. */
export async function orderOf(draw, hashes) {
  const key = await orderKey(draw.outcome, draw.list.root);
  const room = fromText(`${draw.room}\n`);
  const drawn = [];
  for (const hash of hashes) {
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, joined(room, fromHex(hash))));
    drawn.push(toHex(mac) + hash);
  }
  return drawn.sort().map((both) => both.slice(64));
}

/**
 * Each check as [key, holds, ...values]: the key of its sentence in the page's words, and what stands in the sentence;
 * `holds` is null where this browser cannot tell. Throws nothing.
 */
export async function check(draw, keys, proof, lines) {
  const { room, epoch, commitment, list, outcome } = draw;
  const checks = [];
  const say = (...check) => checks.push(check);
  const statement = ["rushline draw commitment 1", room, epoch, commitment.hash, micros(commitment.at), micros(commitment.lobby_at)];
  say("early", micros(commitment.at) < micros(commitment.lobby_at));
  say("committed", await isSigned(keys, commitment.signed, statement));
  if (list) {
    const { kind, chain, round } = list.beacon;
    const plan = kind === "drand" ? `drand ${chain} ${round}` : kind;
    const lines = ["rushline draw list 1", room, epoch, commitment.hash, list.root, list.size, micros(list.closed_at), micros(list.at), plan];
    say("listed", await isSigned(keys, list.signed, lines));
  }
  if (outcome) {
    const seed = await sha256(fromText("rushline draw seed 1\n"), fromHex(outcome.seed), fromText(`${room}\n${epoch}`));
    say("seed", toHex(seed) === commitment.hash);
    if (outcome.beacon_signature) {
      const hash = toHex(await sha256(fromHex(outcome.beacon_signature)));
      say("beacon", hash === outcome.randomness);
    }
    const { seed: said, randomness, fallback, order_hash, at } = outcome;
    const values = ["rushline draw outcome 1", room, epoch, list.root, said, randomness ?? "-", fallback ?? "-", order_hash, micros(at)];
    say("outcome", await isSigned(keys, outcome.signed, values));
  }
  if (proof) {
    const hash = await sha256(fromText("rushline place 1\n"), fromHex(proof.place.replaceAll("-", "")), fromHex(proof.salt));
    const root = await rootOf(leafOf(proof.number, hash), proof.index, list.size, proof.path);
    say("place", root === list.root && toHex(hash) === proof.hash);
  }
  if (lines) {
    const hashes = lines.map((line) => JSON.parse(line).h);
    const order = await orderOf(draw, hashes);
    const fingerprint = await sha256(...order.map(fromHex));
    say("order", toHex(fingerprint) === outcome.order_hash);
    if (proof) say("mine", order[proof.rank - 1] === proof.hash, proof.rank, order.length);
  }
  return checks;
}

/** The keys of what makes a draw weaker, from the document itself as everything here (`DrawDocument::weaker`). */
export function weaker({ list, outcome }) {
  const keys = [];
  if (list?.beacon.kind === "none") keys.push("weak_none");
  if (list?.beacon.kind === "file") keys.push("weak_file");
  if (outcome?.fallback) keys.push("weak_silent");
  return keys;
}

/** Shows a list of [kind, mark, sentence]. */
function tell(...lines) {
  const items = lines.map(([kind, mark, sentence]) => {
    const item = document.createElement("li");
    item.className = kind;
    const sign = document.createElement("b");
    sign.textContent = mark;
    item.append(sign, ` ${sentence}`);
    return item;
  });
  document.getElementById("said").replaceChildren(...items);
}

/** Speaks the page's words, with numbers as its language writes them. */
function speaker() {
  const words = JSON.parse(document.getElementById("words").textContent);
  const figures = new Intl.NumberFormat(document.documentElement.lang);
  const written = (value) => (typeof value === "number" ? figures.format(value) : value);
  return (key, ...values) => words[key].replace(/\{(\d)\}/g, (_, at) => written(values[at]));
}

/** Fills the page. */
async function show(room, say) {
  tell(["note", "…", say("checking")]);
  const base = `/api/v1/rooms/${room}`;
  const json = async (path) => {
    const answer = await fetch(base + path, { cache: "no-store" });
    return answer.ok ? answer.json() : null;
  };
  const line = ([key, holds, ...values]) => {
    const sentence = say(key, ...values);
    if (holds === null) return ["unknown", "?", say("unchecked", sentence)];
    return holds ? ["holds", "✓", sentence] : ["broken", "✗", say("broken", sentence)];
  };
  const write = (checks) => tell(...checks.map(line), ...weaker(draw).map((key) => ["note", "!", say(key)]));
  const [draw, keys, proof] = await Promise.all([json("/draw"), json("/keys"), json("/draw/proof")]);
  if (!draw || !keys) {
    tell(["note", "!", say("none")]);
    return;
  }
  document.getElementById("mine").textContent = proof
    ? say("mine", proof.rank, draw.list.size)
    : draw.outcome
      ? say("not_mine")
      : say("not_yet");
  write(await check(draw, keys, proof));
  const whole = document.getElementById("whole");
  whole.hidden = !draw.outcome;
  whole.onclick = async () => {
    whole.disabled = true;
    whole.textContent = say("computing");
    try {
      const text = await (await fetch(`${base}/draw/list`)).text();
      // Nobody in the lobby makes a list without a line.
      write(await check(draw, keys, proof, text.split("\n").filter(Boolean)));
    } catch {
      tell(["note", "!", say("unfinished")]);
    }
    whole.hidden = true;
  };
}

if (globalThis.document) {
  const room = /^\/queue\/([a-z0-9-]{1,64})\/draw$/.exec(location.pathname)?.[1];
  const say = speaker();
  if (room) void show(room, say).catch(() => {
    tell(["note", "!", say("unfinished")]);
  });
}
