import { expect, type Page } from "@playwright/test";

/** The queue page as its visitor reads it. */
export class QueuePage {
  constructor(readonly page: Page) {}

  async visit(room: string): Promise<this> {
    await this.page.goto(`/queue/${room}`);
    return this;
  }

  title = () => this.page.getByRole("heading", { level: 2 });
  position = () => this.page.locator("#position");
  number = () => this.page.locator("#number");
  note = () => this.page.locator("#note");

  /** The figure shown, once there is one. */
  async numberShown(): Promise<number> {
    await expect(this.number()).toHaveText(/^[\d,]+$/);
    return Number((await this.number().innerText()).replaceAll(",", ""));
  }
}
