import { useCallback, useState } from "react";
import { recall, remember } from "../ui/storage";

const isIds = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((id) => typeof id === "number");
const keyOf = (session: number) => `rushline.choice.${session}`;

/** The seats chosen but not yet held, kept for this tab so that signing in or a reload doesn't lose them. */
export function useChoice(session: number): [number[], (ids: number[]) => void] {
  const [ids, setIds] = useState<number[]>(() => recall(keyOf(session), isIds) ?? []);
  const change = useCallback(
    (next: number[]) => {
      setIds(next);
      remember(keyOf(session), next);
    },
    [session],
  );
  return [ids, change];
}
