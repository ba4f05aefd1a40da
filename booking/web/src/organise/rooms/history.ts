import type { Room } from "../../api/rooms";

/** A room's figures at one moment. */
export interface Sample {
  atMs: number;
  waiting: number;
  inside: number;
  /** Turns claimed since the line began. */
  admitted: number;
}

/** What the picture of a line reaches back to. */
const keptMs = 300_000;
const minuteMs = 60_000;
/** Less than this is too short to say how fast a line moves. */
const leastMs = 5_000;

export const sampleOf = (room: Room): Sample => ({
  atMs: Date.parse(room.server_time),
  waiting: room.waiting,
  inside: room.admitted,
  admitted: room.totals.admitted,
});

/** The samples with a newer one at their end and those gone that are too old; the same for one that is not newer. */
export function grown(samples: readonly Sample[], next: Sample): readonly Sample[] {
  const last = samples[samples.length - 1];
  if (last && next.atMs <= last.atMs) return samples;
  return [...samples.filter(({ atMs }) => atMs >= next.atMs - keptMs), next];
}

/** How many went in per minute, measured over the last minute or what is known of it; null as long as that is too little. */
export function measuredRate(samples: readonly Sample[]): number | null {
  const last = samples[samples.length - 1];
  const first = last && samples.find(({ atMs }) => atMs >= last.atMs - minuteMs);
  if (!first || last.atMs - first.atMs < leastMs) return null;
  return Math.round(((last.admitted - first.admitted) * minuteMs) / (last.atMs - first.atMs));
}

/** Samples as the columns of a chart: instants in seconds, and how many went in per minute at each of them. */
export function columnsOf(samples: readonly Sample[]) {
  return {
    times: samples.map(({ atMs }) => atMs / 1000),
    waiting: samples.map(({ waiting }) => waiting),
    inside: samples.map(({ inside }) => inside),
    rates: samples.map((_, index) => measuredRate(samples.slice(0, index + 1))),
  };
}

/** The figures of several rooms together, at the moment of the newest. */
export const sampleOfAll = (rooms: readonly Room[]): Sample =>
  rooms.map(sampleOf).reduce(
    (sum, next) => ({
      atMs: Math.max(sum.atMs, next.atMs),
      waiting: sum.waiting + next.waiting,
      inside: sum.inside + next.inside,
      admitted: sum.admitted + next.admitted,
    }),
    { atMs: 0, waiting: 0, inside: 0, admitted: 0 },
  );
