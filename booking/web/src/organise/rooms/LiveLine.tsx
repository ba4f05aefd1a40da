import { useEffect, useState } from "react";
import type { Room } from "../../api/rooms";
import { Card } from "../../ui/Card";
import { Figure, Figures } from "../Figures";
import { TimeChart } from "../charts/TimeChart";
import { columnsOf, grown, measuredRate, type Sample, sampleOf } from "./history";

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
  const { times, waiting, inside } = columnsOf(samples);
  return (
    <div className="p-5">
      <TimeChart
        title="The last five minutes"
        says={`${waiting.at(-1) ?? 0} waiting and ${inside.at(-1) ?? 0} in the shop now.`}
        times={times}
        series={[
          { label: "waiting", token: "--flare", look: "area", values: waiting },
          { label: "in the shop", token: "--info", look: "dashes", values: inside },
        ]}
      />
    </div>
  );
}
