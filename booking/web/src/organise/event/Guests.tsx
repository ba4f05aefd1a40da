import { useQuery } from "@tanstack/react-query";
import type { EventDetail, EventRsvps, FeedbackReport, WaitingListDemand } from "../../api/types";
import { Card } from "../../ui/Card";
import { Icon } from "../../ui/Icon";
import { timeText } from "../../ui/time";
import { demandQuery, feedbackQuery, rsvpsQuery } from "../api";
import { type Bar, ShareBars } from "../charts/ShareBars";
import { counted } from "../overview/rollup";
import { demandOf } from "./demand";

/** What guests say: whether they come, who still waits for a ticket, and how it was. Shown as far as there is anything. */
export function Guests({ event }: { event: EventDetail }) {
  const rsvps = useQuery(rsvpsQuery(event.id)).data;
  const demand = useQuery(demandQuery(event.id)).data;
  const feedback = useQuery(feedbackQuery(event.id)).data;
  const hasRsvps = rsvps && rsvps.attending + rsvps.maybe + rsvps.not_attending + rsvps.unanswered > 0;
  const hasDemand = demand && demand.length > 0;
  const hasFeedback = feedback && feedback.count > 0;
  if (!hasRsvps && !hasDemand && !hasFeedback) return null;
  return (
    <section aria-labelledby="guests">
      <h2 id="guests" className="heading mb-4 text-2xl">
        Guests
      </h2>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        {hasRsvps && <Coming rsvps={rsvps} />}
        {hasDemand && <Waiting event={event} demand={demand} />}
        {hasFeedback && <Said feedback={feedback} />}
      </div>
    </section>
  );
}

function Coming({ rsvps }: { rsvps: EventRsvps }) {
  const whole = rsvps.attending + rsvps.maybe + rsvps.not_attending + rsvps.unanswered;
  const bar = (label: string, value: number, className: string): Bar => ({
    key: label,
    label,
    figure: value.toLocaleString(),
    parts: [{ label: label.toLowerCase(), value, className }],
    whole,
  });
  return (
    <Card className="p-5">
      <h3 className="heading mb-4 text-lg">Do they come?</h3>
      <ShareBars
        bars={[
          bar("Yes", rsvps.attending, "bg-good"),
          bar("Maybe", rsvps.maybe, "bg-warn"),
          bar("No", rsvps.not_attending, "bg-bad"),
          bar("No answer yet", rsvps.unanswered, "bg-held"),
        ]}
      />
    </Card>
  );
}

function Waiting({ event, demand }: { event: EventDetail; demand: WaitingListDemand[] }) {
  return (
    <Card className="p-5">
      <h3 className="heading mb-4 text-lg">Waiting list</h3>
      <ul className="divide-y divide-line">
        {demandOf(event, demand).map(({ key, startsAt, timeZone, type, people, tickets, offered }) => (
          <li key={key} className="flex flex-wrap justify-between gap-x-4 py-2.5 text-sm">
            <span className="font-semibold">
              {type ?? "Any ticket"}
              <span className="block font-normal text-soft">{timeText(startsAt, "both", timeZone)}</span>
            </span>
            <span className="figures text-end">
              {people === 1 ? "1 person waits" : `${people.toLocaleString()} people wait`} for{" "}
              {counted(tickets, "ticket")}
              {offered > 0 && <span className="block text-soft">{offered.toLocaleString()} have an offer</span>}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** More texts than this aren’t shown. */
const mostTexts = 20;

function Said({ feedback }: { feedback: FeedbackReport }) {
  const texts = feedback.answers.filter(({ text }) => text !== "").slice(0, mostTexts);
  return (
    <Card className="grid gap-5 p-5 lg:col-span-2">
      <h3 className="heading flex flex-wrap items-baseline justify-between gap-x-4 text-lg">
        How was it?
        <span className="figures inline-flex items-center gap-1.5 text-base font-normal">
          <Icon name="star" className="text-flare-ink" />
          {(feedback.average ?? 0).toLocaleString(undefined, { maximumFractionDigits: 1 })} of 5 ·{" "}
          {counted(feedback.count, "answer")}
        </span>
      </h3>
      <ShareBars
        bars={feedback.ratings
          .map((value, index) => ({
            key: index,
            label: counted(index + 1, "star"),
            figure: value.toLocaleString(),
            parts: [{ label: counted(index + 1, "star"), value, className: "bg-flare" }],
            whole: feedback.count,
          }))
          .reverse()}
      />
      {texts.length > 0 && (
        <ul className="grid gap-3">
          {texts.map(({ at, rating, text }) => (
            <li key={`${at}${text}`} className="rounded-md bg-sunk p-4">
              <p className="caption mb-1 text-soft">
                {counted(rating, "star")} · {timeText(at, "short")}
              </p>
              <p className="whitespace-pre-line">{text}</p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
