import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { asProblem } from "../api/problem";
import type { RsvpAnswer, Ticket } from "../api/types";
import { toast } from "../ui/Toast";
import { answerRsvp, rsvpQuery } from "./api";
import { say } from "./words";

const answers: readonly RsvpAnswer[] = ["attending", "maybe", "not_attending"];

/** Will the holder come? Organisers plan by it; the ticket stays valid whatever is said. */
export function RsvpForm({ ticket }: { ticket: Ticket }) {
  const client = useQueryClient();
  const query = rsvpQuery(ticket.code);
  const rsvp = useQuery(query);
  const send = useMutation({
    mutationFn: (answer: RsvpAnswer) => answerRsvp(ticket.code, answer),
    onSuccess: (answered) => {
      client.setQueryData(query.queryKey, answered);
      toast("good", say("answered"));
    },
    onError: (error) => toast("bad", asProblem(error).message),
  });
  if (rsvp.data === undefined) return null;
  const given = send.isPending ? send.variables : rsvp.data.answer;
  return (
    <section aria-labelledby="rsvp" className="border-t border-line pt-4">
      <h2 id="rsvp" className="heading mb-3 text-lg">
        {say("willYouCome")}
      </h2>
      <div role="group" aria-labelledby="rsvp" className="grid grid-cols-3 gap-2">
        {answers.map((answer) => (
          <button
            key={answer}
            type="button"
            aria-pressed={given === answer}
            disabled={send.isPending}
            onClick={() => send.mutate(answer)}
            className="min-h-11 rounded-md border border-control bg-card px-2 text-sm font-semibold hover:border-ink aria-pressed:border-ink aria-pressed:bg-ink aria-pressed:text-paper"
          >
            {say(answer)}
          </button>
        ))}
      </div>
    </section>
  );
}
