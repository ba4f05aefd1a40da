import type { APIRequestContext, APIResponse } from "@playwright/test";
import { QueuePage } from "./support/queue-page";
import { read, type Account } from "./support/stage";
import { expect, test } from "./support/test";

/** The status and the last word of the problem's type. */
const refusal = async (answer: APIResponse) => [answer.status(), String((await answer.json()).type).split("/").pop()];

async function accessToken(api: APIRequestContext, { email, password }: Account): Promise<string> {
  return (await read<{ token: string }>(await api.post("/api/v1/users/login", { data: { email, password } }))).token;
}

test("a hold needs a turn of one's own", async ({ stage, show }) => {
  const bob = await stage.shopper("Bob");
  const owner = await stage.fan(show.room);
  const stranger = await stage.fan(show.room);
  const token = await owner.admission();

  const hold = async (api: APIRequestContext, admission?: string) =>
    api.post(`/api/v1/sessions/${show.session}/holds`, {
      data: { quantity: 1, best_available: true },
      headers: {
        Authorization: `Bearer ${await accessToken(api, bob)}`,
        ...(admission && { "Admission-Token": admission }),
      },
    });
  expect(await refusal(await hold(owner.api))).toEqual([403, "queue-required"]);
  const forged = token.slice(0, -6) + (token.endsWith("AAAAAA") ? "BBBBBB" : "AAAAAA");
  expect(await refusal(await hold(owner.api, forged))).toEqual([401, "invalid-token"]);
  expect(await refusal(await hold(stranger.api, token))).toEqual([403, "admission-not-yours"]);
  expect((await hold(owner.api, token)).status()).toBe(201);
});

test("a shopper without a turn is shown the way to the line", async ({ page, stage, show }) => {
  const carol = await stage.shopper("Carol");
  await page.goto(`/login?next=/sessions/${show.session}`);
  await page.getByLabel("E-mail").fill(carol.email);
  await page.getByLabel("Password").fill(carol.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Best 2 seats available" }).click();
  await expect(page.getByRole("dialog")).toContainText("This sale has a line");

  await stage.steer(show.room, "pause");
  await page.getByRole("link", { name: "Go to the line" }).click();
  await expect(new QueuePage(page).title()).toHaveText("The line is paused");
});
