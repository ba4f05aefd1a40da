import { createHmac } from "node:crypto";
import { enter, signIn } from "./support/fan-page";
import { expect, test } from "./support/test";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const step_ms = 30_000;

/** The code that an authenticator app shows (RFC 6238: SHA-1, six digits, 30 seconds). */
function codeOf(secret: string, atMs: number): string {
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / step_ms)));
  const hash = createHmac("sha1", key).update(counter).digest();
  const offset = hash[19]! & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("an account with a second factor asks for it, takes a recovery code once, and goes back to one factor", async ({
  browser,
  page,
  server,
  stage,
}) => {
  const alice = await stage.organiser("Alice");
  await enter(page, alice, "/account");
  await page.getByRole("button", { name: "Set it up" }).click();
  const secret = (await page.locator("form code").innerText()).replaceAll(/\s/g, "");
  await page.getByLabel("Code", { exact: true }).fill(codeOf(secret, Date.now()));
  await page.getByRole("button", { name: "Switch it on" }).click();
  const listed = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(listed).toHaveCount(10);
  const codes = await listed.allInnerTexts();
  expect(new Set(codes).size).toBe(10);
  await page.getByRole("button", { name: "I have kept them" }).click();
  await expect(page.getByText("10 recovery codes are left.")).toBeVisible();

  const other = await (await browser.newContext({ baseURL: server.url })).newPage();
  await other.goto("/login?next=/account");
  await signIn(other, alice);
  await other.getByLabel("Code", { exact: true }).fill("000000");
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other.getByRole("alert")).toBeVisible();
  await other.getByLabel("Code", { exact: true }).fill(codes[0]!);
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other.getByText("9 recovery codes are left.")).toBeVisible();

  await other.getByLabel("Code", { exact: true }).fill(codes[1]!);
  await other.getByRole("button", { name: "Switch it off" }).click();
  await expect(other.getByRole("button", { name: "Set it up" })).toBeVisible();
  await other.context().close();
});
