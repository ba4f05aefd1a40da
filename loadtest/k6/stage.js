// The stage of all k6 scripts: where the server is, an admin at work, shoppers, and how an answer is judged.
import http from "k6/http";
import { check, fail } from "k6";

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

/** A published event with `total` places of general admission, behind `room` if there is one. */
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
  return { event: made.id, session: made.sessions[0].id };
}

/** Access tokens of `count` new shoppers; guests, because hashing a thousand passwords is no part of a sale. */
export function shoppers(count, name) {
  const tokens = [];
  for (let begun = 0; begun < count; begun += 50) {
    const people = [];
    for (let n = begun; n < Math.min(begun + 50, count); n++) {
      const person = { name: "A Shopper", email: `${name}-${n}@k6.example` };
      people.push(["POST", `${url}/api/v1/users/guests`, JSON.stringify(person), { headers: json }]);
    }
    for (const answer of http.batch(people)) {
      if (answer.status !== 201) fail(`a shopper was refused: ${answer.status} ${answer.body}`);
      tokens.push(answer.json().token);
    }
  }
  return tokens;
}

/** Whether the answer is `status`; counts in the check of that name. */
export const answered = (answer, status, what) => check(answer, { [what]: ({ status: got }) => got === status });
