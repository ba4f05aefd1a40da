import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import type { LayoutPlan } from "../../api/types";
import { type Box, clamp, fit, type Point, type View, zoomAt } from "../../seats/geometry";
import { loadPicture } from "../../seats/picture";
import { useTheme } from "../../shell/theme";
import { Icon, type IconName } from "../../ui/Icon";
import { colourReader } from "../../ui/colours";
import { outlinesOf, paintPlan, type PlanColours } from "./paint";
import { type Handlers, trackPlan } from "./planGestures";

interface Props {
  plan: LayoutPlan;
  /** What of the plane is shown at first: all of the plan. */
  box: Box;
  /** What is to be seen, in words: the picture's own text. */
  says: string;
  /** Of each section's seats; null for the page's own. */
  seatColours?: readonly (string | null)[];
  /** Of each price category's seats, in place of their sections' colours. */
  categoryColours?: readonly (string | null)[];
  chosen: number | null;
  /** A section was pressed, at a point in plan units. */
  onPick: Handlers["onPick"];
  /** A chosen section is pulled, in plan units; without it every pull moves the map. */
  onPull?: Handlers["onPull"];
  /** Only a picture: nothing to press, as inside a button. */
  isStill?: boolean;
}

/** A seating plan as a picture to press on: sections in their colours. A list beside it does the same by keyboard. */
export function PlanMap({ plan, box, says, chosen, onPick, onPull, isStill = false, ...painting }: Props) {
  const { seatColours = [], categoryColours = null } = painting;
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(host);
  const colours = usePlanColours(host);
  const outlines = useMemo(() => outlinesOf(plan), [plan]);
  const picture = usePicture(plan.background ?? null);
  // Null: the whole plan, whatever its size.
  const [moved, setMoved] = useState<View | null>(null);
  const whole = fit(box, size, 12);
  const view = moved ?? whole;
  const limits = { min: whole.scale * 0.8, max: Math.max(2.5, whole.scale) };

  useEffect(() => {
    const pen = canvas.current?.getContext("2d");
    if (!pen || !canvas.current || colours === null || size.w === 0) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.current.width = size.w * ratio;
    canvas.current.height = size.h * ratio;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintPlan(pen, { plan, outlines, colours, seatColours, categoryColours, picture, chosen }, view, size);
  });

  // What the gestures, which are tracked once, find at the moment of a press.
  const now = useRef({ view, outlines, chosen, limits });
  const handlers = useRef<Handlers>({ onPick, onMove: setMoved });
  /** The map stands still under a section that is pulled, whatever becomes of the plan's edges. */
  const pull: NonNullable<Handlers["onPull"]> = (...what) => {
    setMoved(now.current.view);
    onPull?.(...what);
  };
  useEffect(() => {
    now.current = { view, outlines, chosen, limits };
    handlers.current = {
      onPick,
      onMove: (next) => setMoved(clamp(next, box, size)),
      ...(onPull ? { onPull: pull } : {}),
    };
  });
  useEffect(() => (host.current && !isStill ? trackPlan(host.current, now, handlers) : undefined), [isStill]);

  const middle: Point = { x: size.w / 2, y: size.h / 2 };
  const zoom = (factor: number) => setMoved(clamp(zoomAt(view, middle, factor, limits), box, size));
  return (
    <div ref={host} className="relative h-full touch-none overflow-hidden rounded-lg bg-card">
      <canvas ref={canvas} role="img" aria-label={says} className="absolute inset-0 size-full" />
      {!isStill && (
        <div className="absolute end-2 bottom-2 flex gap-1">
          <Tool icon="minus" label="Farther" onClick={() => zoom(1 / 1.5)} />
          <Tool icon="plus" label="Closer" onClick={() => zoom(1.5)} />
          <Tool icon="fit" label="The whole plan" onClick={() => setMoved(null)} />
        </div>
      )}
    </div>
  );
}

/** The drawing behind an imported plan, once it is there. */
function usePicture(url: string | null): HTMLImageElement | null {
  const [picture, setPicture] = useState<HTMLImageElement | null>(null);
  useEffect(() => (url === null ? undefined : loadPicture(url, setPicture)), [url]);
  return picture;
}

function Tool({ icon, label, onClick }: { icon: IconName; label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onClick}
      className="grid size-11 place-items-center rounded-md border border-control bg-card hover:border-ink"
    >
      <Icon name={icon} />
    </button>
  );
}

/** An element's size in pixels, as it is now. */
function useSize(host: RefObject<HTMLDivElement | null>) {
  const [size, setSize] = useState({ w: 0, h: 0 });
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const watcher = new ResizeObserver(() => setSize({ w: element.clientWidth, h: element.clientHeight }));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [host]);
  return size;
}

const tokens = {
  ink: "--ink",
  soft: "--ink-soft",
  card: "--card",
  block: "--map-block",
  chosen: "--info",
} as const;

function usePlanColours(host: RefObject<HTMLDivElement | null>): PlanColours | null {
  const theme = useTheme();
  const [colours, setColours] = useState<PlanColours | null>(null);
  useEffect(() => {
    if (host.current === null) return;
    const { read, end } = colourReader(host.current);
    setColours(
      Object.fromEntries(Object.entries(tokens).map(([name, token]) => [name, read(token)])) as unknown as PlanColours,
    );
    end();
  }, [host, theme]);
  return colours;
}
