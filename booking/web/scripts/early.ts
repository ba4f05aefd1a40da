import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Plugin, type Rollup, transformWithOxc } from "vite";

const source = new URL("../src/early.ts", import.meta.url);

/** The pages that are opened most, by the file that holds them. */
const pages = { home: "/events/HomePage.tsx", event: "/events/EventPage.tsx", session: "/seats/SessionPage.tsx" };

/** Builds the small script that asks for a page's part and data at once, and names it in the document before all others. */
export function early(): Plugin {
  return {
    name: "early",
    apply: "build",
    enforce: "post",
    async generateBundle(_, bundle) {
      const document = bundle["index.html"];
      if (document?.type !== "asset") throw new Error("the bundle has no document");
      const files = Object.fromEntries(Object.entries(pages).map(([name, file]) => [name, filesOf(bundle, file)]));
      const { code } = await transformWithOxc(readFileSync(source, "utf8"), source.pathname);
      const script = `const files = ${JSON.stringify(files)};\n${code}`;
      const name = `assets/early-${createHash("sha256").update(script).digest("hex").slice(0, 8)}.js`;
      this.emitFile({ type: "asset", fileName: name, source: script });
      document.source = String(document.source).replace("<title>", `<script type="module" async src="/${name}"></script>\n    <title>`);
    },
  };
}

/** What a page needs at once, beside what every page needs. */
function filesOf(bundle: Rollup.OutputBundle, file: string): string[] {
  const chunks = Object.values(bundle).filter((each) => each.type === "chunk");
  const entry = chunks.find((chunk) => chunk.isEntry);
  const page = chunks.find((chunk) => chunk.facadeModuleId?.endsWith(file));
  if (entry === undefined || page === undefined) throw new Error(`the bundle has no entry or no ${file}`);
  const found = new Set<string>([entry.fileName, ...entry.imports]);
  const known = new Set(found);
  const follow = (name: string): void => {
    const chunk = bundle[name];
    if (chunk?.type !== "chunk" || found.has(name)) return;
    found.add(name);
    chunk.imports.forEach(follow);
  };
  follow(page.fileName);
  return [...found].filter((name) => !known.has(name)).map((name) => `/${name}`);
}
