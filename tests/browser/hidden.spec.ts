import { enter, pay, signIn } from "./support/fan-page";
import { admin } from "./support/server";
import { expect, test } from "./support/test";

test("hidden tickets are sold to who has the code, until their organiser shows them to all", async ({ browser, page, server, stage }) => {
  test.slow();
  const sale = await stage.sale();
  await enter(page, admin, `/organise/events/${sale.event}`);
  const press = page.getByRole("listitem").filter({ hasText: "Press ·" });

  await test.step("the organiser adds a hidden type, and a code that opens it", async () => {
    await page.getByRole("button", { name: "Another ticket type" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Press");
    await dialog.getByLabel("Price, USD").fill("30");
    await dialog.getByLabel("Places").fill("4");
    await dialog.getByLabel("Hidden: only for those with a code").check();
    await dialog.getByRole("button", { name: "Add it" }).click();
    await expect(press.getByText("Hidden", { exact: true })).toBeVisible();

    await page.getByRole("button", { name: "New code" }).click();
    await dialog.getByLabel("Code", { exact: true }).fill("PRESS-1");
    await dialog.getByLabel("Takes off").selectOption("nothing");
    await dialog.getByRole("group", { name: "Opens" }).getByLabel("Press").check();
    await dialog.getByRole("button", { name: "Make it" }).click();
    await expect(page.getByText("PRESS-1", { exact: true })).toBeVisible();
  });

  const fan = await (await browser.newContext({ baseURL: server.url })).newPage();
  await test.step("a fan who knows the code buys one", async () => {
    await fan.goto(`/sessions/${sale.session}`);
    await expect(fan.getByText("Press", { exact: true })).toBeHidden();
    await fan.getByText("Have an access code?").click();
    await fan.getByLabel("Access code").fill("PRESS-2");
    await fan.getByRole("button", { name: "Show the tickets" }).click();
    await expect(fan.getByText("This code opens nothing here.")).toBeVisible();
    await fan.getByLabel("Access code").fill("press-1");
    await fan.getByRole("button", { name: "Show the tickets" }).click();
    await expect(fan.getByText("Press", { exact: true })).toBeVisible();
    const hold = fan.getByRole("button", { name: /^Hold 2 tickets/ });
    await hold.click();
    await signIn(fan, await stage.shopper("Alice"));
    await expect(fan.getByLabel("Access code")).toHaveValue(/^press-1$/i);
    await fan.getByRole("button", { name: "Show the tickets" }).click();
    await hold.click();
    await pay(fan);
    await expect(fan.getByRole("heading", { level: 1, name: `See you at ${sale.name}` })).toBeVisible();
  });
  await fan.context().close();

  await test.step("the organiser shows it to all", async () => {
    await press.getByRole("button", { name: "Change Press" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByLabel("Hidden: only for those with a code")).toBeChecked();
    await dialog.getByLabel("Hidden: only for those with a code").uncheck();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(press.getByText("Hidden", { exact: true })).toBeHidden();
    await expect.poll(async () => JSON.stringify(await stage.event(sale.event))).toContain('"Press"');
  });
});
