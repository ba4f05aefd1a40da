import { chooseInList, enter, pay } from "./support/fan-page";
import { expect, test } from "./support/test";

test("the calendar turns to an event's month and leads to it", async ({ page, stage }) => {
  const sale = await stage.sale();
  await page.goto("/events?view=calendar&month=2099-05");
  await expect(page.getByRole("heading", { name: "May 2099", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Next month" }).click();
  await expect(page.getByRole("heading", { name: "June 2099", exact: true })).toBeVisible();
  expect(new URL(page.url()).searchParams.get("month")).toBe("2099-06");
  await page.getByRole("link", { name: new RegExp(sale.name, "i") }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: sale.name })).toBeVisible();
});

test("a promo code lowers the price at the checkout, and can be taken off", async ({ page, stage }) => {
  const sale = await stage.sale();
  await stage.promo(sale.event, "EARLY20", 20);
  await enter(page, await stage.shopper("Alice"), `/sessions/${sale.session}`);
  await chooseInList(page, "A", 2);
  await page.getByRole("button", { name: /^Hold 1 seat/ }).click();

  await page.getByText("Have a promo code?").click();
  await page.getByLabel("Promo code").fill("NOSUCH");
  await page.getByRole("button", { name: "Use it" }).click();
  await expect(page.getByText(/This code doesn't work/)).toBeVisible();
  await page.getByLabel("Promo code").fill("early20");
  await page.getByRole("button", { name: "Use it" }).click();
  await expect(page.getByRole("button", { name: "Pay · $40.00" })).toBeVisible();
  await page.getByRole("button", { name: /^Remove the code/ }).click();
  await expect(page.getByRole("button", { name: "Pay · $50.00" })).toBeVisible();

  await page.getByLabel("Promo code").fill("EARLY20");
  await page.getByRole("button", { name: "Use it" }).click();
  await expect(page.getByRole("button", { name: "Pay · $40.00" })).toBeVisible();
  await pay(page);
  await expect(page.getByRole("heading", { level: 1, name: `See you at ${sale.name}` })).toBeVisible();
});

test("tickets of a kind are found by its name, and the filter is one press away from gone", async ({ page, stage }) => {
  const sale = await stage.sale();
  await page.goto("/events");
  await page.getByRole("button", { name: "Filters" }).click();
  const found = page.getByRole("link", { name: new RegExp(sale.name, "i") }).first();
  await page.getByLabel("Ticket type").fill("balcony");
  await expect(found).toBeHidden();
  await page.getByLabel("Ticket type").fill("stall");
  await expect(found).toBeVisible();
  expect(new URL(page.url()).searchParams.get("ticket_type")).toBe("stall");
  await page.getByRole("button", { name: /stall/ }).click();
  await expect(page.getByLabel("Ticket type")).toHaveValue("");
});
