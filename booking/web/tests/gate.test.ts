import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { problemFrom } from "../src/api/problem";
import type { ListedTicket, TakenAlong } from "../src/api/types";
import { failureOf } from "../src/checkin/api";
import { type Book, bookOf, find, findables, isShown, judgeCode, judgeQr, readShown } from "../src/checkin/book";
import {
  admittedResult,
  countUnsynced,
  type Entry,
  isConflict,
  nextReport,
  pauseAfter,
  refreshPause,
  settle,
  stands,
  workOf,
} from "../src/checkin/entries";
import { isGenuine, keysOf, type TicketKey, verifyWithLibrary, bytesOf } from "../src/checkin/keys";
import { Sightings } from "../src/checkin/sightings";
import { readStatement, type Statement } from "../src/checkin/statement";
import { inside, reasonText, refused, refusedBy, subject } from "../src/checkin/verdict";
import { nothingTyped, typed } from "../src/checkin/wedge";

const now = Date.parse("2026-03-01T20:00:00Z");

const listed = (n: number, more: Partial<ListedTicket> = {}): ListedTicket => ({
  id: `00000000-0000-0000-0000-00000000000${n}`,
  code: `TCK-BCDFGHJKM${n}`,
  reference: `RL-AB${n}`,
  holder_name: "Zoë Müller",
  ticket_type: "Stalls",
  section: "Parterre",
  row: "C",
  label: String(10 + n),
  ...more,
});

const along = (more: Partial<TakenAlong> = {}): TakenAlong => ({
  session: 7,
  as_of: "2026-03-01T19:00:00Z",
  issued: 3,
  dead: [],
  used: [],
  outside: [],
  ...more,
});

/** What the server would print on a ticket, with a key of this test's own. */
function signer() {
  const pair = generateKeyPairSync("ed25519");
  const { x } = pair.publicKey.export({ format: "jwk" }) as { x: string };
  const key: TicketKey = { kid: "ticket-1", x };
  const text = async (ticket: string, session = 7) => {
    const bytes = new Uint8Array(70);
    bytes[0] = 1;
    bytes.set(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key.kid))).slice(0, 4), 1);
    bytes.set([0, 0, 1, 0, 9], 5);
    bytes[14] = session;
    bytes[19] = 3;
    bytes.set(Buffer.from(ticket.replaceAll("-", ""), "hex"), 36);
    bytes[69] = 2;
    return `RL1.${base32(new Uint8Array([...bytes, ...sign(null, bytes, pair.privateKey)]))}`;
  };
  return { key, text };
}

function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(group.padEnd(5, "0"), 2)]).join("");
}

describe("what a QR code says", () => {
  const ticket = listed(1).id;

  it("is read as it is printed", async () => {
    const { text } = signer();
    const code = await text(ticket);
    expect(code).toHaveLength(219);
    expect(readStatement(` ${code}\n`)).toMatchObject({ event: 65_545, session: 7, seat: 3, ticket, generation: 2 });
  });

  it.each([
    "",
    "RL1.",
    "RL1.AAAA",
    "TCK-BCDFGHJKM1",
    "https://rushline.example",
    `RL1.${"A".repeat(215)}`,
    `RL1.${"1".repeat(215)}`,
  ])("is not read from %s", (text) => expect(readStatement(text)).toBeNull());

  it("is believed with the right key alone, by the browser and by the library", async () => {
    const { key, text } = signer();
    const statement = readStatement(await text(ticket)) as Statement;
    const altered = { ...statement, signed: statement.signed.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) };
    const stranger = { ...signer().key, kid: key.kid };
    const verdicts = await Promise.all([
      isGenuine(statement, [{ ...key, kid: "ticket-0" }, key]),
      isGenuine(altered, [key]),
      isGenuine(statement, [stranger]),
      isGenuine(statement, []),
      verifyWithLibrary(statement, bytesOf(key.x)),
      verifyWithLibrary(altered, bytesOf(key.x)),
      verifyWithLibrary(statement, bytesOf(stranger.x)),
    ]);
    expect(verdicts).toEqual([true, false, false, false, true, false, false]);
  });

  it("takes Ed25519 keys from a JWK set, and nothing else", () => {
    const okp = { kty: "OKP", crv: "Ed25519", kid: "a", x: "AA" };
    expect(keysOf({ keys: [okp, { ...okp, crv: "X25519" }, { kty: "RSA", kid: "b" }, null] })).toEqual([
      { kid: "a", x: "AA" },
    ]);
    expect(keysOf("nonsense")).toEqual([]);
  });
});

describe("a gate without a network", () => {
  const [valid, used, cancelled, passedOn] = [1, 2, 3, 4].map((n) => listed(n)) as [
    ListedTicket,
    ListedTicket,
    ListedTicket,
    ListedTicket,
  ];
  const first = { at: "2026-03-01T18:30:00Z", gate: "North" };
  const book: Book = bookOf(
    [valid, used, cancelled, passedOn],
    along({
      used: [{ ticket: used.id, ...first }],
      dead: [
        { ticket: cancelled.id, reason: "cancelled" },
        { ticket: passedOn.id, reason: "transferred" },
      ],
    }),
    [],
  );
  const said = (ticket: string, session = 7) => ({ ticket, session }) as Statement;

  it("decides in the server's order", () => {
    expect(judgeQr(book, said(valid.id), true)).toEqual({ kind: "admit", ticket: valid.id });
    expect(judgeQr(book, said(valid.id), false)).toMatchObject({ reason: "forged" });
    expect(judgeQr(book, null, true)).toMatchObject({ reason: "forged" });
    expect(judgeQr(book, said(valid.id, 8), true)).toMatchObject({ reason: "wrong-session", session: 8 });
    expect(judgeQr(book, said(cancelled.id), true)).toMatchObject({ reason: "cancelled" });
    expect(judgeQr(book, said(passedOn.id), true)).toMatchObject({ reason: "transferred" });
    expect(judgeQr(book, said(used.id), true)).toEqual({ kind: "inside", ticket: used.id, first });
  });

  it("believes a genuine QR code of a ticket issued after the list, but no typed code", () => {
    expect(judgeQr(book, said("ffffffff-0000-0000-0000-000000000000"), true).kind).toBe("admit");
    expect(judgeCode(book, "TCK-UNKNOWN")).toEqual({ kind: "unlisted" });
    expect(judgeCode(book, valid.code)).toEqual({ kind: "admit", ticket: valid.id });
  });

  it("remembers its own entries, and the server's first", () => {
    const own = [
      { ticket: valid.id, at: "2026-03-01T19:30:00Z", gate: "South" },
      { ticket: used.id, at: "2026-03-01T19:31:00Z", gate: "South" },
    ];
    const later = bookOf([valid, used], along({ used: [{ ticket: used.id, ...first }] }), own);
    expect(later.inside.get(valid.id)?.gate).toBe("South");
    expect(later.inside.get(used.id)).toEqual(first);
  });

  it("lets in again who was let out, once", () => {
    const out = along({ used: [{ ticket: used.id, ...first }], outside: [used.id] });
    expect(judgeQr(bookOf([used], out, []), said(used.id), true)).toEqual({ kind: "admit", ticket: used.id });
    const before = { ticket: used.id, at: "2026-03-01T18:30:00Z", gate: "South" };
    expect(judgeQr(bookOf([used], out, [before]), said(used.id), true).kind).toBe("admit");
    const back = { ...before, at: "2026-03-01T19:30:00Z" };
    expect(judgeQr(bookOf([used], out, [back]), said(used.id), true).kind).toBe("inside");
  });

  it("takes codes as people type them", () => {
    expect(readShown(" tck-abc123 ")).toEqual({ code: "TCK-ABC123" });
    expect(readShown("abcdefghjk")).toEqual({ code: "TCK-ABCDEFGHJK" });
    expect(readShown("RL1.AAAA")).toEqual({ qr: "RL1.AAAA" });
    expect(readShown("https://elsewhere.example/x")).toEqual({ qr: "https://elsewhere.example/x" });
    expect(["tck-abc123", "RL1.AAAA", "Alice"].map(isShown)).toEqual([true, true, false]);
  });
});

describe("finding a ticket by hand", () => {
  const all = findables([
    listed(1),
    listed(2, { holder_name: "Alice O'Neill", row: null, label: null, section: null, ticket_type: "Standing" }),
  ]);
  it.each([
    ["zoe mul", 1],
    ["MÜLLER", 1],
    ["rl-ab2", 2],
    ["ab2", 2],
    ["tck-bcdfghjkm1", 1],
    ["c11", 1],
    ["row c seat 11", 1],
    ["alice standing", 2],
  ])("%s finds it", (query, n) => expect(find(all, query, 5).map((each) => each.code)).toEqual([listed(n).code]));

  it("finds nothing for nothing, and no more than asked", () => {
    expect(find(all, "  ", 5)).toEqual([]);
    expect(find(all, "uller", 5)).toEqual([]);
    expect(find(all, "tck", 1)).toHaveLength(1);
  });
});

describe("entries on their way to the server", () => {
  const entry = (more: Partial<Entry> = {}): Entry => ({
    id: "e1",
    session: 7,
    ticket: listed(1).id,
    shown: { code: listed(1).code },
    gate: "South",
    at: "2026-03-01T19:30:00Z",
    tries: 0,
    result: null,
    settled_at: null,
    isUndone: false,
    isUndoTold: false,
    ...more,
  });
  const done = { tries: 1, result: admittedResult, settled_at: now };

  it.each([
    ["just made", entry(), "report"],
    ["answer lost", entry({ tries: 2 }), "report"],
    ["known", entry(done), null],
    ["taken back before anybody knew", entry({ isUndone: true }), null],
    ["taken back, and perhaps known", entry({ isUndone: true, tries: 1 }), "report"],
    ["taken back and known", entry({ ...done, isUndone: true }), "undo"],
    ["taken back and told", entry({ ...done, isUndone: true, isUndoTold: true }), null],
  ] as const)("%s", (_, each, work) => expect(workOf(each)).toBe(work));

  it("go the oldest first, in bounded batches", () => {
    const entries = [entry({ id: "b", at: "2026-03-01T19:32:00Z" }), entry({ id: "a" }), entry({ id: "c", ...done })];
    expect(nextReport(entries, 50).map((each) => each.id)).toEqual(["a", "b"]);
    expect(nextReport(entries, 1)).toHaveLength(1);
    expect(countUnsynced(entries)).toBe(2);
  });

  it("are settled by what the server says, and what it objects to is a conflict", () => {
    const admitted = settle(entry(), { id: "e1", result: "admitted" }, now);
    expect([workOf(admitted), isConflict(admitted), admitted.settled_at]).toEqual([null, false, now]);
    const second = settle(
      entry(),
      { id: "e1", result: "already-used", first_used_at: "2026-03-01T19:00:00Z", gate: "North" },
      now,
    );
    expect([isConflict(second), second.result?.gate]).toEqual([true, "North"]);
    expect(isConflict(settle(entry(), { id: "e1", result: "ticket-invalid", reason: "transferred" }, now))).toBe(true);
    const undone = settle(entry({ isUndone: true, tries: 1 }), { id: "e1", result: "undone" }, now);
    expect([workOf(undone), isConflict(undone)]).toEqual([null, false]);
  });

  it("keep a ticket from being used again until the server's list knows better", () => {
    expect(stands(entry(), now)).toBe(true);
    expect(stands(entry({ isUndone: true }), now)).toBe(false);
    expect(stands(entry(done), now - 1)).toBe(true);
    expect(stands(entry(done), now + 1)).toBe(false);
  });

  it("are tried again after pauses that grow, spread and end", () => {
    expect([1, 2, 3, 20].map((failures) => pauseAfter(failures, 1))).toEqual([1_000, 2_000, 4_000, 60_000]);
    expect(pauseAfter(3, 0)).toBe(2_000);
    expect([0, 5_000, 1_000_000].map(refreshPause)).toEqual([20_000, 50_000, 300_000]);
  });
});

describe("verdicts in plain words", () => {
  const whom = subject(listed(1), "", true);
  const problem = (status: number, slug: string, extra = {}) =>
    problemFrom(status, { type: slug, title: "T", detail: "D", ...extra }, null);

  it("a used ticket is a question with its first time and gate", () => {
    const asked = refusedBy(
      whom,
      problem(409, "already-used", { first_used_at: "2026-03-01T19:57:00Z", gate: "North" }),
      now,
    );
    expect(asked).toMatchObject({
      light: "yellow",
      word: "Already in",
      holder: "Zoë Müller",
      place: "Parterre, row C, seat 11 · Stalls",
    });
    expect(asked.reason).toContain("gate North, 3 min ago");
    expect(inside(whom, { at: "2026-03-01T19:59:50Z", gate: "" }, now).reason).toContain("just now");
  });

  it.each(["unknown", "forged", "cancelled", "transferred", "reissued", "wrong-session", "wrong-event"])(
    "%s is a no",
    (reason) => {
      const no = refusedBy(whom, problem(422, "ticket-invalid", { reason }), now);
      expect(no.light).toBe("red");
      expect(no.reason).toBe(reasonText(reason));
      expect(no.entry).toBeNull();
    },
  );

  it("names the other show where it is known", () => {
    expect(refused(whom, "wrong-session", "Rock Night, Sat 20:00").reason).toBe(
      "This ticket is for Rock Night, Sat 20:00.",
    );
  });

  it("only a refusal is an answer", () => {
    const kinds = [
      problem(422, "ticket-invalid"),
      problem(503, "x"),
      problem(0, "offline"),
      problem(429, "x"),
      problem(401, "x"),
    ];
    expect(kinds.map((each) => failureOf(each).kind)).toEqual([
      "refused",
      "unreachable",
      "unreachable",
      "unreachable",
      "signed-out",
    ]);
    expect(failureOf(new DOMException("", "TimeoutError")).kind).toBe("unreachable");
  });
});

describe("what types and what is held up", () => {
  const type = (text: string, gap_ms: number) => {
    let state = nothingTyped;
    let done: string | null = null;
    let at = 1_000;
    for (const key of [...text, "Enter"]) {
      const step = typed(state, key, (at += gap_ms));
      state = step.next;
      done = step.done ?? done;
    }
    return done;
  };

  it("a scanner is quick and ends with Enter; a person is not a scanner", () => {
    expect(type("RL1.ABCDEF", 12)).toBe("RL1.ABCDEF");
    expect(type("RL1.ABCDEF", 200)).toBeNull();
    expect(type("abc", 12)).toBeNull();
    expect(typed({ text: "TCK-AB", at_ms: 100 }, "C", 900).next.text).toBe("TCK-ABC");
    expect(typed({ text: "RL", at_ms: 100 }, "Shift", 110).next.text).toBe("RL");
    expect(typed({ text: "x".repeat(512), at_ms: 100 }, "y", 110).next.text).toHaveLength(512);
  });

  it("a code held in view is one code; shown again later it is another", () => {
    const seen = new Sightings();
    expect([seen.isNew("a", 0), seen.isNew("a", 2_000), seen.isNew("b", 2_100), seen.isNew("b", 9_000)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    seen.resume(20_000);
    expect([seen.isNew("b", 21_000), seen.isNew("b", 30_000)]).toEqual([false, true]);
  });
});
