import { test as base } from "@playwright/test";
import { demoAdmin, Server } from "./server";
import { type Show, Stage } from "./stage";

interface Fixtures {
  /** Fill the server with `rushline seed`. */
  demo: boolean;
  server: Server;
  stage: Stage;
  /** A seated event of 32 places behind an open room. */
  show: Show;
}

/** Each test has a server, a data folder and a sale of its own. */
export const test = base.extend<Fixtures>({
  demo: [false, { option: true }],
  server: async ({ demo }, use, info) => {
    const server = await Server.start({ demo });
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

export { expect } from "@playwright/test";
