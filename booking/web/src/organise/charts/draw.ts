import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { colourReader } from "../../ui/colours";
import { axisEnd, type Series, shortNumber, tickFormat } from "./series";

/** A chart on the page. */
export interface Drawn {
  show: (data: uPlot.AlignedData) => void;
  remove: () => void;
}

interface Options {
  timeZone: string | undefined;
  /** Tells which instant the pointer is at; null when it is elsewhere. */
  onPoint: (index: number | null) => void;
}

/** Steps of an axis of counts: whole numbers. */
const steps = [1, 2, 5].flatMap((digit) => Array.from({ length: 12 }, (_, zeros) => digit * 10 ** zeros));
steps.sort((a, b) => a - b);

/** Draws series into an element and follows its width. */
export function draw(
  host: HTMLElement,
  series: readonly Series[],
  data: uPlot.AlignedData,
  { timeZone, onPoint }: Options,
): Drawn {
  const { read: colourOf, end } = colourReader(host);
  const chart = new uPlot(
    {
      width: Math.max(120, host.clientWidth),
      height: host.clientHeight,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 9 } },
      scales: { y: { range: (_, __, most) => [0, axisEnd(most)] } },
      axes: [
        axis(colourOf, {
          space: 90,
          size: 30,
          values: (_, splits) => {
            const span = (splits[splits.length - 1] ?? 0) - (splits[0] ?? 0);
            const format = new Intl.DateTimeFormat(undefined, { ...tickFormat(span), timeZone });
            return splits.map((at) => format.format(at * 1000));
          },
        }),
        axis(colourOf, { size: 52, incrs: steps, values: (_, splits) => splits.map(shortNumber) }),
      ],
      series: [{}, ...series.map((each) => lineOf(each, colourOf))],
      hooks: { setCursor: [(made) => onPoint(made.cursor.idx ?? null)] },
    },
    data,
    host,
  );
  end();
  const watcher = new ResizeObserver(() => {
    if (host.clientWidth > 0) chart.setSize({ width: host.clientWidth, height: host.clientHeight });
  });
  watcher.observe(host);
  return {
    show: (next) => chart.setData(next),
    remove: () => {
      watcher.disconnect();
      chart.destroy();
    },
  };
}

const axis = (colourOf: (token: string) => string, more: uPlot.Axis): uPlot.Axis => ({
  stroke: colourOf("--ink-soft"),
  font: "12px Archivo, sans-serif",
  grid: { stroke: colourOf("--line"), width: 1 },
  ticks: { show: false },
  ...more,
});

function lineOf({ label, token, look }: Series, colourOf: (token: string) => string): uPlot.Series {
  const colour = colourOf(token);
  const points = { show: false };
  if (look === "bars") {
    return { label, stroke: colour, fill: colour, width: 0, points, paths: uPlot.paths.bars?.({ size: [0.7, 36] }) };
  }
  return {
    label,
    points,
    stroke: colour,
    width: 2.5,
    ...(look === "dashes" ? { dash: [7, 5] } : {}),
    ...(look === "area" ? { fill: colour.replace(/^rgb\((.*)\)$/, "rgb($1 / 0.14)").replace(/,/g, " ") } : {}),
  };
}
