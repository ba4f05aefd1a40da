// Fails the build when the page is heavier than promised: 15,000 bytes gzipped for the first load, which is the page
// with everything in it and the reader's language; 5,000 for any part that is loaded when it is needed.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const languages = readdirSync(new URL("../languages/", import.meta.url)).map((file) => file.slice(0, -5));
const firstMax = 15_000;
const partMax = 5_000;
const weigh = (name) => gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;

const page = weigh("index.html");
const parts = readdirSync(new URL("_/", dist)).map((name) => ({ name, bytes: weigh(`_/${name}`) }));
const isLanguage = ({ name }) => languages.includes(name.split("-")[0]);
const language = Math.max(...parts.filter(isLanguage).map(({ bytes }) => bytes));
const first = page + language;
console.log(`first load: ${first} bytes gzipped (page ${page}, longest language ${language}), ${firstMax - first} below the limit of ${firstMax}`);
for (const { name, bytes } of parts.filter((part) => !isLanguage(part))) console.log(`when needed: _/${name} ${bytes}`);

const elsewhere = readFileSync(new URL("index.html", dist), "utf8").match(/\b(?:src|href)="(?!data:)[^"#]+"/g);
if (elsewhere) throw new Error(`the page must hold everything itself, but asks for ${elsewhere.join(", ")}`);
if (first > firstMax) throw new Error("the queue page is too heavy: shorten texts, style or script, or load parts when needed");
if (parts.some(({ bytes }) => bytes > partMax)) throw new Error(`a part of the queue page is heavier than ${partMax} bytes`);
