import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sha256Start, solve } from "../src/sha256";

const digest = (text: string) => createHash("sha256").update(text).digest();

describe("the small task", () => {
  it.each(["", "abc", "challenge.17", "é".repeat(40), "x".repeat(55), "x".repeat(56), "x".repeat(64), "x".repeat(500)])(
    "hashes “%s” as everybody does",
    (text) => expect(sha256Start(text)).toBe(digest(text).readUInt32BE(0)),
  );
  it("is solved by the first number whose digest begins with enough zeros", () => {
    const zeros = (nonce: number) => Math.clz32(digest(`of the room.${nonce}`).readUInt32BE(0));
    const nonce = solve("of the room", 10);
    expect(zeros(nonce)).toBeGreaterThanOrEqual(10);
    for (let smaller = 0; smaller < nonce; smaller++) expect(zeros(smaller)).toBeLessThan(10);
  });
});
