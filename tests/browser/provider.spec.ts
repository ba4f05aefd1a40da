import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { freeAddress, Server } from "./support/server";
import { axe, expect, test as base } from "./support/test";

const folder = resolve("../../booking/tests/oidc");

/** Each test has a provider of its own, which leads back to the test's own server; it ends with its standard input. */
const test = base.extend({
  server: async ({}, use) => {
    const url = await freeAddress();
    const provider = spawn("node", ["provider.js", `${url}/api/v1/users/oidc/callback`], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    const [issuer] = (await once(createInterface(provider.stdout), "line")) as [string];
    const settings = {
      RUSHLINE_OIDC_ISSUER: issuer,
      RUSHLINE_OIDC_CLIENT_ID: "shop",
      RUSHLINE_OIDC_CLIENT_SECRET: "s3cr:t/+",
      RUSHLINE_OIDC_NAME: "Example ID",
    };
    const server = await Server.start({ url, settings });
    await use(server);
    await server.remove();
    provider.stdin.end();
    await once(provider, "exit");
  },
});

test.skip(!existsSync(resolve(folder, "node_modules")), "the provider is not installed: npm ci in booking/tests/oidc");

test("somebody signs in with an account elsewhere, and comes back to where she was", async ({ page, server }) => {
  await page.goto("/login?next=/account");
  const way = page.getByRole("link", { name: "Continue with Example ID" });
  await expect(way).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await way.click();
  await page.locator("input[name=login]").fill("alice");
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  await page.locator("button[type=submit]").click();
  await page.waitForURL(`${server.url}/account`);
  await expect(page.getByLabel("Name")).toHaveValue("Alice Elsewhere");
});

test("an address that the provider has not verified is refused with a way on", async ({ page }) => {
  await page.goto("/login");
  await page.getByRole("link", { name: "Continue with Example ID" }).click();
  await page.locator("input[name=login]").fill("unverified");
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  await page.locator("button[type=submit]").click();
  await expect(page.getByRole("alert")).toBeVisible();
  expect(await axe(page)).toEqual([]);
});
