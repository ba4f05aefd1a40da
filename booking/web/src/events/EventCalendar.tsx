import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { serverNow } from "../api/clock";
import type { CalendarDay, CalendarEntry } from "../api/types";
import { locale } from "../languages/current";
import { to } from "../paths";
import { Button, buttonClass } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { EmptyState, ErrorState, Loading, Skeleton } from "../ui/states";
import { timeText } from "../ui/time";
import { EventArt } from "./EventArt";
import type { SearchProps } from "./SearchBar";
import { calendarQuery, dayText } from "./api";
import { firstDayOfWeek, monthAfter, monthName, monthOf, weeksOf } from "./month";
import { posterOf } from "./poster";
import { say } from "./words";

/** More entries than this make a day of the grid too tall; the rest is a link to that day's list. */
const mostInDay = 3;

/** A month of what is on: a grid on screens that have room, the days one below another on phones. */
export function EventCalendar({ search, onChange }: SearchProps) {
  const present = monthOf(new Date(serverNow()));
  const month = search.month ?? present;
  const days = useQuery({ ...calendarQuery(month, search), placeholderData: keepPreviousData });
  const turn = (months: number) => onChange({ month: monthAfter(month, months) });
  return (
    <section aria-labelledby="month">
      <div className="mb-5 flex flex-wrap items-center gap-2">
        <h2 id="month" className="heading me-auto text-2xl" aria-live="polite">
          {monthName(month)}
        </h2>
        {month !== present && (
          <Button look="plain" className="max-sm:hidden" onClick={() => onChange({ month: undefined })}>
            {say("thisMonth")}
          </Button>
        )}
        <Button look="quiet" aria-label={say("previousMonth")} disabled={month <= present} onClick={() => turn(-1)}>
          <Icon name="back" className="rtl:rotate-180" />
        </Button>
        <Button look="quiet" aria-label={say("nextMonth")} onClick={() => turn(1)}>
          <Icon name="arrow" className="rtl:rotate-180" />
        </Button>
      </div>
      {days.isPending ? (
        <Loading what={say("theEvents")}>
          <Skeleton className="h-[34rem]" />
        </Loading>
      ) : days.isError ? (
        <ErrorState error={days.error} onRetry={() => void days.refetch()} />
      ) : (
        <div className={days.isPlaceholderData ? "opacity-60" : ""}>
          {days.data.days.length === 0 && !days.isPlaceholderData && (
            <EmptyState title={say("quietMonth", { month: monthName(month) })}>{say("quietMonthText")}</EmptyState>
          )}
          <Grid month={month} days={days.data.days} />
          <Agenda days={days.data.days} />
        </div>
      )}
    </section>
  );
}

function Grid({ month, days }: { month: string; days: CalendarDay[] }) {
  const weeks = weeksOf(month, firstDayOfWeek());
  const byDay = new Map(days.map((day) => [day.date, day.sessions]));
  const today = dayText(new Date(serverNow()));
  const weekday = new Intl.DateTimeFormat(locale(), { weekday: "short" });
  return (
    <table className="w-full table-fixed border-separate border-spacing-1 max-md:hidden">
      <thead>
        <tr>
          {weeks[0]!.map((day) => (
            <th key={day.getDay()} scope="col" className="caption pb-1 text-start text-soft">
              {weekday.format(day)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={dayText(week[0]!)}>
            {week.map((day) => {
              const date = dayText(day);
              return (
                <Day
                  key={date}
                  day={day}
                  isInMonth={date.startsWith(month)}
                  isToday={date === today}
                  sessions={byDay.get(date) ?? []}
                />
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DayProps {
  day: Date;
  isInMonth: boolean;
  isToday: boolean;
  sessions: CalendarEntry[];
}

function Day({ day, isInMonth, isToday, sessions }: DayProps) {
  const more = sessions.length - mostInDay;
  if (!isInMonth) return <td aria-hidden="true" className="h-28 rounded-md bg-sunk opacity-40" />;
  return (
    <td
      aria-current={isToday ? "date" : undefined}
      className={`h-28 rounded-md border align-top ${isToday ? "border-2 border-flare" : "border-line"} ${sessions.length > 0 ? "bg-card" : ""}`}
    >
      <div className="grid gap-1 p-1.5">
        <span className={`poster px-1 text-lg leading-tight ${sessions.length === 0 ? "text-soft" : ""}`}>
          {day.getDate()}
        </span>
        {sessions.slice(0, mostInDay).map((entry) => (
          <Entry key={entry.session_id} entry={entry} />
        ))}
        {more > 0 && (
          <Link
            {...to.events({ from: dayText(day), to: dayText(day) })}
            className="caption rounded-sm px-1 py-1 text-soft underline"
          >
            {say("moreOnDay", { count: more })}
          </Link>
        )}
      </div>
    </td>
  );
}

const briefOf = ({ event_id, name, category, image }: CalendarEntry) => ({ id: event_id, name, category, image });

function Entry({ entry }: { entry: CalendarEntry }) {
  const { ground, dark } = posterOf(briefOf(entry));
  return (
    <Link
      {...to.event(entry.event_id)}
      style={{ backgroundColor: ground, color: dark ? "#ffffff" : "#17131f" }}
      className="block overflow-hidden rounded-sm px-1.5 py-1 text-xs leading-tight font-semibold hover:underline"
    >
      <span className="line-clamp-2 break-words">{entry.name}</span>
      <span className="figures block font-medium">{timeText(entry.starts_at, "time", entry.time_zone)}</span>
    </Link>
  );
}

/** The same for phones: only days with something, each with all of it. */
function Agenda({ days }: { days: CalendarDay[] }) {
  return (
    <ol className="grid gap-6 md:hidden">
      {days.map(({ date, sessions }) => {
        const noon = `${date}T12:00:00`;
        return (
          <li key={date}>
            <h3 className="heading sticky top-15 z-10 -mx-1 mb-2 bg-paper px-1 py-2 text-lg">
              {timeText(noon, "dayLong")}
            </h3>
            <ul className="grid gap-2">
              {sessions.map((entry) => (
                <li key={entry.session_id}>
                  <Link {...to.event(entry.event_id)} className={buttonClass("quiet", "normal", "w-full text-start!")}>
                    <EventArt event={briefOf(entry)} className="-ms-2 size-12 shrink-0 rounded-sm" />
                    <span className="flex-1 py-2">
                      {entry.name}
                      <span className="block text-sm font-normal text-soft">{entry.venue}</span>
                    </span>
                    <span className="figures">{timeText(entry.starts_at, "time", entry.time_zone)}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </li>
        );
      })}
    </ol>
  );
}
