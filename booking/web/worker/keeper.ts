/**
 * Keeps a part of the pages and its files, so that it starts without a network: the gate, and the tickets in a fan's
 * pocket. It speaks for nothing else: it answers only for that part's addresses and the files listed here, and never for the
 * API, whose answers are always the network's own.
 */
/** Put in by the build: what the part is called, its files, a hash of them all, and where its addresses begin. */
declare const part: string;
declare const files: readonly string[];
declare const version: string;
declare const scope: string;
/** An address that the server answers with the pages' one document. */
declare const page: string;

const worker = self as unknown as ServiceWorkerGlobalScope;
const prefix = `rushline-${part}-`;
const cacheName = prefix + version;
const kept: ReadonlySet<string> = new Set(files);

worker.addEventListener("install", (event) => {
  event.waitUntil(keepAll());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (request.mode === "navigate") {
    if (pathname.startsWith(scope)) event.respondWith(keptOr(request, page));
  } else if (kept.has(pathname)) event.respondWith(keptOr(request, pathname));
});

/** All or nothing: a half-kept part would fail at the door. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll([page, ...files].map((path) => new Request(path, { cache: "no-cache" })));
}

async function dropOthers(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
  }
}

async function keptOr(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(path)) ?? fetch(request);
}
