/**
 * Runs before the shop's own scripts have arrived: asks for the part and the data of the page that was opened, so that they
 * come beside those scripts and not after them, and draws the page's head. Whatever is not here is simply asked for later.
 */
import { drawHead } from "./head";
import { addressesOf, type EarlyPage, pageOf } from "./page";

/** Put in by the build: the files of the early pages, by name. */
declare const files: Record<EarlyPage["name"], string[]>;

const page = pageOf(location.pathname);
if (page !== null) {
  // Whoever is signed in may see more than the public: her pages ask by themselves, with her token.
  if (localStorage.getItem("rushline.signed-in") === null) ask(page);
  for (const file of files[page.name]) preload(file);
  warmCalendar();
}

/** Every page names a time, and a browser's first one costs it a tenth of a second: now, while the network is awaited. */
function warmCalendar(): void {
  const options = { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" } as const;
  new Intl.DateTimeFormat(navigator.language, { ...options, timeZone: "Europe/Berlin" }).format();
}

function preload(file: string): void {
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = file;
  document.head.append(link);
}

function ask(opened: EarlyPage): void {
  const started: Record<string, Promise<Response>> = {};
  const addresses = addressesOf(opened);
  for (const address of addresses) {
    const answer = fetch(address, { headers: { Accept: "application/json, */*;q=0.5" }, credentials: "same-origin" });
    answer.catch(() => undefined);
    started[address] = answer;
  }
  Object.assign(globalThis, { early: started });
  void started[addresses[0]]!.then((answer) => showHead(opened, answer.clone())).catch(() => undefined);
}

async function showHead(opened: EarlyPage, answer: Response): Promise<void> {
  if (!answer.ok) return;
  const body: unknown = await answer.json();
  const root = document.getElementById("root");
  if (root !== null) drawHead(root, opened, body, Date.now());
}
