let registration: Promise<ServiceWorkerRegistration> | null = null;

/** Makes the gate installable and keeps its files for the time without a network; once a page. */
export function installGate(): void {
  // The gate is an app of its own beside the shop, whose manifest the document names.
  document.querySelector("link[rel=manifest]")?.setAttribute("href", "/gate.webmanifest");
  // The dev server has no hashed files to keep.
  if (import.meta.env.PROD)
    registration ??= navigator.serviceWorker?.register("/gate-worker.js", { scope: "/gate" }) ?? null;
  // Private windows refuse; the gate then works, but doesn't start, without a network.
  registration?.catch(() => undefined);
}

/** Resolves with true once the page would come up without a network; false where the browser can't keep it. */
export async function isKept(): Promise<boolean> {
  const found = await registration?.catch(() => null);
  if (!found) return false;
  const coming = found.installing;
  if (found.active === null && coming !== null) {
    await new Promise<void>((resolve) => {
      coming.addEventListener("statechange", () => {
        if (coming.state === "activated" || coming.state === "redundant") resolve();
      });
    });
  }
  return found.active !== null;
}
