import config from "./playwright.config";

/** What `scripts/screens` runs: pictures of pages for docs/screens, no tests. */
export default { ...config, testDir: "screens", testIgnore: [], timeout: 900_000, retries: 0, use: { ...config.use, trace: "off" as const } };
