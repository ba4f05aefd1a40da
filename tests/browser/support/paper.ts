import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const quiet: ExecFileSyncOptionsWithStringEncoding = { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };

/** What programs that know nothing of Rushline read from a ticket: poppler's and zbar's command-line tools. */
export function readPdf(path: string): { text: string; codes: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "rushline-ticket-"));
  try {
    const text = execFileSync("pdftotext", ["-layout", path, "-"], quiet);
    execFileSync("pdftoppm", ["-r", "200", "-png", path, join(folder, "page")], quiet);
    return { text, codes: readCodes(readdirSync(folder).map((page) => join(folder, page))) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The codes on a picture in PNG. */
export function readPicture(png: Buffer): string[] {
  const folder = mkdtempSync(join(tmpdir(), "rushline-picture-"));
  try {
    writeFileSync(join(folder, "picture.png"), png);
    return readCodes([join(folder, "picture.png")]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readCodes(pictures: string[]): string[] {
  return execFileSync("zbarimg", ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", ...pictures], quiet)
    .trim()
    .split("\n");
}
