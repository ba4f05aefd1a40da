import type { Page } from "@playwright/test";
import type { SeatSnapshot } from "../../../booking/web/src/api/types";
import { fit, toScreen } from "../../../booking/web/src/seats/geometry";
import { planOf } from "../../../booking/web/src/seats/model";

/** The map on canvas, for a mouse: seats are found where the shop's own geometry puts them. */
export class SeatMap {
  private constructor(
    readonly page: Page,
    private readonly snapshot: SeatSnapshot,
  ) {}

  /** The map of a session whose page is open. */
  static async of(page: Page, session: number): Promise<SeatMap> {
    await page.getByRole("application").locator("canvas").first().waitFor();
    const answer = await page.request.get(`/api/v1/sessions/${session}/seats`);
    return new SeatMap(page, (await answer.json()) as SeatSnapshot);
  }

  label = (index: number): string => this.snapshot.seats.labels[index]!;

  async click(index: number): Promise<void> {
    const { x, y } = await this.#at(index);
    await this.page.mouse.click(x, y);
  }

  async hover(index: number): Promise<void> {
    const { x, y } = await this.#at(index);
    await this.page.mouse.move(x, y);
  }

  /** Is the seat painted in the green of free ones? By the mean over its middle: held and sold seats are grey. */
  async isGreen(index: number): Promise<boolean> {
    const { x, y, side } = await this.#at(index);
    const [red, green] = await this.page.evaluate(
      ({ x, y, side }) => {
        const canvas = document.querySelector<HTMLCanvasElement>("[role=application] canvas")!;
        const box = canvas.getBoundingClientRect();
        const scale = canvas.width / box.width;
        const [left, top] = [(x - side / 2 - box.left) * scale, (y - side / 2 - box.top) * scale];
        const { data } = canvas.getContext("2d")!.getImageData(left, top, side * scale, side * scale);
        const mean = (channel: number) =>
          data.reduce((sum, value, at) => (at % 4 === channel ? sum + value : sum), 0) / (data.length / 4);
        return [mean(0), mean(1)] as const;
      },
      { x, y, side },
    );
    return green - red > 40;
  }

  /** The middle of a seat in the window, and the side of the square that surely is seat. */
  async #at(index: number): Promise<{ x: number; y: number; side: number }> {
    const box = (await this.page.getByRole("application").boundingBox())!;
    const plan = planOf(this.snapshot);
    const view = fit(plan.world, { w: box.width, h: box.height });
    const { x, y } = toScreen(view, { x: plan.x[index]!, y: plan.y[index]! });
    return { x: box.x + x, y: box.y + y, side: plan.pitch * view.scale * 0.5 };
  }
}
