import { useEffect, useId, useMemo, useRef, useState } from "react";
import type uPlot from "uplot";
import { useTheme } from "../../shell/theme";
import { ChartTable } from "./ChartTable";
import { Legend } from "./Legend";
import { draw, type Drawn } from "./draw";
import type { Series } from "./series";

interface Props {
  title: string;
  level?: 2 | 3;
  /** The chart in a sentence, for those who don't see it. */
  says: string;
  /** Instants in seconds since 1970. */
  times: readonly number[];
  series: readonly Series[];
  /** The zone of the axis; without one the reader's own. */
  timeZone?: string;
}

/** Values over time: a picture that follows the pointer, its key with the figures, and the same as a table. */
export function TimeChart({ title, level = 3, says, times, series, timeZone }: Props) {
  const Heading = `h${level}` as const;
  const id = useId();
  const theme = useTheme();
  const host = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const data = useMemo(
    () => [times, ...series.map(({ values }) => values)] as unknown as uPlot.AlignedData,
    [times, series],
  );
  const isReady = times.length > 1;
  const shape = series.map(({ label, token, look }) => `${label}|${token}|${look}`).join();

  useEffect(() => {
    if (host.current === null) return;
    const chart = draw(host.current, series, data, { timeZone, onPoint: setPointed });
    drawn.current = chart;
    return () => {
      drawn.current = null;
      chart.remove();
    };
    // `shape` stands for the series: new values alone are shown below and make no new chart.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isReady, shape, theme, timeZone]);
  useEffect(() => drawn.current?.show(data), [data]);

  const shown = pointed !== null && pointed < times.length ? pointed : times.length - 1;
  return (
    <figure aria-labelledby={id} className="grid min-w-0 gap-3">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <Heading id={id} className="heading text-lg">
          {title}
        </Heading>
        <Legend series={series} at={shown} />
      </figcaption>
      {isReady ? (
        <>
          <div ref={host} role="img" aria-label={says} className="h-52 min-w-0" />
          <ChartTable title={title} times={times} series={series} timeZone={timeZone} />
        </>
      ) : (
        <p className="grid h-52 place-items-center rounded-md bg-sunk text-sm text-soft">
          The line begins in a moment.
        </p>
      )}
    </figure>
  );
}
