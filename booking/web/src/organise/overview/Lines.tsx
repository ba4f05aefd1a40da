import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import type { Room } from "../../api/rooms";
import { to } from "../../paths";
import { Badge, Card } from "../../ui/Card";
import { ErrorState, Loading, Skeleton } from "../../ui/states";
import { TimeChart } from "../charts/TimeChart";
import { roomsQuery } from "../rooms/api";
import { columnsOf, grown, type Sample, sampleOfAll } from "../rooms/history";
import { stateWords } from "../rooms/rules";

/** All waiting rooms together: who waits, and how fast they go in. */
export function Lines() {
  const rooms = useQuery(roomsQuery());
  if (rooms.data === undefined) {
    return rooms.isError ? (
      <Card>
        <ErrorState error={rooms.error} onRetry={() => void rooms.refetch()} />
      </Card>
    ) : (
      <Loading what="the lines">
        <Skeleton className="h-64" />
      </Loading>
    );
  }
  return rooms.data.length === 0 ? null : <Picture rooms={rooms.data} />;
}

function Picture({ rooms }: { rooms: Room[] }) {
  const [samples, setSamples] = useState<readonly Sample[]>(() => [sampleOfAll(rooms)]);
  useEffect(() => setSamples((known) => grown(known, sampleOfAll(rooms))), [rooms]);
  const { times, waiting, inside, rates } = useMemo(() => columnsOf(samples), [samples]);
  return (
    <section aria-label="The lines" className="grid gap-4">
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        <Card className="p-5">
          <TimeChart
            level={2}
            title="The queue now"
            says={`${waiting.at(-1) ?? 0} people wait, ${inside.at(-1) ?? 0} are in the shop.`}
            times={times}
            series={[
              { label: "waiting", token: "--flare", look: "area", values: waiting },
              { label: "in the shop", token: "--info", look: "dashes", values: inside },
            ]}
          />
        </Card>
        <Card className="p-5">
          <TimeChart
            level={2}
            title="Admissions a minute"
            says={`${rates.at(-1) ?? 0} people went in during the last minute.`}
            times={times}
            series={[{ label: "went in", token: "--good", look: "area", values: rates }]}
          />
        </Card>
      </div>
      <ul className="flex flex-wrap gap-2">
        {rooms.map((room) => (
          <li key={room.id}>
            <Link
              {...to.room(room.id)}
              className="inline-flex min-h-11 items-center gap-2.5 rounded-md border border-line bg-card px-3.5 text-sm font-semibold hover:border-control"
            >
              {room.name}
              <Badge tone={stateWords[room.state].tone}>{stateWords[room.state].text}</Badge>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
