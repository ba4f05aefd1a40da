import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem } from "../api/problem";
import type { Feedback } from "../api/types";
import { Button } from "../ui/Button";
import { Card, Notice } from "../ui/Card";
import { TextArea } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { toast } from "../ui/Toast";
import { feedbackQuery, giveFeedback } from "./api";
import { say } from "./words";

const ratings = [1, 2, 3, 4, 5] as const;
const textMost = 2000;

/** Asks those who were there how it was, and shows what they answered. */
export function FeedbackForm({ event }: { event: number }) {
  const given = useQuery(feedbackQuery(event));
  const [isChanging, setChanging] = useState(false);
  if (given.data === undefined) return null;
  return (
    <section aria-labelledby="feedback">
      <h2 id="feedback" className="heading mb-4 text-xl">
        {given.data === null || isChanging ? say("title") : say("yours")}
      </h2>
      <Card className="p-5">
        {given.data === null || isChanging ? (
          <Question event={event} given={given.data} onDone={() => setChanging(false)} />
        ) : (
          <Answer given={given.data} onChange={() => setChanging(true)} />
        )}
      </Card>
    </section>
  );
}

function Answer({ given, onChange }: { given: Feedback; onChange: () => void }) {
  return (
    <div className="grid justify-items-start gap-3">
      <p className="flex text-2xl" aria-label={say("stars", { count: given.rating })} role="img">
        {ratings.map((rating) => (
          <Icon key={rating} name="star" className={rating <= given.rating ? "text-flare-ink" : "text-line"} />
        ))}
      </p>
      {given.text && <p className="max-w-prose whitespace-pre-line">{given.text}</p>}
      <Button look="quiet" size="small" onClick={onChange}>
        {say("change")}
      </Button>
    </div>
  );
}

function Question({ event, given, onDone }: { event: number; given: Feedback | null; onDone: () => void }) {
  const client = useQueryClient();
  const [rating, setRating] = useState(given?.rating ?? 0);
  const [text, setText] = useState(given?.text ?? "");
  const send = useMutation({
    mutationFn: () => giveFeedback(event, rating, text.trim()),
    onSuccess: (answer) => {
      client.setQueryData(feedbackQuery(event).queryKey, answer);
      toast("good", say("thanks"));
      onDone();
    },
  });
  const submit = (form: FormEvent) => {
    form.preventDefault();
    send.mutate();
  };
  return (
    <form onSubmit={submit} className="grid gap-5">
      <p className="text-soft">{say("text")}</p>
      <fieldset>
        <legend className="sr-only">{say("rating")}</legend>
        <div className="flex gap-1">
          {ratings.map((each) => (
            <label
              key={each}
              className="grid size-11 place-items-center rounded-md has-focus-visible:outline-3 has-focus-visible:outline-info"
            >
              <input
                type="radio"
                name="rating"
                required
                className="sr-only"
                checked={rating === each}
                onChange={() => setRating(each)}
                aria-label={say("stars", { count: each })}
              />
              <Icon name="star" className={`text-2xl ${each <= rating ? "text-flare-ink" : "text-control"}`} />
            </label>
          ))}
        </div>
      </fieldset>
      <TextArea
        label={say("more")}
        maxLength={textMost}
        value={text}
        onChange={(typed) => setText(typed.target.value)}
      />
      {send.isError && (
        <Notice tone="bad" title={asProblem(send.error).title}>
          {asProblem(send.error).detail}
        </Notice>
      )}
      <Button type="submit" look="strong" className="justify-self-start" disabled={rating === 0} busy={send.isPending}>
        {say("send")}
      </Button>
    </form>
  );
}
