import { enter } from "../support/fan-page";
import { Receiver } from "../support/receiver";
import { Server } from "../support/server";
import { at, Sheets } from "../support/sheet";
import type { Account } from "../support/stage";
import { expect, test as base } from "../support/test";

/** A shop that also sends texts, so that an account can have a number. */
const test = base.extend<{ texts: Receiver }>({
  texts: async ({}, use) => {
    const texts = await Receiver.start();
    await use(texts);
    await texts.stop();
  },
  server: async ({ texts }, use) => {
    const server = await Server.start({ settings: { RUSHLINE_SMS_GATEWAY_URL: texts.url } });
    await use(server);
    await server.remove();
  },
});

/** The link of a kind in the newest mails to somebody. */
async function linkTo(server: Server, { email }: Account, path: string): Promise<string> {
  await expect.poll(() => server.link(email, path)).not.toBeNull();
  return server.link(email, path)!;
}

test("the ways into an account", async ({ browser, server, stage }) => {
  const people = [await stage.shopper("Ada"), await stage.shopper("Ben"), await stage.shopper("Cleo"), await stage.shopper("Dev")];
  const guests = await Sheets.open(browser, server.url, at("/"));
  await guests.take("fans-forgot-password", at("/forgot-password"));
  let asked = 0;
  await guests.take("fans-forgot-sent", async (page) => {
    await page.getByLabel("E-mail").fill(people[asked++]!.email);
    await page.getByRole("button", { name: "Send the link" }).click();
    await page.getByText("Look in your mail").waitFor();
  });
  let chosen = 0;
  const links = await Promise.all(people.map((person) => linkTo(server, person, "/reset-password")));
  await guests.take("fans-reset-password", (page) => at(links[chosen++]!)(page));
  await guests.take("fans-reset-done", async (page) => {
    await page.getByLabel("New password").fill("A better password 2");
    await page.getByRole("button", { name: "Save the password" }).click();
    await page.getByRole("link", { name: "Sign in" }).last().waitFor();
  });
  await guests.take("fans-link-incomplete", at("/reset-password"));
  let confirmed = 0;
  const proofs = await Promise.all(people.map((person) => linkTo(server, person, "/verify-email")));
  await guests.take("fans-verify-email", async (page) => {
    await at(proofs[confirmed++]!)(page);
    await page.getByText("Confirmed", { exact: true }).waitFor();
  });
  await guests.take("fans-link-over", async (page) => {
    await at("/verify-email?token=none")(page);
    await page.getByText("That didn't work").waitFor();
  });
  await guests.close();
});

test("the number that texts go to", async ({ browser, server, stage, texts }) => {
  const people = [await stage.shopper("Ada"), await stage.shopper("Ben"), await stage.shopper("Cleo"), await stage.shopper("Dev")];
  let entered = 0;
  const fans = await Sheets.open(browser, server.url, (page) => enter(page, people[entered++]!, "/account"));
  const title = { name: "Text messages" };
  await fans.take("fans-phone", (page) => page.getByRole("heading", title).evaluate((head) => head.scrollIntoView({ block: "center" })));
  let number = 0;
  await fans.take("fans-phone-code", async (page) => {
    await page.getByLabel("Phone number").fill(`+49 151 1234567${number++}`);
    await page.getByRole("button", { name: "Send me a code" }).click();
    await page.getByRole("button", { name: "Confirm the number" }).waitFor();
  });
  let proven = 0;
  await fans.take("fans-phone-proven", async (page) => {
    const mine = `+491511234567${proven++}`;
    await expect.poll(() => texts.arrived.some(({ body }) => body.includes(mine))).toBe(true);
    const { text } = JSON.parse(texts.arrived.find(({ body }) => body.includes(mine))!.body) as { text: string };
    await page.getByLabel("Code", { exact: true }).fill(/\d{6}/.exec(text)![0]);
    await page.getByRole("button", { name: "Confirm the number" }).click();
    await page.getByText("Messages go to").waitFor();
  });
  await fans.close();
});
