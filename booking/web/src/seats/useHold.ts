import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { forgetAdmission } from "../admission/tokens";
import { newKey } from "../api/ids";
import { asProblem, type Problem } from "../api/problem";
import type { HoldRequest, SessionDetail } from "../api/types";
import { to } from "../paths";
import { settle } from "../users/session";
import { createHold, holdQuery } from "./api";
import { setBasket } from "./basket";

const admissionRefusals = new Set([
  "queue-required",
  "admission-expired",
  "invalid-token",
  "admission-not-yours",
  "admission-used",
]);

/** What became of a wish: held and on the way to the checkout, sent to sign in, or refused. */
export type HoldOutcome = "held" | "sign-in" | Problem;

export interface Holding {
  isBusy: boolean;
  problem: Problem | null;
  /** The room the fan must go back to, when the refusal was about her admission. */
  needsQueue: string | null;
  hold: (wanted: HoldRequest) => Promise<HoldOutcome>;
  clear: () => void;
}

/** Holds tickets and leads to the checkout; one key per wish, so that pressing again never holds twice. */
export function useHold(session: SessionDetail): Holding {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const intent = useRef({ wish: "", key: "" });
  const room = session.event.room ?? null;

  const hold = async (wanted: HoldRequest): Promise<HoldOutcome> => {
    if ((await settle()).status !== "signed-in") {
      await navigate(to.login(`/sessions/${session.id}`));
      return "sign-in";
    }
    const wish = JSON.stringify(wanted);
    if (intent.current.wish !== wish) intent.current = { wish, key: newKey() };
    setBusy(true);
    setProblem(null);
    try {
      const held = await createHold(session.id, wanted, room, intent.current.key);
      intent.current = { wish: "", key: "" };
      setBasket({
        hold: held.id,
        session: session.id,
        expires_at: held.expires_at,
        tickets: held.seats.length,
      });
      client.setQueryData(holdQuery(held.id).queryKey, held);
      await navigate(to.checkout(held.id));
      return "held";
    } catch (error) {
      const refused = asProblem(error);
      // A refusal is an answer: the same wish later is a new one. Without an answer the key stays.
      if (refused.status !== 0) intent.current = { wish: "", key: "" };
      if (room && admissionRefusals.has(refused.slug)) forgetAdmission(room);
      setProblem(refused);
      return refused;
    } finally {
      setBusy(false);
    }
  };

  const needsQueue = problem && admissionRefusals.has(problem.slug) ? (problem.text("room") ?? room) : null;
  return { isBusy, problem, needsQueue, hold, clear: () => setProblem(null) };
}
