import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Plugin, type Rollup, transformWithOxc } from "vite";

const source = new URL("../worker/keeper.ts", import.meta.url);

/** A part of the pages that starts without a network. */
interface Part {
  /** What its worker's file and its cache are called. */
  part: string;
  /** Its addresses begin so. */
  scope: string;
  /** An address that is answered with the pages' one document. */
  page: string;
  /** The file of its page, under `src/`. */
  entry: string;
  /** Files of `public/` that it shows. */
  shown: string[];
  /** What it needs and the bundle's graph does not tell: reached through a worker or a style sheet. */
  besides: RegExp;
}

const parts: Part[] = [
  {
    part: "gate",
    scope: "/gate",
    page: "/gate",
    entry: "/checkin/GatePage.tsx",
    shown: ["/gate.webmanifest", "/gate-192.png", "/gate-512.png", "/favicon.svg"],
    besides: /^assets\/(decode\.worker|archivo-)/,
  },
  {
    part: "wallet",
    scope: "/tickets/",
    page: "/",
    entry: "/tickets/TicketPage.tsx",
    shown: ["/shop.webmanifest", "/shop-192.png", "/favicon.svg"],
    besides: /^assets\/(archivo-|(de|es|ar)-)/,
  },
];

/** Builds `gate-worker.js` and `wallet-worker.js`: service workers with the list of every file that their pages may ask for. */
export function keepers(): Plugin {
  return {
    name: "keepers",
    apply: "build",
    enforce: "post",
    async generateBundle(_, bundle) {
      const { code } = await transformWithOxc(readFileSync(source, "utf8"), source.pathname);
      for (const each of parts) {
        const files = [...new Set([...filesOf(bundle, each), ...each.shown])].sort();
        const version = createHash("sha256")
          .update(JSON.stringify(files))
          .update(documentOf(bundle))
          .digest("hex")
          .slice(0, 12);
        const { part, scope, page } = each;
        const constants = Object.entries({ part, scope, page, files, version })
          .map(([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`)
          .join("");
        this.emitFile({ type: "asset", fileName: `${part}-worker.js`, source: constants + code });
      }
    },
  };
}

/** The page is one document: when it changes, so does the worker. */
const documentOf = (bundle: Rollup.OutputBundle): string => {
  const document = bundle["index.html"];
  return document?.type === "asset" ? String(document.source) : "";
};

/** What the shop's entry and the part's page import, now or later, with their styles. */
function filesOf(bundle: Rollup.OutputBundle, { part, entry: file, besides }: Part): string[] {
  const chunks = Object.values(bundle).filter((each) => each.type === "chunk");
  const entry = chunks.find((chunk) => chunk.isEntry);
  const page = chunks.find((chunk) => chunk.facadeModuleId?.endsWith(file));
  if (entry === undefined || page === undefined) throw new Error(`the bundle has no entry or no page for ${part}`);
  const found = new Set<string>();
  // The entry's later imports are the other pages; the part's own are its libraries.
  for (const name of entry.imports) follow(bundle, name, found);
  follow(bundle, page.fileName, found);
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
