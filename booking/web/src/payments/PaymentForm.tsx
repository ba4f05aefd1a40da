import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { newKey } from "../api/ids";
import { asProblem, type Problem } from "../api/problem";
import { bookingQuery, createBooking, payBooking } from "../bookings/api";
import { to } from "../paths";
import { setBasket } from "../seats/basket";
import { Button } from "../ui/Button";
import { Card, Notice } from "../ui/Card";
import { Field } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { sumText } from "../ui/money";
import { groupCard, isCardNumber, refusals, testCards } from "./card";
import { type Order, orderQuery } from "./order";
import { say } from "./words";

interface Props {
  id: string;
  order: Order;
  /** Payment is under way: the page must not call time meanwhile. */
  onBusy: (isBusy: boolean) => void;
}

/** A failure must be seen, wherever the page was scrolled to. */
const intoView = (element: HTMLElement | null) => element?.scrollIntoView({ block: "center" });

/** Card, failure, retry. One key a try: pressing again after a lost answer can't charge twice. */
export function PaymentForm({ id, order, onBusy }: Props) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [card, setCard] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [mistake, setMistake] = useState<string>();
  const attempt = useRef({ card: "", key: "" });

  const pay = async () => {
    const number = card.replace(/\s/g, "");
    if (attempt.current.card !== number) attempt.current = { card: number, key: newKey() };
    const booking = order.booking ?? (order.hold ? (await createBooking(order.hold)).id : null);
    if (booking === null) return;
    client.setQueryData(orderQuery(id).queryKey, { ...order, booking });
    const paid = await payBooking(booking, number, attempt.current.key);
    setBasket(null);
    client.setQueryData(bookingQuery(booking).queryKey, paid.booking);
    void client.invalidateQueries({ queryKey: ["bookings"] });
    await navigate({ ...to.booking(booking, true), replace: true });
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isCardNumber(card)) {
      setMistake(say("badCard"));
      return;
    }
    setBusy(true);
    onBusy(true);
    setProblem(null);
    try {
      await pay();
    } catch (error) {
      const refused = asProblem(error);
      // An answer ends the attempt; the next press is a new one. Without an answer it goes on with the same key.
      if (refused.status !== 0) attempt.current = { card: "", key: "" };
      setProblem(refused);
    } finally {
      setBusy(false);
      onBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-6">
      <h1 className="poster text-3xl">{say("pay")}</h1>
      {problem && (
        <div ref={intoView}>
          <PaymentFailure problem={problem} />
        </div>
      )}
      <Card className="grid gap-5 p-5 sm:p-6">
        <Field
          label={say("card")}
          inputMode="numeric"
          autoComplete="cc-number"
          placeholder="1234 5678 9012 3456"
          className="figures"
          value={card}
          error={mistake}
          onChange={(change) => {
            setCard(groupCard(change.target.value));
            setMistake(undefined);
          }}
          required
        />
        <TestCards
          onChoose={(number) => {
            setCard(groupCard(number));
            setMistake(undefined);
          }}
        />
      </Card>
      <Button type="submit" size="large" busy={isBusy} className="w-full">
        {isBusy
          ? say("paying")
          : say(problem ? "againSum" : "paySum", { sum: sumText(order.total_minor, order.currency) })}
      </Button>
      <p className="text-sm text-soft">{say("arrive")}</p>
    </form>
  );
}

function PaymentFailure({ problem }: { problem: Problem }) {
  if (problem.slug !== "payment-failed") {
    return (
      <Notice tone="bad" title={problem.title}>
        {problem.detail.replace(/\.?$/, ".")}
      </Notice>
    );
  }
  return (
    <Notice tone="bad" title={say("failed")}>
      {reasonText(problem)} {say("failedText")}
    </Notice>
  );
}

/** Why the bank said no: the server's words, which name one of a few reasons. */
function reasonText(problem: Problem): string {
  const told = problem.text("error") ?? problem.text("detail") ?? "";
  const reason = refusals.find((each) => told.includes(each.told));
  return reason === undefined ? told.replace(/\.?$/, ".") : say("failedWhy", { reason: say(reason.outcome) });
}

function TestCards({ onChoose }: { onChoose: (number: string) => void }) {
  return (
    <div className="rounded-md bg-info-wash p-4">
      <p className="flex items-start gap-2 text-sm">
        <Icon name="info" className="mt-0.5 text-info" />
        <span>
          <strong>{say("noMoney")}</strong> {say("testCard")}
        </span>
      </p>
      <ul className="mt-3 flex flex-wrap gap-2">
        {testCards.map((card) => (
          <li key={card.number}>
            <button
              type="button"
              onClick={() => onChoose(card.number)}
              className="min-h-9 rounded-md border border-control bg-card px-3 text-sm hover:border-ink"
            >
              <span className="figures">…{card.number.slice(-4)}</span>{" "}
              <span className="text-soft">{say(card.outcome)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
