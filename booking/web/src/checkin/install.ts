/** Makes the gate installable and keeps its files for the time without a network; once a page. */
export function installGate(): void {
  if (document.querySelector("link[rel=manifest]") === null) {
    const link = document.createElement("link");
    link.rel = "manifest";
    link.href = "/gate.webmanifest";
    document.head.append(link);
  }
  // The dev server has no hashed files to keep.
  if (import.meta.env.PROD) void navigator.serviceWorker?.register("/gate-worker.js", { scope: "/gate" });
}

/** Resolves when the page would come up without a network; never where the browser can't keep it. */
export const isKept = async (): Promise<boolean> => {
  if (!("serviceWorker" in navigator)) return new Promise(() => undefined);
  return (await navigator.serviceWorker.ready).active !== null;
};
