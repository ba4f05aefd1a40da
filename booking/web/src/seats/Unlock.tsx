import { useState } from "react";
import type { SessionDetail, TicketType } from "../api/types";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { recall, remember } from "../ui/storage";
import { useForm } from "../users/form";
import { GaPicker } from "./GaPicker";
import { unlock } from "./api";
import type { Holding } from "./useHold";
import { say } from "./words";

interface Props {
  session: SessionDetail;
  holding: Holding;
}

/** Tickets that are sold only to those who have a code. */
export function Unlock({ session, holding }: Props) {
  const [opened, setOpened] = useState<{ code: string; types: TicketType[] } | null>(null);
  const storage = `rushline.access.${session.id}`;
  const typed = recall(storage, isText);
  const form = useForm(async (value) => {
    const { code, ticket_types: types } = await unlock(session.id, value("code").trim());
    // Whoever is sent to sign in meanwhile finds it here again.
    remember(storage, code);
    setOpened({ code, types });
  });
  if (opened !== null) return <GaPicker session={session} types={opened.types} code={opened.code} holding={holding} />;
  return (
    <details open={typed !== null}>
      <summary className="inline-flex min-h-11 cursor-pointer items-center text-sm font-semibold underline">
        {say("accessAsk")}
      </summary>
      <form onSubmit={form.submit} className="grid gap-3 pt-1">
        <Field
          label={say("accessCode")}
          name="code"
          defaultValue={typed ?? ""}
          required
          maxLength={40}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          error={form.problem === null ? undefined : refusalText(form.problem)}
        />
        <Button type="submit" look="quiet" busy={form.isBusy} className="justify-self-start">
          {say("accessUse")}
        </Button>
      </form>
    </details>
  );
}

const isText = (value: unknown): value is string => typeof value === "string";

const refusalText = ({ slug, message }: { slug: string; message: string }): string =>
  slug === "promo-invalid" ? say("accessInvalid") : message;
