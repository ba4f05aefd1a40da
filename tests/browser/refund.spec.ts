import { enter } from "./support/fan-page";
import { admin } from "./support/server";
import { axe, expect, test } from "./support/test";

test("one ticket of three is given back: what comes back is shown before, and the others live on", async ({ page, stage }) => {
  const sale = await stage.sale();
  const alice = await stage.shopper("Alice");
  await stage.buy(alice, sale.event, 3);
  await enter(page, alice, "/bookings");
  await page.getByRole("link", { name: new RegExp(sale.name, "i") }).click();
  await page.getByRole("button", { name: "Give tickets back" }).click();
  const dialog = page.getByRole("dialog", { name: "Give tickets back?" });
  await expect(dialog.getByText("$150.00", { exact: true })).toBeVisible();
  const choices = dialog.getByRole("checkbox");
  await choices.nth(0).uncheck();
  await choices.nth(2).uncheck();
  await expect(dialog.getByText("$50.00", { exact: true })).toBeVisible();
  await choices.nth(1).uncheck();
  await expect(dialog.getByText("Choose at least one ticket.")).toBeVisible();
  await choices.nth(1).check();
  await dialog.getByRole("button", { name: "Give 1 ticket back" }).click();

  await expect(dialog).toBeHidden();
  await expect(page.getByRole("heading", { name: "Your 2 tickets" })).toBeVisible();
  await expect(page.getByText("-$50.00")).toBeVisible();
});

test("an organiser cancels a guest's booking, with the refund in view, and for less than was paid", async ({ browser, page, server, stage }) => {
  const sale = await stage.sale();
  const frank = await stage.shopper("Frank");
  await stage.buy(frank, sale.event, 3);
  await enter(page, admin, `/organise/events/${sale.event}`);
  const row = page.getByRole("row").filter({ hasText: "Frank" });
  await row.getByRole("button", { name: /^Cancel the booking of Frank/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("$150.00", { exact: true })).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await dialog.getByLabel("Refund, USD").fill("150.01");
  await expect(dialog.getByRole("button", { name: "Cancel the booking" })).toBeDisabled();
  await dialog.getByLabel("Refund, USD").fill("120");
  await dialog.getByLabel("Why").fill("Asked by phone");
  await expect(dialog.getByText("$120.00", { exact: true })).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel the booking" }).click();
  await expect(row).toContainText(/Cancelled|Refunded/);
  await expect(row.getByRole("button")).toBeHidden();

  const other = await (await browser.newContext({ baseURL: server.url })).newPage();
  await enter(other, frank, "/bookings");
  await other.getByRole("link", { name: new RegExp(sale.name, "i") }).click();
  await expect(other.getByText("$120.00 goes back to your card.")).toBeVisible();
  await other.context().close();
});
