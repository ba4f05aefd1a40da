import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Plugin, type Rollup, transformWithOxc } from "vite";

const source = new URL("../worker/gate.ts", import.meta.url);
/** Files of `public/` that the installed gate shows. */
const shown = ["/gate.webmanifest", "/gate-192.png", "/gate-512.png", "/favicon.svg"];
/** Reached through a worker or a style sheet, which the bundle's graph does not tell. */
const besides = /^assets\/(decode\.worker|archivo-)/;

/** Builds `gate-worker.js`: the gate's service worker with the list of every file that the gate's page may ask for. */
export function gateWorker(): Plugin {
  return {
    name: "gate-worker",
    apply: "build",
    enforce: "post",
    async generateBundle(_, bundle) {
      const files = [...new Set([...filesOf(bundle), ...shown])].sort();
      const version = createHash("sha256").update(JSON.stringify(files)).update(documentOf(bundle)).digest("hex").slice(0, 12);
      const { code } = await transformWithOxc(readFileSync(source, "utf8"), source.pathname);
      const constants = `const files = ${JSON.stringify(files)};\nconst version = "${version}";\n`;
      this.emitFile({ type: "asset", fileName: "gate-worker.js", source: constants + code });
    },
  };
}

/** The page is one document: when it changes, so does the worker. */
const documentOf = (bundle: Rollup.OutputBundle): string => {
  const document = bundle["index.html"];
  return document?.type === "asset" ? String(document.source) : "";
};

/** What the shop's entry and the gate's page import, now or later, with their styles. */
function filesOf(bundle: Rollup.OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((each) => each.type === "chunk");
  const entry = chunks.find((chunk) => chunk.isEntry);
  const gate = chunks.find((chunk) => chunk.facadeModuleId?.endsWith("/checkin/GatePage.tsx"));
  if (entry === undefined || gate === undefined) throw new Error("the bundle has no entry or no gate page");
  const found = new Set<string>();
  // The entry's later imports are the other pages; the gate's own are its libraries.
  for (const name of entry.imports) follow(bundle, name, found);
  follow(bundle, gate.fileName, found);
  found.add(entry.fileName);
  const styles = Object.keys(bundle).filter((name) => name.endsWith(".css") || besides.test(name));
  return [...found, ...styles].map((name) => `/${name}`);
}

function follow(bundle: Rollup.OutputBundle, name: string, found: Set<string>): void {
  const chunk = bundle[name];
  if (chunk?.type !== "chunk" || found.has(name) || chunk.isEntry) return;
  found.add(name);
  for (const next of [...chunk.imports, ...chunk.dynamicImports]) follow(bundle, next, found);
}
