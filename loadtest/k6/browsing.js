// People who look around: the list, an event, what is left of it. P6 of the goals: 20 ms for 95 of 100 answers at 64 clients.
// Each client pauses for a tenth of a second between two looks: without it k6 would measure its own queue for the cores.
import http from "k6/http";
import { sleep } from "k6";
import { admin, answered, event, number, url } from "./stage.js";

export const options = {
  scenarios: {
    browsing: { executor: "constant-vus", vus: number("CLIENTS", 64), duration: __ENV.DURATION || "20s" },
  },
  thresholds: {
    "http_req_duration{scenario:browsing}": ["p(95)<20"],
    "http_req_duration{page:list}": ["p(95)<20"],
    "http_req_duration{page:event}": ["p(95)<20"],
    checks: ["rate==1"],
  },
};

export function setup() {
  const token = admin();
  return { shows: Array.from({ length: 30 }, (_, n) => event(token, `Show ${n}`, 200)) };
}

export default function ({ shows }) {
  const { event: id, session } = shows[__ITER % shows.length];
  const get = (path, page) => answered(http.get(`${url}/api/v1${path}`, { tags: { page } }), 200, "is shown");
  get("/events?limit=20", "list");
  get(`/events/${id}`, "event");
  get(`/sessions/${session}/availability`, "availability");
  sleep(0.05 + Math.random() * 0.1);
}
