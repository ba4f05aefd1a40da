import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Card } from "../../ui/Card";
import { ErrorState } from "../../ui/states";
import { Figure, Figures } from "../Figures";
import { TimeChart } from "../charts/TimeChart";
import { systemQuery } from "./api";
import { paceOf, type SystemSample, withSample } from "./metrics";

/** How the server itself does, since this page was opened. */
export function System() {
  const system = useQuery(systemQuery());
  const [samples, setSamples] = useState<readonly SystemSample[]>([]);
  const { data } = system;
  useEffect(() => {
    if (data) setSamples((known) => withSample(known, data));
  }, [data]);
  return (
    <section aria-labelledby="system" className="grid gap-4">
      <h2 id="system" className="heading text-xl">
        The server
      </h2>
      {data === null ? (
        <Card className="p-5 text-soft">
          This server keeps its own figures on the operators’ port: Prometheus and its dashboards show them.
        </Card>
      ) : samples.length === 0 && system.isError ? (
        <Card>
          <ErrorState error={system.error} onRetry={() => void system.refetch()} />
        </Card>
      ) : (
        <Running samples={samples} />
      )}
    </section>
  );
}

function Running({ samples }: { samples: readonly SystemSample[] }) {
  const { times, answers, delays } = useMemo(() => {
    const paces = samples.slice(1).map((sample, index) => paceOf(samples[index]!, sample));
    return {
      times: samples.slice(1).map(({ atMs }) => atMs / 1000),
      answers: paces.map((pace) => (pace ? Math.round(pace.answersPerS * 10) / 10 : null)),
      delays: paces.map((pace) => (pace ? Math.round(pace.meanMs * 10) / 10 : null)),
    };
  }, [samples]);
  const [before, last] = samples.slice(-2);
  const now = last ?? before;
  const pace = before && last ? paceOf(before, last) : null;
  return (
    <>
      <Card className="overflow-hidden">
        <Figures label="The server">
          <Figure label="Answers a second" value={pace && Math.round(pace.answersPerS)} />
          <Figure label="Failing a second" value={pace && Math.round(pace.failedPerS * 10) / 10} />
          <Figure label="Mean answer" value={pace && Math.round(pace.meanMs)} note="milliseconds" />
          <Figure label="Processor" value={pace && `${Math.round(pace.cpuPercent)}%`} note="100% is one core" />
          <Figure label="Memory" value={now ? Math.round(now.memoryBytes / 2 ** 20) : null} note="MiB" />
          <Figure
            label="Database"
            value={now ? now.databaseUsed : null}
            note={now && `of ${now.databaseMost.toLocaleString()} connections in use`}
          />
        </Figures>
      </Card>
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        <Card className="p-5">
          <TimeChart
            title="Answers a second"
            says={`${answers.at(-1) ?? 0} answers a second.`}
            times={times}
            series={[{ label: "answers", token: "--info", look: "area", values: answers }]}
          />
        </Card>
        <Card className="p-5">
          <TimeChart
            title="Mean answer"
            says={`${delays.at(-1) ?? 0} milliseconds on average.`}
            times={times}
            series={[{ label: "milliseconds", token: "--flare", look: "line", values: delays }]}
          />
        </Card>
      </div>
    </>
  );
}
