// The stage of all k6 scripts: where the server is, an admin at work, shoppers, and how an answer is judged.
import http from "k6/http";
import { check, fail, sleep } from "k6";

export const url = __ENV.URL || "http://127.0.0.1:8080";

const json = { "Content-Type": "application/json" };

/** Headers of somebody who is logged in. */
export const as = (token) => ({ ...json, Authorization: `Bearer ${token}` });

/** A number of the environment, or what is said without it. */
export const number = (name, usual) => Number(__ENV[name] || usual);

/** `POST` as `token`; the answer's body, or the end of the run. */
export function post(path, body, token) {
  const answer = http.post(`${url}${path}`, JSON.stringify(body), { headers: token ? as(token) : json });
  if (answer.status >= 300) fail(`${path} answered ${answer.status}: ${answer.body}`);
  return answer.json();
}

/** The admin that scripts/k6 starts the server with. */
export const admin = () => post("/api/v1/users/login", { email: __ENV.ADMIN_EMAIL, password: __ENV.ADMIN_PASSWORD }).token;

/** For so long after they were made all seats of a session are news to its map, which reads back as far as clocks differ. */
const REST_S = 14;

/** A published event with `total` places of general admission, behind `room` if there is one. As with any sale that
 * opens, some time has passed since it was made, and somebody has looked at it. */
export function event(token, name, total, room = null) {
  const made = post("/api/v1/events", {
    name,
    description: "A show to sell out",
    venue: "Stage Arena",
    category: "concert",
    per_person_limit: 1000,
    room,
    sessions: [{ starts_at: "2099-06-01T18:00:00Z", ticket_types: [{ name: "GA", price_minor: 1000, quantity: total }] }],
  }, token);
  sleep(REST_S);
  const session = made.sessions[0].id;
  http.get(`${url}/api/v1/sessions/${session}/seats`);
  return { event: made.id, session };
}

let mine = null;

/** The access token of this virtual user, who registers when she first asks; a guest, because hashing a thousand
 * passwords is no part of a sale. Not made by `setup`, whose result each user parses for herself: a thousand tokens a
 * thousand times is seconds of both cores, in which the server gets no turn. */
export function shopper(name) {
  mine ??= post("/api/v1/users/guests", { name: "A Shopper", email: `${name}-${__VU}@k6.example` }).token;
  return mine;
}

/** Whether the answer is `status`; counts in the check of that name. */
export const answered = (answer, status, what) => check(answer, { [what]: ({ status: got }) => got === status });
