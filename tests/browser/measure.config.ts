import config from "./playwright.config";

/** What `scripts/pages-speed` runs: no assertions about time, only figures. */
export default {
  ...config,
  testDir: "measure",
  testIgnore: [],
  timeout: 900_000,
  retries: 0,
  use: { ...config.use, reducedMotion: "no-preference" as const, trace: "off" as const, screenshot: "off" as const },
};
