import { expect, type Locator, type Page } from "@playwright/test";
import { admin } from "./server";
import type { Door } from "./stage";

/** The scanner as the person at the door uses it. */
export class GatePage {
  constructor(readonly page: Page) {}

  /** Signs in and opens the gate `name` at a door. */
  static async open(page: Page, door: Door, name: string): Promise<GatePage> {
    await page.goto("/login?next=/gate");
    await page.getByLabel("E-mail").fill(admin.email);
    await page.getByLabel("Password").fill(admin.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText(door.name).click();
    await page.getByLabel("This gate's name").fill(name);
    await page.getByRole("button", { name: "Open the gate" }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    return new GatePage(page);
  }

  status = (): Locator => this.page.getByRole("status").first();
  verdict = (): Locator => this.page.getByRole("dialog");
  log = (): Locator => this.page.getByRole("region", { name: "Scans" });
  conflicts = (): Locator => this.page.getByRole("region", { name: "Conflicts" });

  /** Waits until the page would start without a network. */
  async isKept(): Promise<void> {
    const kept = () => this.page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration("/gate"))?.active));
    await expect.poll(kept).toBe(true);
  }

  /** Scans like a keyboard scanner, and gives all that the verdict says. A green one is read at once: it soon goes by itself. */
  async scan(text: string): Promise<string> {
    await this.next();
    await this.type(text);
    return this.verdict().innerText();
  }

  /** Letters as quick as a scanner's, however busy this machine is. */
  async type(text: string): Promise<void> {
    await this.page.evaluate((letters) => {
      const target = document.activeElement ?? document.body;
      for (const key of letters) target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    }, text);
    await this.page.keyboard.press("Enter");
  }

  /** Puts the verdict away, unless it went by itself. */
  async next(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await expect(this.verdict()).toBeHidden();
  }

  /** Takes the newest entry back. */
  async undo(): Promise<void> {
    await this.next();
    await this.log().getByRole("button", { name: "Undo" }).click();
  }
}
