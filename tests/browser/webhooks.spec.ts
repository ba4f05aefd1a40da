import { enter } from "./support/fan-page";
import { admin } from "./support/server";
import { Receiver } from "./support/receiver";
import { axe, expect, test } from "./support/test";

test.use({ settings: { RUSHLINE_WEBHOOKS_ALLOW_PRIVATE: "true" } });

test("an endpoint hears of a booking, signed; what failed is looked at and sent again", async ({ page, stage }) => {
  test.slow();
  const receiver = await Receiver.start();
  const sale = await stage.sale();
  await enter(page, admin, "/organise/webhooks");
  const dialog = page.getByRole("dialog");

  const secret = await test.step("adds it; its secret is shown once", async () => {
    await page.getByRole("button", { name: "New webhook" }).click();
    await dialog.getByLabel("Address").fill("https://someone:secret@example.com/");
    await dialog.getByRole("button", { name: "Add it" }).click();
    await expect(dialog.getByText("Leave name and password out of the address")).toBeVisible();
    await dialog.getByLabel("Address").fill(receiver.url);
    await dialog.getByLabel("What it is for").fill("Our books");
    await dialog.getByRole("button", { name: "Add it" }).click();
    const shown = await dialog.getByText(/^whsec_/).innerText();
    await dialog.getByRole("button", { name: "I have kept it" }).click();
    await expect(page.getByRole("heading", { name: "Our books" })).toBeVisible();
    return shown;
  });

  await test.step("hears of a booking", async () => {
    await stage.buy(await stage.shopper("Alice"), sale.event, 2);
    await expect.poll(() => receiver.arrived.length).toBe(1);
    const [message] = receiver.arrived;
    expect(JSON.parse(message!.body)).toMatchObject({ type: "booking.confirmed" });
    expect(message!.isSignedBy(secret)).toBe(true);
  });

  await test.step("fails, is seen to fail, and is sent again", async () => {
    receiver.status = 500;
    await page.getByRole("button", { name: "Send a test" }).click();
    await expect.poll(() => receiver.arrived.length).toBe(2);
    receiver.status = 204;
    await page.getByRole("button", { name: "Deliveries" }).click();
    await expect(dialog.getByRole("row").filter({ hasText: "booking.confirmed" })).toContainText("Delivered");
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole("row").filter({ hasText: "webhook.ping" }).getByRole("button", { name: /^See/ }).click();
    await expect(dialog.getByText(/answered 500/)).toBeVisible();
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Send it again" }).click();
    await expect.poll(() => receiver.arrived.length).toBeGreaterThanOrEqual(3);
    await expect(dialog.getByRole("row").filter({ hasText: "webhook.ping" }).first()).toContainText("Delivered");
    await dialog.getByRole("button", { name: "Close" }).click();
  });

  await test.step("gets another secret, rests, wakes, goes", async () => {
    await page.getByRole("button", { name: "New secret" }).click();
    await dialog.getByRole("button", { name: "Make a new one" }).click();
    await expect(dialog.getByText(/^whsec_/)).not.toHaveText(secret);
    await dialog.getByRole("button", { name: "I have kept it" }).click();
    await page.getByRole("button", { name: "Pause" }).click();
    await expect(page.getByText("Messages are skipped while it is paused.")).toBeVisible();
    expect(await axe(page)).toEqual([]);
    await page.getByRole("button", { name: "Switch on" }).click();
    await expect(page.getByText("On", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Change" }).click();
    await dialog.getByLabel("What it is for").fill("The books");
    await dialog.getByLabel("Somebody came in").check();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("heading", { name: "The books" })).toBeVisible();
    await expect(page.getByText("booking.confirmed · ticket.checked_in")).toBeVisible();
    await page.getByRole("button", { name: "Delete" }).click();
    await dialog.getByRole("button", { name: "Delete it" }).click();
    await expect(page.getByText("No webhooks yet")).toBeVisible();
  });
  await receiver.stop();
});
