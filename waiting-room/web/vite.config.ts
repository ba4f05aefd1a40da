import { defineConfig } from "vitest/config";
import { catalogue } from "./build/catalogue.ts";
import { inline } from "./build/inline.ts";

/** The server that `npm run dev` talks to: `rushline` at its default address. */
const server = { target: process.env["RUSHLINE_URL"] ?? "http://127.0.0.1:3000", ws: true };

export default defineConfig({
  plugins: [catalogue(), inline()],
  base: "/queue/",
  build: {
    target: "es2022",
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { output: { entryFileNames: "page.js", chunkFileNames: "_/[name]-[hash].js" } },
  },
  worker: { format: "iife", rolldownOptions: { output: { entryFileNames: "_/[name]-[hash].js" } } },
  server: { proxy: { "/api": server } },
  test: { include: ["tests/*.test.ts"] },
});
