import { keys } from "virtual:catalogue";
import { describe, expect, it } from "vitest";
import { readLanguages } from "../build/catalogue";
import { autonym, codes, isRtl, learn, pick, speaker } from "../src/language";

describe("languages", () => {
  it("are ten or more, one of them from right to left", () => {
    expect(codes.length).toBeGreaterThanOrEqual(10);
    expect(codes.filter(isRtl)).toEqual(["ar"]);
    expect(codes[0]).toBe("en");
  });
  it.each(codes)("%s says everything, and nothing in English by mistake", async (code) => {
    const texts = readLanguages().get(code)!;
    expect(Object.keys(texts)).toEqual(keys);
    expect(texts["about"]).toContain("{0}");
    const english = readLanguages().get("en")!;
    if (code !== "en") expect(keys.filter((key) => texts[key] === english[key] && key !== "notify")).toEqual([]);
    expect(await learn(code)).toBe(code);
    expect(speaker(code)("about", "7")).toContain("7");
  });
  it("follow the reader's own order", () => {
    expect(pick(["gsw", "de-AT", "en"])).toBe("de-AT");
    expect(pick(["xx"])).toBe("en");
    expect(pick(["", "PT-br"])).toBe("PT-br");
  });
  it("are named in themselves", () => {
    expect([autonym("fr"), autonym("ar"), autonym("ja")]).toEqual(["Français", "العربية", "日本語"]);
  });
});
