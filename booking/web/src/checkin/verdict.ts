import type { Problem } from "../api/problem";
import type { Admitted } from "../api/types";
import { placeText } from "../seats/place";

/** What the person at the gate must see: colour, word, reason. Green lets in, yellow asks, red refuses. */
export interface Verdict {
  light: "green" | "yellow" | "red";
  word: string;
  reason: string;
  code: string;
}

const timeFormat = new Intl.DateTimeFormat(undefined, {
  hour: "numeric",
  minute: "2-digit",
  second: "2-digit",
});

export function admitted(answer: Admitted, code: string): Verdict {
  const { seat, holder_name: holder } = answer.ticket;
  return {
    light: "green",
    word: "Welcome",
    reason: [placeText(seat), holder].filter(Boolean).join(" · "),
    code,
  };
}

/** A refused check-in: used before is a question, an unknown code a no, no network neither. */
export function refused(problem: Problem, code: string): Verdict {
  if (problem.slug === "already-used") {
    const at = problem.text("first_used_at");
    const gate = problem.text("gate");
    const when = at ? `Used at ${timeFormat.format(new Date(at))}` : "Used before";
    return {
      light: "yellow",
      word: "Already in",
      reason: gate ? `${when}, gate ${gate}` : when,
      code,
    };
  }
  if (problem.status === 0 || problem.status >= 500) {
    return {
      light: "yellow",
      word: "Not checked",
      reason: problem.detail || "No answer from the server. Scan again.",
      code,
    };
  }
  if (problem.status === 403)
    return {
      light: "red",
      word: "No",
      reason: "Your account may not check in tickets here.",
      code,
    };
  return {
    light: "red",
    word: "No entry",
    reason: problem.detail || "This is not a valid ticket.",
    code,
  };
}

/** Is this the text of a QR code rather than a printed ticket code? */
export const isQr = (text: string): boolean => !/^TCK-/i.test(text);
