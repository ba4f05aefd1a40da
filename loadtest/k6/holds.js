// A thousand shoppers hold seats of one sale, and give them back. P7 of the goals: 150 ms for 99 of 100 holds.
import http from "k6/http";
import { sleep } from "k6";
import { admin, answered, as, event, number, shopper, url } from "./stage.js";

const people = number("SHOPPERS", 1000);

export const options = {
  setupTimeout: "5m",
  scenarios: {
    holding: { executor: "constant-vus", vus: people, duration: __ENV.DURATION || "30s" },
  },
  thresholds: { "http_req_duration{act:hold}": ["p(99)<150"], checks: ["rate==1"] },
};

export function setup() {
  return event(admin(), "Held", 100000);
}

/** A pair of seats, looked at for some seconds, and let go. */
export default function ({ session }) {
  // Nobody begins in the same moment, and nobody clicks all the time.
  sleep(Math.random() * 8);
  const headers = as(shopper("holder"));
  const wish = JSON.stringify({ quantity: 2, best_available: true });
  const hold = http.post(`${url}/api/v1/sessions/${session}/holds`, wish, { headers, tags: { act: "hold" } });
  if (!answered(hold, 201, "is held")) return;
  sleep(2 + Math.random() * 4);
  const release = http.del(`${url}/api/v1/holds/${hold.json().id}`, null, { headers, tags: { act: "release" } });
  answered(release, 204, "is released");
}
