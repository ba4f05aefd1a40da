import { defineConfig } from "vitest/config";

/** The built page in a real browser, against a waiting room acted by the test. Needs `npm run build` and Chromium. */
export default defineConfig({
  test: { include: ["tests/page/*.test.ts"], testTimeout: 30_000, hookTimeout: 60_000, fileParallelism: false },
});
