// A thousand shoppers buy on one sale: hold, book, pay, tickets. P7 of the goals: 500 ms for 95 of 100 purchases without
// the simulated gateway's delay, 2 s with it (GATEWAY=slow).
import http from "k6/http";
import { sleep } from "k6";
import { Trend } from "k6/metrics";
import { admin, answered, as, event, number, shopper, url } from "./stage.js";

const people = number("SHOPPERS", 1000);
const longest = __ENV.GATEWAY === "slow" ? 2000 : 500;
/** From the click on “hold” to the tickets, without the time in which people think and type. */
const purchase = new Trend("purchase_duration", true);

export const options = {
  setupTimeout: "5m",
  scenarios: {
    buying: { executor: "per-vu-iterations", vus: people, iterations: number("PURCHASES", 3), maxDuration: "5m" },
  },
  thresholds: { purchase_duration: [`p(95)<${longest}`], checks: ["rate==1"] },
};

export function setup() {
  return event(admin(), "Bought", 100000);
}

export default function ({ session }) {
  sleep(Math.random() * 10);
  const headers = as(shopper("buyer"));
  let spent = 0;
  const send = (path, body, status, what) => {
    const key = { "Idempotency-Key": `${__VU}-${__ITER}-${what}` };
    const answer = http.post(`${url}/api/v1${path}`, JSON.stringify(body), { headers: { ...headers, ...key } });
    spent += answer.timings.duration;
    return answered(answer, status, what) ? answer.json() : null;
  };
  const hold = send(`/sessions/${session}/holds`, { quantity: 2, best_available: true }, 201, "held");
  if (!hold) return;
  sleep(1 + Math.random() * 2);
  const booking = send("/bookings", { hold_id: hold.id }, 201, "booked");
  if (!booking) return;
  sleep(2 + Math.random() * 4);
  const card = { method: "card", card_number: "4242424242424242" };
  if (send(`/bookings/${booking.id}/payment`, card, 200, "paid")) purchase.add(spent);
}
