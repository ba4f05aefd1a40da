// A line: people join, watch their position over a WebSocket, are called, and claim. How soon a join and a claim are
// answered, how soon the first position is shown, and that everybody gets in, in her order.
import http from "k6/http";
import ws from "k6/ws";
import { check } from "k6";
import { Trend } from "k6/metrics";
import { admin, answered, as, event, number, post, url } from "./stage.js";

const people = number("VISITORS", 300);
/** From the socket's opening to the first position shown. */
const shown = new Trend("first_position", true);
const room = "k6-line";

export const options = {
  scenarios: {
    line: { executor: "per-vu-iterations", vus: people, iterations: 1, maxDuration: "5m" },
  },
  thresholds: {
    "http_req_duration{act:join}": ["p(95)<500"],
    "http_req_duration{act:claim}": ["p(95)<500"],
    first_position: ["p(95)<500"],
    checks: ["rate==1"],
  },
};

export function setup() {
  const token = admin();
  const show = event(token, "Queued", 10000);
  const settings = {
    name: "A line", event: String(show.event), booking_url: `/sessions/${show.session}`, rate_per_minute: 60000,
    cap: 100000, claim_window_s: 60, session_length_s: 600,
  };
  const put = http.put(`${url}/api/v1/admin/rooms/${room}`, JSON.stringify(settings), { headers: as(token) });
  if (put.status >= 300) throw new Error(`the room was refused: ${put.body}`);
  post(`/api/v1/admin/rooms/${room}/open`, {}, token);
}

export default function () {
  const at = `/api/v1/rooms/${room}`;
  const joined = http.post(`${url}${at}/places`, "{}", {
    headers: { "Content-Type": "application/json" }, tags: { act: "join" },
  });
  if (!answered(joined, 201, "has a place")) return;
  const cookie = Object.entries(joined.cookies).map(([name, [{ value }]]) => `${name}=${value}`).join("; ");
  const live = `${url.replace("http", "ws")}${at}/live`;
  const headers = { Cookie: cookie, Origin: url, "Sec-WebSocket-Protocol": "rushline.v1" };
  let isCalled = false;
  const socket = ws.connect(live, { headers }, (socket) => {
    const opened = Date.now();
    let isFirst = true;
    socket.on("message", (text) => {
      if (isFirst) shown.add(Date.now() - opened);
      isFirst = false;
      isCalled = ["called", "admitted"].includes(JSON.parse(text).state);
      if (isCalled) socket.close();
    });
    // Longer than any line of this size takes.
    socket.setTimeout(() => socket.close(), 120000);
  });
  check(socket, { "is upgraded": (answer) => answer && answer.status === 101 });
  if (!check(isCalled, { "is called": (is) => is })) return;
  const claim = http.post(`${url}${at}/places/me/admission`, null, { headers: { Cookie: cookie }, tags: { act: "claim" } });
  answered(claim, 200, "is admitted");
}
