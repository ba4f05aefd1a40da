import { useEffect, useState } from "react";
import type { Room } from "../../api/rooms";
import { Card } from "../../ui/Card";
import { Figure, Figures } from "./Figures";
import { grown, measuredRate, pathOf, type Sample, sampleOf } from "./history";

const box = { width: 720, height: 120 };

/** The line in figures, and how it went in the last five minutes that this page has seen. */
export function LiveLine({ room }: { room: Room }) {
  const [samples, setSamples] = useState<readonly Sample[]>(() => [sampleOf(room)]);
  useEffect(() => setSamples((known) => grown(known, sampleOf(room))), [room]);
  const { totals } = room;
  return (
    <Card className="overflow-hidden">
      <h2 className="heading p-5 pb-4 text-xl">The line now</h2>
      <Figures>
        <Figure label="Waiting" value={room.waiting} note={`${totals.joined.toLocaleString()} joined in all`} />
        <Figure label="Now serving" value={room.serving} />
        <Figure
          label="Called"
          value={room.called}
          note={room.at_door > 0 ? `${room.at_door} at the door` : undefined}
        />
        <Figure label="In the shop" value={room.admitted} note={`of ${room.cap.toLocaleString()} at most`} />
        <Figure
          label="Went in, a minute"
          value={measuredRate(samples)}
          note={`${totals.admitted.toLocaleString()} in all`}
        />
        <Figure
          label="Missed their turn"
          value={totals.missed}
          note={`${totals.left.toLocaleString()} left the line`}
        />
        <Figure label="Watching" value={room.watchers} note="open pages" />
      </Figures>
      <Picture samples={samples} />
    </Card>
  );
}

function Picture({ samples }: { samples: readonly Sample[] }) {
  const most = Math.max(...samples.map(({ waiting, inside }) => Math.max(waiting, inside)));
  return (
    <figure className="p-5">
      <svg
        viewBox={`0 0 ${box.width} ${box.height}`}
        preserveAspectRatio="none"
        className="h-28 w-full"
        aria-hidden="true"
      >
        <Curve path={pathOf(samples, ({ waiting }) => waiting, most, box)} colour="var(--flare)" />
        <Curve path={pathOf(samples, ({ inside }) => inside, most, box)} colour="var(--info)" dashes="7 5" />
      </svg>
      <figcaption className="caption mt-2 flex flex-wrap gap-x-5 text-soft">
        <Key colour="var(--flare)">waiting</Key>
        <Key colour="var(--info)" dashes="5 4">
          in the shop
        </Key>
        <span className="ms-auto">the last five minutes, as seen by this page</span>
      </figcaption>
    </figure>
  );
}

function Curve({ path, colour, dashes }: { path: string; colour: string; dashes?: string }) {
  return (
    <path
      d={path}
      fill="none"
      stroke={colour}
      strokeWidth="3"
      strokeDasharray={dashes}
      strokeLinejoin="round"
      vectorEffect="non-scaling-stroke"
    />
  );
}

function Key({ colour, dashes, children }: { colour: string; dashes?: string; children: string }) {
  return (
    <span className="inline-flex items-center gap-2">
      <svg viewBox="0 0 24 4" className="h-1 w-6" aria-hidden="true">
        <path d="M0 2h24" stroke={colour} strokeWidth="4" strokeDasharray={dashes} />
      </svg>
      {children}
    </span>
  );
}
