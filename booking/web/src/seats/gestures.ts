import type { MapView } from "./MapView";
import { detailAt, isInside, pinch, type Point, toWorld, zoomAt } from "./geometry";
import type { SeatPlan } from "./model";

/** A press that moves less than this is a tap. */
const tapPx = 7;

interface Handlers {
  /** The seat under the mouse, or −1. */
  onHover: (index: number) => void;
  onSeat: (index: number) => void;
}

/** Mouse, pen, touch, wheel and keys on the map: one finger pans, two pinch, a tap takes a seat or opens a section. */
export function trackGestures(host: HTMLElement, map: MapView, plan: SeatPlan, handlers: Handlers): () => void {
  const fingers = new Map<number, Point>();
  let pressed: Point | null = null;

  /** Buttons lie on the map too, and keep their own presses. */
  const isMap = (target: EventTarget | null) => target === host || target instanceof HTMLCanvasElement;

  const pointOf = (event: PointerEvent | WheelEvent): Point => {
    const box = host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const pitchPx = () => plan.pitch * map.current.scale;

  const seatAt = (at: Point, reachPx: number) =>
    detailAt(pitchPx()) === "sections"
      ? -1
      : plan.grid.nearest(toWorld(map.current, at), Math.max(plan.pitch * 0.6, reachPx / map.current.scale));

  const tap = (at: Point, isTouch: boolean) => {
    const seat = seatAt(at, isTouch ? 14 : 0);
    // Under a finger, dots are too close together to choose from: come nearer first.
    if (seat >= 0 && !(isTouch && detailAt(pitchPx()) === "dots")) return handlers.onSeat(seat);
    const world = toWorld(map.current, at);
    const section = plan.sections.find(({ outline }) => isInside(outline, world));
    if (seat >= 0) map.zoomBy(24 / pitchPx(), at);
    else if (section && detailAt(pitchPx()) === "sections") map.show(section.box);
    else if (section && isTouch) map.zoomBy(1.8, at);
  };

  const down = (event: PointerEvent) => {
    if (event.button !== 0 || !isMap(event.target)) return;
    host.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, pointOf(event));
    pressed = fingers.size === 1 ? pointOf(event) : null;
  };

  const move = (event: PointerEvent) => {
    const at = pointOf(event);
    const before = fingers.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType === "mouse") handlers.onHover(isMap(event.target) ? seatAt(at, 0) : -1);
      return;
    }
    if (pressed && Math.hypot(at.x - pressed.x, at.y - pressed.y) < tapPx) return;
    pressed = null;
    handlers.onHover(-1);
    if (fingers.size === 1) map.panBy(at.x - before.x, at.y - before.y);
    else if (fingers.size === 2) {
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1] ?? at;
      map.moveTo(pinch(map.current, [before, other], [at, other], map.limits));
    }
    fingers.set(event.pointerId, at);
  };

  const up = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId)) return;
    if (pressed && event.type === "pointerup") tap(pressed, event.pointerType !== "mouse");
    pressed = null;
  };

  const leave = () => {
    if (fingers.size === 0) handlers.onHover(-1);
  };

  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const strength = event.ctrlKey ? 0.01 : 0.0022;
    map.moveTo(zoomAt(map.current, pointOf(event), Math.exp(-event.deltaY * lines * strength), map.limits));
  };

  const key = (event: KeyboardEvent) => {
    if (event.target === host && steer(event.key, map)) event.preventDefault();
  };

  host.addEventListener("keydown", key);
  host.addEventListener("pointerdown", down);
  host.addEventListener("pointermove", move);
  host.addEventListener("pointerup", up);
  host.addEventListener("pointercancel", up);
  host.addEventListener("pointerleave", leave);
  host.addEventListener("wheel", wheel, { passive: false });
  return () => {
    host.removeEventListener("keydown", key);
    host.removeEventListener("pointerdown", down);
    host.removeEventListener("pointermove", move);
    host.removeEventListener("pointerup", up);
    host.removeEventListener("pointercancel", up);
    host.removeEventListener("pointerleave", leave);
    host.removeEventListener("wheel", wheel);
  };
}

const stepPx = 80;
const moves: Record<string, [dx: number, dy: number]> = {
  ArrowLeft: [stepPx, 0],
  ArrowRight: [-stepPx, 0],
  ArrowUp: [0, stepPx],
  ArrowDown: [0, -stepPx],
};

/** Arrow keys pan, plus and minus zoom, zero shows all; false for any other key. */
function steer(key: string, map: MapView): boolean {
  const move = moves[key];
  if (move) map.panBy(...move);
  else if (key === "+" || key === "=") map.zoomBy(1.6);
  else if (key === "-") map.zoomBy(1 / 1.6);
  else if (key === "0") map.show();
  else return false;
  return true;
}
