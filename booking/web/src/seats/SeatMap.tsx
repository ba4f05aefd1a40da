import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTheme } from "../shell/theme";
import { Icon, type IconName } from "../ui/Icon";
import { priceText } from "../ui/money";
import { MapView } from "./MapView";
import { readColours } from "./colours";
import { type Point, toScreen } from "./geometry";
import { trackGestures } from "./gestures";
import { priceOf, type SeatPlan, type SeatStates, seatName, seatState } from "./model";
import { say } from "./words";

interface Props {
  plan: SeatPlan;
  states: SeatStates;
  /** Ids of the seats the fan chose. */
  chosen: readonly number[];
  shown: ReadonlySet<number> | null;
  currency: string;
  onToggle: (index: number) => void;
}

/** The venue on canvas. Whoever can't use it finds the same seats in the list beside it. */
export function SeatMap({ plan, states, chosen, shown, currency, onToggle }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const top = useRef<HTMLCanvasElement>(null);
  const map = useRef<MapView | null>(null);
  const latest = useRef({ states, onToggle });
  useEffect(() => {
    latest.current = { states, onToggle };
  });
  const [hovered, setHovered] = useState<{ index: number; at: Point } | null>(null);
  const theme = useTheme();

  // Before the browser shows the page, so that its first picture has the map in it.
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null || base.current === null || top.current === null) return;
    const view = new MapView(base.current, top.current, plan, latest.current.states, readColours(element), () =>
      setHovered(null),
    );
    map.current = view;
    const fill = () => view.resize({ w: element.clientWidth, h: element.clientHeight });
    fill();
    view.paint();
    const observer = new ResizeObserver(fill);
    observer.observe(element);
    const stop = trackGestures(element, view, plan, {
      onHover: (index) => {
        view.setHovered(index);
        setHovered(index < 0 ? null : { index, at: toScreen(view.current, seatPoint(plan, index)) });
      },
      onSeat: (index) => latest.current.onToggle(index),
    });
    return () => {
      stop();
      observer.disconnect();
      view.destroy();
      map.current = null;
    };
  }, [plan]);

  useEffect(() => map.current?.setStates(states), [states]);
  useEffect(() => map.current?.setChosen(chosen), [chosen]);
  useEffect(() => map.current?.setShown(shown), [shown]);
  useEffect(() => {
    if (host.current) map.current?.setColours(readColours(host.current));
  }, [theme]);

  return (
    <div
      ref={host}
      role="application"
      tabIndex={0}
      aria-label={say("mapHelp")}
      className="relative size-full touch-none overflow-hidden bg-sunk select-none"
    >
      <canvas ref={base} aria-hidden="true" className="absolute top-0 left-0 origin-top-left will-change-transform" />
      <canvas ref={top} aria-hidden="true" className="pointer-events-none absolute top-0 left-0" />
      {hovered && <SeatTip {...{ plan, states, currency }} index={hovered.index} at={hovered.at} />}
      <ZoomButtons map={map} />
    </div>
  );
}

const seatPoint = (plan: SeatPlan, index: number): Point => ({
  x: plan.x[index]!,
  y: plan.y[index]!,
});

interface TipProps extends Pick<Props, "plan" | "states" | "currency"> {
  index: number;
  at: Point;
}

function SeatTip({ plan, states, index, at, currency }: TipProps) {
  const type = plan.types[plan.type[index]!];
  const isFree = states.state[index] === seatState.free;
  const status = states.state[index] === seatState.held ? say("inBasket") : say("taken");
  return (
    <div
      className="pointer-events-none absolute z-10 w-max max-w-56 -translate-x-1/2 -translate-y-full rounded-md bg-ink px-3 py-2 text-sm text-paper shadow-lift"
      style={{ left: at.x, top: at.y - 16 }}
    >
      <div className="font-semibold">{seatName(plan, index)}</div>
      <div>{isFree ? `${type?.name ?? ""} · ${priceText(priceOf(plan, index), currency)}` : status}</div>
    </div>
  );
}

function ZoomButtons({ map }: { map: RefObject<MapView | null> }) {
  const buttons: [IconName, string, () => void][] = [
    ["plus", say("zoomIn"), () => map.current?.zoomBy(1.8)],
    ["minus", say("zoomOut"), () => map.current?.zoomBy(1 / 1.8)],
    ["fit", say("showAll"), () => map.current?.show()],
  ];
  return (
    <div className="absolute end-3 top-3 grid overflow-hidden rounded-md border border-control bg-card">
      {buttons.map(([icon, label, press]) => (
        <button
          key={icon}
          type="button"
          aria-label={label}
          title={label}
          onClick={press}
          className="grid size-11 place-items-center border-line not-first:border-t hover:bg-sunk"
        >
          <Icon name={icon} />
        </button>
      ))}
    </div>
  );
}
