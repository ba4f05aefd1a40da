import type { Page } from "@playwright/test";
import { goodCard } from "./support/fan-page";
import { expect, test } from "./support/test";

/** More stops than any page has on the way to what is looked for. */
const stopsMost = 90;

test("a ticket is bought with the keyboard alone, the focus always in sight", async ({ page, stage }) => {
  const sale = await stage.sale();
  const { email, password } = await stage.shopper("Alice");
  await page.goto(`/events/${sale.event}`);
  await page.getByRole("heading", { level: 1, name: sale.name }).waitFor();

  await press(page, /^Choose seats/, "Enter");
  await page.getByRole("button", { name: "List" }).waitFor();
  await press(page, /^List$/, "Space");
  await press(page, /^Seat 3,/, "Space");
  await press(page, /^Hold 1 seat/, "Enter");

  await page.getByRole("heading", { name: "Welcome back" }).waitFor();
  await tabTo(page, /^E-mail$/);
  await page.keyboard.type(email);
  await tabTo(page, /^Password$/);
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");

  await page.getByRole("button", { name: /^Hold 1 seat/ }).waitFor();
  await press(page, /^Hold 1 seat/, "Enter");
  await page.getByRole("heading", { level: 1, name: "Pay" }).waitFor();
  await tabTo(page, /^Card number$/);
  await page.keyboard.type(goodCard);
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { level: 1, name: `See you at ${sale.name}` }).waitFor();
  await press(page, /^Show code$/, "Enter");
  await page.getByRole("img", { name: "QR code of the ticket" }).waitFor();
  await press(page, /^Full screen$/, "Enter");
  await expect(page.getByRole("dialog", { name: sale.name })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  expect(await focused(page)).toMatchObject({ name: "Full screen" });
});

test("a screen reader finds the seats as a list, with their state, and hears what happens", async ({ page, stage }) => {
  const sale = await stage.sale();
  await page.goto(`/sessions/${sale.session}`);
  await expect(page.getByRole("application")).toHaveAccessibleName(/The list view offers the same seats/);
  await page.getByRole("button", { name: "List" }).click();
  await expect(page.getByRole("button", { name: "List", pressed: true })).toBeVisible();
  const section = page.getByRole("button", { name: /^Stalls 32 free/ });
  await expect(section).toHaveAttribute("aria-expanded", "true");

  const seat = page.getByRole("group", { name: "Row A" }).getByRole("button", { name: "Seat 3, $50" });
  await expect(seat).toHaveAttribute("aria-pressed", "false");
  await seat.click();
  await expect(seat).toHaveAttribute("aria-pressed", "true");
  const choice = page.getByRole("complementary", { name: "Your choice" });
  await expect(choice.getByRole("heading", { name: /Your seats/ })).toBeAttached();
  await expect(choice.getByRole("button", { name: "Remove Stalls, row A, seat 3" })).toBeVisible();
  await choice.getByRole("button", { name: "Remove Stalls, row A, seat 3" }).click();
  await expect(seat).toHaveAttribute("aria-pressed", "false");
});

async function press(page: Page, name: RegExp, key: "Enter" | "Space"): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press(key);
}

/** Tabs to what has this name; on the way every stop must show where the focus is. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let stop = 0; stop < stopsMost; stop++) {
    await page.keyboard.press("Tab");
    const found = await focused(page);
    if (found.name !== "") expect(found.isMarked, `"${found.name}" shows no focus`).toBe(true);
    if (name.test(found.name)) return;
  }
  throw new Error(`the Tab key never came to ${String(name)}`);
}

/** What the focus is on, and whether one can see it there. */
const focused = (page: Page): Promise<{ name: string; isMarked: boolean }> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return { name: "", isMarked: false };
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
    const name = element.getAttribute("aria-label") ?? label ?? element.innerText;
    const isOutlined = (each: Element | null) => each !== null && getComputedStyle(each).outlineStyle !== "none";
    return { name: name.trim(), isMarked: isOutlined(element) || isOutlined(element.parentElement) };
  });
