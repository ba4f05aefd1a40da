import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build, type Plugin, type Rollup } from "vite";

const inSource = (path: string): string => fileURLToPath(new URL(`../src/${path}`, import.meta.url));
const source = inSource("early/start.ts");

/** The pages that are opened most, by the file that holds them. */
export const earlyPages = {
  home: inSource("events/HomePage.tsx"),
  event: inSource("events/EventPage.tsx"),
  session: inSource("seats/SessionPage.tsx"),
};

/** Builds the small script that asks for a page's part and data at once, and names it in the document before all others. */
export function early(): Plugin {
  return {
    name: "early",
    apply: "build",
    enforce: "post",
    async generateBundle(_, bundle) {
      const document = bundle["index.html"];
      if (document?.type !== "asset") throw new Error("the bundle has no document");
      const files = Object.fromEntries(Object.entries(earlyPages).map(([name, file]) => [name, filesOf(bundle, file)]));
      const script = `const files=${JSON.stringify(files)};${await bundled()}`;
      const name = `assets/early-${createHash("sha256").update(script).digest("hex").slice(0, 8)}.js`;
      this.emitFile({ type: "asset", fileName: name, source: script });
      const font = Object.keys(bundle).find((each) => /^assets\/archivo-poster-.*\.woff2$/.test(each));
      if (font === undefined) throw new Error("the bundle has no poster cut");
      const head = [
        `<link rel="preload" as="font" type="font/woff2" crossorigin href="/${font}">`,
        `<script type="module" async src="/${name}"></script>`,
      ];
      document.source = String(document.source).replace("<title>", `${head.join("\n    ")}\n    <title>`);
    },
  };
}

/** The script in one piece: it must not wait for parts that it shares with the pages. */
async function bundled(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    publicDir: false,
    build: { write: false, target: "es2022", modulePreload: false, rolldownOptions: { input: source } },
  });
  const chunk = (built as Rollup.RolldownOutput).output[0];
  return chunk.code;
}

/** What a page needs at once, beside what every page needs. */
function filesOf(bundle: Rollup.OutputBundle, file: string): string[] {
  const chunks = Object.values(bundle).filter((each) => each.type === "chunk");
  const entry = chunks.find((chunk) => chunk.isEntry);
  const page = chunks.find((chunk) => chunk.facadeModuleId === file);
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
