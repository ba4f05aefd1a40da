// Fails the build when the shop's first page asks for more script than promised: 110,000 bytes gzipped, before any page's own part.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const most = 110_000;

const page = readFileSync(new URL("index.html", dist), "utf8");
const scripts = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, name]) => name);
if (scripts.length === 0) throw new Error("dist/index.html names no script: the measure is broken");
const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length, 0);
console.log(`first load: ${bytes} bytes of script gzipped, ${most - bytes} below the limit of ${most}`);
if (bytes > most) throw new Error("the shop's first load is too heavy: load parts of it with their pages (lazyRouteComponent)");
