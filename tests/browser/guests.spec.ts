import { chooseInList, pay } from "./support/fan-page";
import { expect, test } from "./support/test";

const email = "greta@browser.example";

test("somebody buys without an account, and the mail's link opens the booking in another browser", async ({
  browser,
  page,
  server,
  stage,
}) => {
  const sale = await stage.sale();
  await page.goto(`/sessions/${sale.session}`);
  await chooseInList(page, "B", 4);
  await page.getByRole("button", { name: /^Hold 1 seat/ }).click();
  await page.getByRole("link", { name: "Buy without an account" }).click();
  await page.getByLabel("Name").fill("Greta Guest");
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Go on" }).click();

  await page.waitForURL((url) => url.pathname === `/sessions/${sale.session}`);
  await page.getByRole("button", { name: /^Hold 1 seat/ }).click();
  await pay(page);
  await expect(page.getByRole("heading", { level: 1, name: `See you at ${sale.name}` })).toBeVisible();

  await expect.poll(() => server.link(email, "/guest#")).not.toBeNull();
  const elsewhere = await (await browser.newContext({ baseURL: server.url })).newPage();
  await elsewhere.goto(server.link(email, "/guest#")!);
  await elsewhere.waitForURL((url) => url.pathname.startsWith("/bookings/"));
  await expect(elsewhere.getByRole("heading", { level: 1, name: sale.name })).toBeVisible();
  await expect(elsewhere.getByText("Your ticket", { exact: true })).toBeVisible();
  expect(elsewhere.url()).not.toContain("token");
  await elsewhere.context().close();
});
