import { RoomConsole } from "./support/console";
import { QueuePage } from "./support/queue-page";
import { read } from "./support/stage";
import { axe, expect, test } from "./support/test";

/** What an operator does is on open pages within a second; the rest is for a busy machine. */
const felt = { timeout: 3_000 };

test("an operator pauses, speaks to the line, changes its pace and takes things back", async ({ browser, page, server, stage, show }) => {
  await stage.change(show.room, { cap: 1, theme: { name: "Harbour" }, grace_s: 120 });
  const fan = await (await browser.newContext({ baseURL: server.url })).newPage();
  await stage.fan(show.room).then((first) => first.admission());
  const queue = await new QueuePage(fan).visit(show.room);
  await expect(queue.title()).toHaveText("You’re in line");

  const room = await RoomConsole.open(page, show.room);
  await expect(room.figure("Waiting")).toHaveText("1");
  await expect(room.figure("In the shop")).toHaveText("1");

  await test.step("pauses by one press, and takes it back by another", async () => {
    await room.press("Pause");
    await expect(queue.title()).toHaveText("The line is paused", felt);
    await room.press("Undo");
    await expect(queue.title()).toHaveText("You’re in line", felt);
    await room.press("Pause");
    await expect(queue.title()).toHaveText("The line is paused", felt);
    await room.press("Resume");
    await expect(queue.title()).toHaveText("You’re in line", felt);
  });

  await test.step("speaks to the line", async () => {
    await page.getByLabel("Message").fill("The band is late.");
    await room.press("Tell the line");
    await expect(fan.getByText("The band is late.")).toBeVisible(felt);
    await room.press("Take it away");
    await expect(fan.getByText("The band is late.")).toBeHidden(felt);
  });

  await test.step("changes the pace by the keyboard, and nothing else with it", async () => {
    const slider = page.getByRole("slider", { name: "People a minute" });
    await slider.press("ArrowRight");
    await expect.poll(async () => (await stage.settings(show.room))["rate_per_minute"]).toBeGreaterThan(600);
    await page.getByLabel("At most inside, exactly").fill("2");
    await expect.poll(async () => (await stage.settings(show.room))["cap"]).toBe(2);
    expect(await stage.settings(show.room)).toMatchObject({ theme: { name: "Harbour" }, grace_s: 120 });
    await fan.waitForURL((url) => url.pathname === `/sessions/${show.session}`);
  });

  await test.step("asks before it turns people away", async () => {
    await room.press("Close");
    await expect(page.getByRole("dialog")).toContainText("The sale ends");
    await room.press("Leave it as it is");
    expect((await stage.settings(show.room))["state"]).toBe("open");
    await room.pressAndConfirm("Drain");
    await expect.poll(async () => (await stage.settings(show.room))["state"]).toBe("draining");
    await room.press("Undo");
    await expect.poll(async () => (await stage.settings(show.room))["state"]).toBe("open");
  });
  await fan.context().close();
});

test("everything about a room has a place on its page", async ({ page, stage, show }) => {
  const room = await RoomConsole.open(page, show.room);

  await test.step("lanes", async () => {
    const lanes = await room.panel("Lanes");
    await lanes.getByRole("button", { name: "Add a lane" }).click();
    await lanes.getByLabel("Name").last().fill("members");
    await lanes.getByLabel(/^Weight/).last().fill("3");
    await lanes.getByRole("button", { name: "Save" }).click();
    await expect.poll(async () => (await stage.settings(show.room))["lanes"]).toEqual([
      { name: "general", weight: 1, needs_code: false },
      { name: "members", weight: 3, needs_code: true },
    ]);
  });

  await test.step("access codes: shown once, counted, taken back", async () => {
    const codes = await room.panel("Access codes");
    await codes.getByLabel("How many").fill("2");
    await codes.getByLabel("For the lane").selectOption("members");
    await codes.getByLabel("Note").fill("fan club");
    await codes.getByRole("button", { name: "Make codes" }).click();
    await expect(codes.getByLabel("The codes")).toHaveValue(/^[A-Z0-9-]+\n[A-Z0-9-]+$/);
    const [code] = (await codes.getByLabel("The codes").inputValue()).split("\n");
    const joined = await (await stage.guest()).post(`/api/v1/rooms/${show.room}/places`, { data: { access_code: code } });
    expect((await read<{ place: { lane: string } }>(joined)).place.lane).toBe("members");
    await codes.getByRole("button", { name: /^Take back/ }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Take it back" }).click();
    await expect(codes.getByText("Taken back")).toBeVisible();
  });

  await test.step("turns, steering, who may join, schedule", async () => {
    const turns = await room.panel("Turns");
    await turns.getByLabel("Time to come, seconds").fill("90");
    await turns.getByRole("button", { name: "Save" }).click();
    await expect.poll(async () => (await stage.settings(show.room))["claim_window_s"]).toBe(90);
    const steering = await room.panel("Steering");
    await steering.getByLabel("Follow the shop’s health").check();
    await steering.getByLabel("Never below, a minute").fill("50");
    await steering.getByRole("button", { name: "Save" }).click();
    await expect.poll(async () => (await stage.settings(show.room))["steering"]).toMatchObject({ rate_floor: 50, rate_ceiling: 600 });
    await expect(page.getByText("600 a minute")).toBeVisible();
    const entry = await room.panel("Who may join");
    await entry.getByLabel("One place per account").check();
    await entry.getByRole("button", { name: "Save" }).click();
    await expect.poll(async () => (await stage.settings(show.room))["one_per_account"]).toBe(true);
    const schedule = await room.panel("Schedule and draw");
    await schedule.getByLabel("Closes").fill("2020-01-01T10:00");
    await schedule.getByLabel("First are called").fill("2020-01-01T12:00");
    await schedule.getByRole("button", { name: "Save" }).click();
    await expect(schedule.getByRole("alert")).toBeVisible();
  });

  await test.step("the look, refused where nobody could read it", async () => {
    const look = await room.panel("Look");
    await look.getByLabel("Who sells").fill("Quayside");
    await look.getByLabel("Button and bar").fill("#00704a");
    await look.getByRole("button", { name: "Save" }).click();
    await expect.poll(async () => (await stage.settings(show.room))["theme"]).toMatchObject({ name: "Quayside", brand: "#00704a" });
    await look.getByLabel("Behind the name").fill("#7c7c7c");
    await expect(look.getByText("Make it darker or lighter")).toBeVisible();
    await look.getByRole("button", { name: "Ours again" }).last().click();
  });

  expect(await axe(page)).toEqual([]);
  await page.goto("/organise/rooms");
  await expect(page.getByRole("link", { name: "All controls" })).toBeVisible();
  expect(await axe(page)).toEqual([]);
});

test("an account stands in the line once, and brings itself along from the shop", async ({ browser, page, server, stage, show }) => {
  await stage.change(show.room, { one_per_account: true });
  await stage.steer(show.room, "pause");
  const carol = await stage.shopper("Carol");
  const requested: string[] = [];
  page.on("request", (request) => requested.push(request.url()));
  const queue = await new QueuePage(page).visit(show.room);
  await expect(queue.title()).toHaveText("Log in at the shop first");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByLabel("E-mail").fill(carol.email);
  await page.getByLabel("Password").fill(carol.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(queue.title()).toHaveText("The line is paused");
  const number = await queue.numberShown();
  expect(page.url()).toBe(`${server.url}/queue/${show.room}`);
  expect(requested.filter((address) => /eyJ/.test(new URL(address).pathname + new URL(address).search))).toEqual([]);

  await test.step("in another browser the same account is told where its place is", async () => {
    const other = await (await browser.newContext({ baseURL: server.url })).newPage();
    await other.goto(`/login?next=/events/${show.event}`);
    await other.getByLabel("E-mail").fill(carol.email);
    await other.getByLabel("Password").fill(carol.password);
    await other.getByRole("button", { name: "Sign in" }).click();
    await other.getByRole("link", { name: "Join the line" }).click();
    await other.waitForURL((url) => url.pathname.startsWith("/queue/"));
    await expect(new QueuePage(other).title()).toHaveText("Your account is in this line already");
    await other.context().close();
  });
  await page.reload();
  expect(await queue.numberShown()).toBe(number);
});

test("a visit that nears its end is lengthened from the shop", async ({ page, stage, show }) => {
  await stage.change(show.room, { session_length_s: 120, renewals_max: 1, renewal_s: 900 });
  const dora = await stage.shopper("Dora");
  await page.goto(`/login?next=/events/${show.event}`);
  await page.getByLabel("E-mail").fill(dora.email);
  await page.getByLabel("Password").fill(dora.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "Join the line" }).click();
  await page.waitForURL((url) => url.pathname === `/sessions/${show.session}`);
  const longer = page.getByRole("button", { name: "Stay longer" });
  await longer.click();
  await expect(longer).toBeHidden();
  await expect(page.getByText("Your turn ends in")).toContainText("Your turn ends in");
  await expect(page.getByText(/^1[67]:\d\d$/)).toBeVisible();
  await page.getByRole("button", { name: "Best 2 seats available" }).click();
  await page.waitForURL(/\/checkout\//);
});

test("a fan asks for a mail on her turn, and takes the wish back", async ({ page, stage, show }) => {
  await stage.steer(show.room, "pause");
  const queue = await new QueuePage(page).visit(show.room);
  await queue.numberShown();
  await page.getByRole("button", { name: "Mail me", pressed: false }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("E-mail").fill("eve@browser.example");
  await dialog.getByRole("button", { name: "Mail me" }).click();
  await page.getByRole("button", { name: "Mail me", pressed: true }).click();
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Don’t mail me" }).click();
  await expect(page.getByRole("button", { name: "Mail me", pressed: false })).toBeVisible();
});

test("a fan checks the draw in her own browser, and reads it on a phone", async ({ page, stage }) => {
  const room = await stage.lottery();
  await expect.poll(async () => (await stage.settings(room))["state"]).toBe("lobby");
  const queue = await new QueuePage(page).visit(room);
  await expect(queue.title()).toHaveText("You’re early");
  for (let fans = 0; fans < 3; fans++) await stage.fan(room);
  await expect.poll(async () => (await stage.settings(room))["state"]).toBe("open");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/queue/${room}/draw`);
  await expect(page.getByText(/^Your drawn number: [1-4] of 4\.$/)).toBeVisible();
  await page.getByRole("button", { name: "Recompute the whole order" }).click();
  await expect(page.getByText("Recomputed from the whole list, the order is the one that was published.")).toBeVisible();
  await expect(page.locator(".broken")).toHaveCount(0);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axe(page)).toEqual([]);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await page.goto(`/queue/${room}/code`);
  expect(await axe(page)).toEqual([]);
});
