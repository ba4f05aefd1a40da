import AxeBuilder from "@axe-core/playwright";
import { type Page, test as base } from "@playwright/test";
import { demoAdmin, Server, type Settings } from "./server";
import { type Show, Stage } from "./stage";

interface Fixtures {
  /** Fill the server with `rushline seed`. */
  demo: boolean;
  /** What the server's settings are besides those of every test. */
  settings: Settings;
  server: Server;
  stage: Stage;
  /** A seated event of 32 places behind an open room. */
  show: Show;
}

/** Each test has a server, a data folder and a sale of its own. */
export const test = base.extend<Fixtures>({
  demo: [false, { option: true }],
  settings: [{}, { option: true }],
  server: async ({ demo, settings }, use, info) => {
    const server = await Server.start({ demo, settings });
    await use(server);
    if (info.status !== info.expectedStatus) await info.attach("server.log", { body: server.log(), contentType: "text/plain" });
    await server.remove();
  },
  stage: async ({ server, demo }, use) => {
    const stage = await Stage.open(server.url, demo ? demoAdmin : undefined);
    await use(stage);
    await stage.close();
  },
  show: async ({ stage }, use) => use(await stage.show()),
  baseURL: async ({ server }, use) => use(server.url),
});

/** The faults of a page that axe finds: each rule with the first place it is broken at. */
export const axe = async (page: Page): Promise<unknown[]> =>
  (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes[0]?.html]);

export { expect } from "@playwright/test";
