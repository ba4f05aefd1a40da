import { describe, expect, it } from "vitest";
import type { Endpoint } from "../src/api/types";
import { bodyText, hostOf, troubleOf } from "../src/organise/webhooks/rules";

const endpoint = (over: Partial<Endpoint> = {}): Endpoint => ({
  id: "w",
  url: "https://hooks.example.org/in",
  owner: "o",
  description: "",
  kinds: ["booking.confirmed"],
  state: "enabled",
  failing_since: null,
  secret_overlap_until: null,
  created_at: "2026-11-22T00:00:00Z",
  ...over,
});
const time = (instant: string) => `<${instant}>`;

describe("an endpoint", () => {
  it("is without trouble, fails since a moment, or says why it is silent", () => {
    expect(troubleOf(endpoint(), time)).toBeNull();
    expect(troubleOf(endpoint({ failing_since: "then" }), time)).toContain("<then>");
    expect(troubleOf(endpoint({ state: "paused", failing_since: "then" }), time)).toContain("paused");
    expect(troubleOf(endpoint({ state: "disabled" }), time)).toContain("Put it right");
  });

  it("is sent bytes that are shown as lines", () => {
    expect(bodyText('{"type":"webhook.ping"}')).toBe('{\n  "type": "webhook.ping"\n}');
    expect(bodyText("no JSON")).toBe("no JSON");
  });

  it("is known by its host, or whole where it has none", () => {
    expect(hostOf("https://hooks.example.org:8443/in?a=b")).toBe("hooks.example.org:8443");
    expect(hostOf("nonsense")).toBe("nonsense");
  });
});
