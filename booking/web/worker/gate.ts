/**
 * Keeps the gate's page and files, so that it starts without a network. It speaks for nothing else: its scope is `/gate`, it
 * answers only for the files listed here, and never for the API, whose answers are always the network's own.
 */
/** Put in by the build: the gate's files, and a hash of them all. */
declare const files: readonly string[];
declare const version: string;

const worker = self as unknown as ServiceWorkerGlobalScope;
const page = "/gate";
const prefix = "rushline-gate-";
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
  if (request.mode === "navigate" ? pathname === page : kept.has(pathname))
    event.respondWith(keptOr(request, pathname));
});

/** All or nothing: a half-kept gate would fail at the door. */
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
