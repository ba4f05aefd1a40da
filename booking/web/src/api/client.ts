import * as account from "../users/session";
import { admissionHeader } from "../admission/tokens";
import { saveFile } from "../ui/save";
import { addressOf } from "./address";
import { learnServerTime } from "./clock";
import { takeEarly } from "./early";
import { offline, type Problem, problemFrom } from "./problem";
import type { AnswerOf, BodyOf, Method, PathOf, QueryOf } from "./typing";

export interface RequestOptions<Body = unknown, Query = Record<string, unknown>> {
  /** Values of the `{name}` parts of the path. */
  path?: Record<string, string | number>;
  /** Query values; empty ones are left out. */
  query?: Query;
  body?: Body;
  /** What a body is that is sent as it stands; without it JSON. */
  mediaType?: string;
  /** Makes a write safe to repeat: the server answers a repeat with the same bytes. */
  idempotencyKey?: string;
  /** The version a change is made to: if it is another by now, the change is refused. */
  ifMatch?: string | null;
  /** The event's waiting room, whose admission token is sent if the browser holds one. */
  room?: string | null;
  signal?: AbortSignal;
}

/** One page of a list and the cursor of the next, from the `Link` header. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

/**
 * Calls the API and gives the body, or throws a `Problem`. Path, query, body and answer are checked against the
 * API's own description; an answer without a body is `undefined`.
 */
export async function request<M extends Method, P extends PathOf<M>>(
  method: M,
  template: P,
  options: RequestOptions<BodyOf<M, P>, QueryOf<M, P>> = {},
): Promise<AnswerOf<M, P>> {
  const response = await authorised(method, template, options);
  return (await bodyOf(response)) as AnswerOf<M, P>;
}

/** Calls a route that the API's description leaves open: the caller says what the answer is. */
export async function requestAs<Answer>(
  method: Method,
  template: string,
  options: RequestOptions<unknown, object> = {},
): Promise<Answer> {
  return (await requestAnswer<Answer>(method, template, options)).body;
}

/** The same with the answer's headers. */
export async function requestAnswer<Answer>(
  method: Method,
  template: string,
  options: RequestOptions<unknown, object> = {},
): Promise<{ body: Answer; headers: Headers }> {
  const response = await authorised(method, template, options);
  return { body: (await bodyOf(response)) as Answer, headers: response.headers };
}

/** Reads something with its version, so that a change can say what it was made to. */
export async function requestVersion<P extends PathOf<"GET">>(
  template: P,
  options: RequestOptions<never, QueryOf<"GET", P>> = {},
): Promise<{ body: AnswerOf<"GET", P>; version: string | null }> {
  const response = await authorised("GET", template, options);
  return { body: (await bodyOf(response)) as AnswerOf<"GET", P>, version: response.headers.get("ETag") };
}

/** Calls a list endpoint and gives its items with the cursor of the next page. */
export async function requestPage<P extends PathOf<"GET">>(
  template: P,
  options: RequestOptions<never, QueryOf<"GET", P>> = {},
): Promise<Page<AnswerOf<"GET", P> extends (infer Item)[] ? Item : never>> {
  const response = await authorised("GET", template, options);
  return {
    items: (await bodyOf(response)) as (AnswerOf<"GET", P> extends (infer Item)[] ? Item : never)[],
    next: nextCursor(response.headers.get("Link")),
  };
}

/** Fetches a file with the account's token, as a link could not, and gives it to the browser to save. */
export async function download(address: string, fileName: string): Promise<void> {
  const response = await authorised("GET", address, {});
  saveFile(await response.blob(), fileName);
}

/** The cursor in `Link: <…?cursor=…>; rel="next"`, or null on the last page. */
export function nextCursor(link: string | null): string | null {
  const next = link?.split(/,\s*(?=<)/).find((part) => /;\s*rel="?next"?/.test(part));
  const address = next?.match(/^\s*<([^>]+)>/)?.[1];
  return address ? new URL(address, "http://list").searchParams.get("cursor") : null;
}

/** Sends with the access token; an answer 401 renews the token once and repeats. */
async function authorised(
  method: Method,
  template: string,
  options: RequestOptions<unknown, object>,
): Promise<Response> {
  const used = account.accessToken();
  try {
    return await repeated(method, template, options);
  } catch (problem) {
    if (used === null || !isStaleToken(problem as Problem)) throw problem;
    if (!(await account.renew(used))) throw problem;
    return repeated(method, template, options);
  }
}

/** A wrong code is refused with 401 too; sent again with a new token it would count as two tries. */
const isStaleToken = ({ status, slug }: Problem) =>
  status === 401 && slug !== "admission-expired" && slug !== "totp-wrong";

const pausesMs = [400, 1_200];

/** Repeats what is safe to repeat when the network, not the server, said no. */
async function repeated(method: Method, template: string, options: RequestOptions<unknown, object>): Promise<Response> {
  const safe = method !== "GET" && options.idempotencyKey !== undefined;
  for (const pause of safe ? pausesMs : []) {
    try {
      return await once(method, template, options);
    } catch (problem) {
      if (!isPassing(problem as Problem) || options.signal?.aborted) throw problem;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return once(method, template, options);
}

const isPassing = (problem: Problem) => problem.status === 0 || problem.status === 502 || problem.status === 504;

async function once(method: Method, template: string, options: RequestOptions<unknown, object>): Promise<Response> {
  const headers = new Headers({ Accept: "application/json, */*;q=0.5" });
  const token = account.accessToken();
  if (token !== null) headers.set("Authorization", `Bearer ${token}`);
  if (options.body !== undefined) headers.set("Content-Type", options.mediaType ?? "application/json");
  if (options.idempotencyKey !== undefined) headers.set("Idempotency-Key", options.idempotencyKey);
  if (options.ifMatch) headers.set("If-Match", options.ifMatch);
  const admission = options.room ? admissionHeader(options.room) : null;
  if (admission !== null) headers.set("Admission-Token", admission);

  const body = bodyText(options);
  const address = addressOf(template, options);
  const asked = method === "GET" && token === null ? await takeEarly(address) : null;
  const sent =
    asked ?? fetch(address, { method, headers, body, signal: options.signal ?? null, credentials: "same-origin" });
  const response = await Promise.resolve(sent).catch((error: unknown) => {
    if (options.signal?.aborted) throw error;
    throw offline();
  });
  learnServerTime(response.headers.get("Date"), Date.now());
  if (!response.ok) {
    throw problemFrom(response.status, await bodyOf(response).catch(() => null), response.headers.get("Retry-After"));
  }
  return response;
}

function bodyText({ body, mediaType }: RequestOptions<unknown, object>): string | null {
  if (body === undefined) return null;
  return mediaType === undefined ? JSON.stringify(body) : String(body);
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === "" ? undefined : (JSON.parse(text) as unknown);
}
