import { describe, expect, it } from "vitest";
import { say as admission } from "../src/admission/words";
import { say as api } from "../src/api/words";
import { say as bookings } from "../src/bookings/words";
import { say as events } from "../src/events/words";
import { say as feedback } from "../src/feedback/words";
import arabic from "../src/languages/ar";
import { languages, localeOf, pick } from "../src/languages/current";
import german from "../src/languages/de";
import spanish from "../src/languages/es";
import { knownProblems } from "../src/languages/problems";
import type { Plural, Words } from "../src/languages/speak";
import { say as payments } from "../src/payments/words";
import { say as seats } from "../src/seats/words";
import { say as shell } from "../src/shell/words";
import { say as tickets } from "../src/tickets/words";
import { say as ui } from "../src/ui/words";
import { say as phone } from "../src/users/phoneWords";
import { say as users } from "../src/users/words";
import { say as waitlist } from "../src/waitlist/words";

const parts = {
  admission,
  api,
  bookings,
  events,
  feedback,
  payments,
  phone,
  seats,
  shell,
  tickets,
  ui,
  users,
  waitlist,
};
const others = { de: german, es: spanish, ar: arabic } as const;

const holesOf = (text: string) => new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
const textsOf = (message: string | Plural) => (typeof message === "string" ? [message] : Object.values(message));

it("lists every language once", () => {
  expect(Object.keys(others).concat("en").sort()).toEqual(Object.keys(languages).sort());
});

describe.each(Object.entries(others))("%s", (code, catalogue) => {
  it("has every text of every part, and none that nobody says", () => {
    expect(Object.keys(catalogue).sort()).toEqual([...Object.keys(parts), "problems"].sort());
    for (const [part, say] of Object.entries(parts)) {
      expect(Object.keys(catalogue[part as keyof typeof parts]).sort(), part).toEqual(Object.keys(say.english).sort());
    }
    expect(Object.keys(catalogue.problems).sort()).toEqual([...knownProblems].sort());
  });

  it("leaves no text empty, and puts in the values that the English has", () => {
    for (const [part, say] of Object.entries(parts)) {
      const words: Words = catalogue[part as keyof typeof parts];
      for (const [key, english] of Object.entries(say.english as Words)) {
        const allowed = new Set(textsOf(english).flatMap((text) => [...holesOf(text)]));
        for (const text of textsOf(words[key]!)) {
          expect(text.trim(), `${part}.${key}`).not.toBe("");
          expect(
            [...holesOf(text)].filter((hole) => !allowed.has(hole)),
            `${part}.${key}`,
          ).toEqual([]);
        }
        // A count may be a word ("two tickets"); any other value must be said in each form.
        for (const hole of allowed) {
          if (hole === "count") continue;
          for (const text of textsOf(words[key]!)) expect(text, `${part}.${key}`).toContain(`{${hole}}`);
        }
      }
    }
  });

  it("has each of the language's plural forms", () => {
    const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
    for (const [part, say] of Object.entries(parts)) {
      const words: Words = catalogue[part as keyof typeof parts];
      for (const [key, english] of Object.entries(say.english as Words)) {
        expect(typeof words[key], `${part}.${key}`).toBe(typeof english);
        if (typeof english === "string") continue;
        for (const form of forms) expect(words[key], `${part}.${key} ${form}`).toHaveProperty(form);
      }
    }
  });
});

describe("the reader's language", () => {
  it.each([
    [["de-AT", "en"], "de"],
    [["fr-FR", "ES"], "es"],
    [["fr"], "en"],
    [["", "ar-EG"], "ar"],
    [["constructor"], "en"],
  ])("%o is answered in %s", (wanted, code) => expect(pick(wanted)).toBe(code));

  it("keeps the reader's country, and prints the digits that seats have", () => {
    expect(localeOf("de", ["en-GB", "de-AT"])).toBe("de-AT");
    expect(new Intl.NumberFormat(localeOf("ar", ["ar-EG"])).format(12)).toBe("12");
  });
});

describe("a text", () => {
  it("takes the form of its count and groups its digits", () => {
    expect(seats("tickets", { count: 1 })).toBe("1 ticket");
    expect(seats("tickets", { count: 1200 })).toBe("1,200 tickets");
  });
});
