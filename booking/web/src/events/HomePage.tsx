import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { EventCard } from "../api/types";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { buttonClass } from "../ui/Button";
import { BigCountdown } from "../ui/Countdown";
import { Icon } from "../ui/Icon";
import { useNow } from "../ui/clock";
import { EmptyState, ErrorState, Loading, Skeleton } from "../ui/states";
import { timeText } from "../ui/time";
import { EventTile, fromPrice, SaleBadge, TileSkeletons, tileGrid } from "./EventTile";
import { PosterBand } from "./PosterBand";
import { upcomingQuery } from "./api";
import { band, bandSizes } from "./band";
import { posterOf } from "./poster";
import { featuredOf, isOnSale, saleState } from "./sale";
import { kindName } from "./kinds";
import { say } from "./words";

/** On a wide screen. */
const tilesInRow = 3;

export function HomePage() {
  useTitle(undefined);
  const now = useNow(60_000);
  const events = useQuery(upcomingQuery());

  if (events.isPending) return <HomeSkeleton />;
  if (events.isError) return <ErrorState level={1} error={events.error} onRetry={() => void events.refetch()} />;
  const featured = featuredOf(events.data, now);
  if (featured === null) {
    return (
      <div className="page py-10">
        <h1 className="sr-only">Rushline</h1>
        <EmptyState title={say("nothing")}>{say("nothingText")}</EmptyState>
      </div>
    );
  }
  const others = fullRows(events.data.filter((event) => event !== featured));
  return (
    <>
      <h1 className="sr-only">{say("homeTitle")}</h1>
      <Featured event={featured} />
      <Finder events={events.data} />
      {others.length > 0 && (
        <section className="page pt-10" aria-labelledby="upcoming">
          <div className="mb-6 flex items-baseline justify-between gap-4">
            <h2 id="upcoming" className="heading text-2xl">
              {say("comingUp")}
            </h2>
            <p className="flex gap-5 text-sm font-bold">
              <Link
                {...to.events({ view: "calendar" })}
                className="flex items-center gap-1.5 py-2 hover:text-flare-ink"
              >
                <Icon name="calendar" /> {say("asCalendar")}
              </Link>
              <Link {...to.events()} className="flex items-center gap-1.5 py-2 hover:text-flare-ink">
                {say("allEvents")} <Icon name="arrow" className="rtl:rotate-180" />
              </Link>
            </p>
          </div>
          <div className={tileGrid}>
            {others.map((event) => (
              <EventTile key={event.id} event={event} level={3} />
            ))}
          </div>
        </section>
      )}
    </>
  );
}

/** No lonely tile in the last row: the rest is one press away. */
const fullRows = (events: EventCard[]): EventCard[] =>
  events.length > tilesInRow ? events.slice(0, events.length - (events.length % tilesInRow)) : events;

function Featured({ event }: { event: EventCard }) {
  const poster = posterOf(event);
  const state = saleState(event, useNow());
  const opens = state === "before" ? event.sales_open_at : null;
  return (
    <section aria-label={say("featured")}>
      <PosterBand event={event} artClass={bandSizes.home.art}>
        <div className={bandSizes.home.words}>
          <SaleBadge event={event} />
          <h2 className={band.name}>{event.name}</h2>
          <p className="text-lg font-medium">
            {timeText(event.event_date, "both", event.time_zone)}
            <br />
            {event.venue}
          </p>
          {opens && (
            <div className="[&_.text-soft]:text-inherit">
              <p className="mb-2 font-semibold">{say("opensIn")}</p>
              <BigCountdown until={opens} />
            </div>
          )}
          <div className="flex flex-wrap items-center gap-4">
            <Link
              {...to.event(event.id)}
              className={buttonClass(
                "plain",
                "large",
                poster.dark ? "bg-white text-black! hover:bg-white" : "bg-black text-white! hover:bg-black",
              )}
            >
              {isOnSale(state) ? say("getTickets") : say("seeEvent")}
              <Icon name="arrow" className="rtl:rotate-180" />
            </Link>
            <span className="font-semibold">{fromPrice(event)}</span>
          </div>
        </div>
      </PosterBand>
    </section>
  );
}

/** Search by words, or by one of the categories that are on. */
function Finder({ events }: { events: EventCard[] }) {
  const navigate = useNavigate();
  const [words, setWords] = useState("");
  const categories = [...new Set(events.flatMap((event) => event.category ?? []))].slice(0, 8);
  const find = (submit: FormEvent) => {
    submit.preventDefault();
    void navigate(to.events(words.trim() ? { q: words.trim() } : {}));
  };
  return (
    <div className="border-b border-line bg-card">
      <div className="page flex flex-wrap items-center gap-x-6 gap-y-3 py-4">
        <form role="search" onSubmit={find} className="relative min-w-60 flex-1">
          <Icon name="search" className="pointer-events-none absolute inset-y-0 start-3.5 my-auto text-soft" />
          <input
            type="search"
            name="q"
            value={words}
            onChange={(change) => setWords(change.target.value)}
            placeholder={say("searchHint")}
            aria-label={say("search")}
            className="h-12 w-full rounded-md border border-control bg-card ps-11 pe-3 placeholder:text-soft hover:border-ink"
          />
        </form>
        <ul className="-mx-4 flex gap-2 overflow-x-auto px-4 py-1 max-sm:w-[calc(100%+2rem)] sm:mx-0 sm:flex-wrap sm:px-0">
          {categories.map((category) => (
            <li key={category}>
              <Link
                {...to.events({ category })}
                className={buttonClass("quiet", "small", "whitespace-nowrap min-h-11!")}
              >
                {kindName(category)}
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function HomeSkeleton() {
  return (
    <Loading what={say("theEvents")}>
      <Skeleton className="h-[28rem] rounded-none md:h-[32rem]" />
      <div className="page pt-10">
        <Skeleton className="mb-6 h-9 w-48" />
        <TileSkeletons count={6} />
      </div>
    </Loading>
  );
}
