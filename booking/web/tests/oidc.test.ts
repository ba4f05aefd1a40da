import { describe, expect, it } from "vitest";
import { refusalText, startAddress } from "../src/users/oidc";

describe("signing in with a provider", () => {
  it("comes back to where the reader was", () => {
    expect(startAddress("/api/v1/users/oidc/start", undefined)).toBe("/api/v1/users/oidc/start");
    expect(startAddress("/api/v1/users/oidc/start", "/sessions/5?a=b")).toBe(
      "/api/v1/users/oidc/start?return_to=%2Fsessions%2F5%3Fa%3Db",
    );
  });

  it("says what to do about each refusal, and never nothing", () => {
    const texts = ["oidc-email-unverified", "oidc-refused", "oidc-over", "oidc-unavailable"].map(refusalText);
    expect(new Set(texts).size).toBe(4);
    expect(refusalText("anything else")).toBe(refusalText("oidc-invalid"));
  });
});
