import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { chunkGroups } from "./scripts/chunks.ts";
import { early } from "./scripts/early.ts";
import { keepers } from "./scripts/keepers.ts";

/** The server the dev pages talk to: `rushline` with its default address. */
const server = process.env["RUSHLINE_URL"] ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [react(), tailwindcss(), early(), keepers()],
  build: {
    // Hashed names under /assets, so the server may tell browsers to keep them for ever.
    assetsDir: "assets",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    rolldownOptions: {
      output: {
        codeSplitting: { groups: chunkGroups },
      },
    },
  },
  server: {
    proxy: {
      "/api": server,
      "/queue": server,
      "/.well-known": server,
      "/metrics": server,
    },
  },
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    // Nothing here waits for time; a machine that does ten things at once may take its own.
    testTimeout: 60_000,
  },
});
