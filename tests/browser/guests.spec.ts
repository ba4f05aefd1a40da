import { chooseInList, enter, pay } from "./support/fan-page";
import { axe, expect, test } from "./support/test";

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

  // The link has proven the address, and so it can have an account.
  await elsewhere.goto("/account");
  await expect(elsewhere.getByLabel("Present password")).toBeHidden();
  await elsewhere.getByLabel("Password", { exact: true }).fill("A guest no more 1");
  await elsewhere.getByRole("button", { name: "Save the password" }).click();
  await expect(elsewhere.getByLabel("Present password")).toBeVisible();
  expect(await axe(elsewhere)).toEqual([]);
  await elsewhere.context().close();

  const anywhere = await (await browser.newContext({ baseURL: server.url })).newPage();
  await enter(anywhere, { email, password: "A guest no more 1" }, "/bookings");
  await expect(anywhere.getByText(sale.name)).toBeVisible();
  await anywhere.context().close();
});

test("a guest whose address could be anybody's is asked to confirm it before choosing a password", async ({ page, stage }) => {
  const sale = await stage.sale();
  await page.goto(`/guest?next=/sessions/${sale.session}`);
  await page.getByLabel("Name").fill("Gus Guest");
  await page.getByLabel("E-mail").fill("gus@browser.example");
  await page.getByRole("button", { name: "Go on" }).click();
  await page.waitForURL((url) => url.pathname === `/sessions/${sale.session}`);
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "Choose a password" })).toBeVisible();
  await expect(page.getByText("Confirm your e-mail first")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save the password" })).toBeHidden();
  expect(await axe(page)).toEqual([]);
});
