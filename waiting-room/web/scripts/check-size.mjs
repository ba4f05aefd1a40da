// Fails the build when the page is heavier than promised: 15 KB gzipped, everything included.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const limit = 15 * 1024;
const page = readFileSync(new URL("../dist/index.html", import.meta.url));
const gzipped = gzipSync(page, { level: 9 }).length;
console.log(`dist/index.html: ${page.length} bytes, ${gzipped} gzipped, ${limit - gzipped} below the limit of ${limit}`);
const elsewhere = page.toString().match(/\b(?:src|href)="(?!data:)[^"#]+"/g);
if (elsewhere) throw new Error(`the page must hold everything itself, but asks for ${elsewhere.join(", ")}`);
if (gzipped > limit) throw new Error("the queue page is too heavy: shorten texts, style or script");
