import type { Page } from "@playwright/test";
import { enter } from "./fan-page";
import { admin } from "./server";
/** A waiting room's page as its operator sees it. */
export class RoomConsole {
  private constructor(readonly page: Page) {}

  /** Signs in as the operator and opens the room. */
  static async open(page: Page, room: string): Promise<RoomConsole> {
    await enter(page, admin, `/organise/rooms/${room}`);
    await page.getByRole("heading", { name: "The line now" }).waitFor();
    return new RoomConsole(page);
  }

  press = (name: string): Promise<void> => this.page.getByRole("button", { name, exact: true }).click();

  /** Presses what asks before it does, and says yes. */
  async pressAndConfirm(name: string): Promise<void> {
    await this.press(name);
    await this.page.getByRole("dialog").getByRole("button", { name, exact: true }).click();
  }

  /** A part of the settings, opened. */
  async panel(title: string) {
    await this.page.getByRole("heading", { name: title, level: 3 }).click();
    return this.page.getByRole("group").filter({ has: this.page.getByRole("heading", { name: title, level: 3 }) });
  }

  figure = (label: string) => this.page.locator("dl > div").filter({ hasText: label }).locator("dd").first();

  /** What was said last about what was done. */
  said = () => this.page.getByRole("status").filter({ hasText: /\S/ });
}
