import { expect, type Page } from "@playwright/test";
import type { Account } from "./stage";

/** A card that the simulated bank always takes. */
export const goodCard = "4242 4242 4242 4242";

/** Fills in the sign-in form that stands on the page. */
export async function signIn(page: Page, { email, password }: Account): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Opens a page with an account. */
export async function enter(page: Page, account: Account, path: string): Promise<void> {
  await page.goto(`/login?next=${encodeURIComponent(path)}`);
  await signIn(page, account);
  await page.waitForURL((url) => url.pathname === path);
}

/** Takes a seat of the first section in the list of seats; the map is open when a session's page is. */
export async function chooseInList(page: Page, row: string, seat: number): Promise<void> {
  await page.getByRole("button", { name: "List" }).click();
  const section = page.locator("h2 button[aria-expanded]").first();
  await section.waitFor();
  if ((await section.getAttribute("aria-expanded")) === "false") await section.click();
  await page
    .getByRole("group", { name: `Row ${row}` })
    .getByRole("button", { name: new RegExp(`^Seat ${seat},`) })
    .click();
}

export async function pay(page: Page, card = goodCard): Promise<void> {
  await page.getByLabel("Card number").fill(card);
  await page.getByRole("button", { name: /^(Pay|Try again) · / }).click();
}

/** Chooses a seat of a session, holds it and pays it, up to the confirmation. */
export async function buy(page: Page, session: number, row: string, seat: number): Promise<void> {
  await page.goto(`/sessions/${session}`);
  await chooseInList(page, row, seat);
  await page.getByRole("button", { name: /^Hold 1 seat/ }).click();
  await pay(page);
  await expect(page.getByRole("heading", { level: 1, name: /^See you at/ })).toBeVisible();
}
