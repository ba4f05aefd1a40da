/**
 * Runs before the pages' own scripts have arrived: asks for the part and the data of the page that was opened, so that they
 * come beside those scripts and not after them. Whatever is not here is simply asked for later.
 */
/** Put in by the build: the files of the pages that are opened most, by name. */
declare const files: Record<"home" | "event" | "session", string[]>;

const [page, id] = pageOf(location.pathname);
if (page !== null) {
  for (const file of files[page]) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = file;
    document.head.append(link);
  }
  // Whoever is signed in may see more than the public: her pages ask by themselves, with her token.
  if (localStorage.getItem("rushline.signed-in") === null) {
    const started: Record<string, Promise<Response>> = {};
    for (const address of addressesOf(page, id)) {
      const answer = fetch(address, { headers: { Accept: "application/json, */*;q=0.5" }, credentials: "same-origin" });
      answer.catch(() => undefined);
      started[address] = answer;
    }
    Object.assign(globalThis, { early: started });
  }
}

function pageOf(path: string): ["home" | "event" | "session" | null, string] {
  const named = path.match(/^\/(event|session)s\/(\d+)$/);
  if (named) return [named[1] as "event" | "session", named[2]!];
  return [path === "/" ? "home" : null, ""];
}

/** What the page will ask for, letter by letter (`events/api.ts`, `seats/api.ts`). */
function addressesOf(which: "home" | "event" | "session", number: string): string[] {
  if (which === "event") return [`/api/v1/events/${number}`];
  if (which === "session") return [`/api/v1/sessions/${number}`, `/api/v1/sessions/${number}/seats`];
  const today = new Date();
  today.setHours(0, 0, 0, 0);
  return [`/api/v1/events?${new URLSearchParams({ from: today.toISOString(), sort: "date", limit: "13" }).toString()}`];
}

export {};
