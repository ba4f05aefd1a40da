import type { RoomPaths } from "./rooms";
import type { paths } from "./schema";

/** What the client may call: booking as it describes itself, and the waiting room's part for operators. */
type Paths = paths & RoomPaths;

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The paths that take a method. */
export type PathOf<M extends Method> = {
  [P in keyof Paths]: Paths[P] extends Record<Lowercase<M>, object> ? P : never;
}[keyof Paths];

type Operation<M extends Method, P extends keyof Paths> = Paths[P] extends Record<Lowercase<M>, infer O> ? O : never;

type Json<T> = T extends { content: { "application/json": infer Body } } ? Body : undefined;

/** What a call sends. */
export type BodyOf<M extends Method, P extends keyof Paths> =
  Operation<M, P> extends { requestBody?: infer R } ? Json<NonNullable<R>> : undefined;

/** What a call may ask in its query; empty values are left out. */
export type QueryOf<M extends Method, P extends keyof Paths> =
  Operation<M, P> extends { parameters: { query?: infer Q } } ? { [K in keyof Q]?: Q[K] | null } : never;

/** What a call gives when it succeeds. */
export type AnswerOf<M extends Method, P extends keyof Paths> =
  Operation<M, P> extends { responses: infer R } ? Json<R[keyof R & (200 | 201 | 202 | 204)]> : never;
