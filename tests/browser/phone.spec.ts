import { enter } from "./support/fan-page";
import { Receiver } from "./support/receiver";
import { Server } from "./support/server";
import { axe, expect, test as base } from "./support/test";

/** Each test's server sends its texts to a gateway of its own. */
const test = base.extend<{ gateway: Receiver }>({
  gateway: async ({}, use) => {
    const gateway = await Receiver.start();
    await use(gateway);
    await gateway.stop();
  },
  server: async ({ gateway }, use) => {
    const server = await Server.start({ settings: { RUSHLINE_SMS_GATEWAY_URL: gateway.url } });
    await use(server);
    await server.remove();
  },
});

/** The texts that arrived, the oldest first. */
const texts = (gateway: Receiver) => gateway.arrived.map(({ body }) => JSON.parse(body) as { to: string; text: string });

test("a phone number is given, proven by the code that comes to it, silenced and taken away", async ({ page, stage, gateway }) => {
  await enter(page, await stage.shopper("Alice"), "/account");
  await test.step("a number that is none is refused at its field, and kept", async () => {
    await page.getByLabel("Phone number").fill("0151 1234567");
    await page.getByRole("button", { name: "Send me a code" }).click();
    await expect(page.getByLabel("Phone number")).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByLabel("Phone number")).toHaveValue("0151 1234567");
    expect(texts(gateway)).toEqual([]);
  });

  await test.step("a code comes, in the language asked for", async () => {
    await page.getByLabel("Phone number").fill("+49 151 12345678");
    await page.getByLabel("Language of the messages").selectOption("de");
    await page.getByRole("button", { name: "Send me a code" }).click();
    await expect(page.getByText("We've texted a code to +4915112345678.")).toBeVisible();
    expect(await axe(page)).toEqual([]);
    await expect.poll(() => texts(gateway)).toMatchObject([{ to: "+4915112345678" }]);
  });
  const code = /\d{6}/.exec(texts(gateway)[0]!.text)![0];

  await test.step("another code is refused; the right one proves the number", async () => {
    await page.getByLabel("Code", { exact: true }).fill(code === "000000" ? "000001" : "000000");
    await page.getByRole("button", { name: "Confirm the number" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await page.getByLabel("Code", { exact: true }).fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await page.getByRole("button", { name: "Confirm the number" }).click();
    await expect(page.getByText("Messages go to +4915112345678.")).toBeVisible();
    expect(await axe(page)).toEqual([]);
  });

  await test.step("texts are switched off, and the number is taken away", async () => {
    const wanted = page.getByRole("checkbox", { name: "Text me what can't wait" });
    await wanted.click();
    await expect(wanted).not.toBeChecked();
    await page.reload();
    await expect(wanted).not.toBeChecked();
    await page.getByRole("button", { name: "Remove the number" }).click();
    await expect(page.getByLabel("Phone number")).toHaveValue("");
  });
});
