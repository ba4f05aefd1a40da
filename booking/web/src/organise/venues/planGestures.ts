import { type Point, toWorld, type View, zoomAt } from "../../seats/geometry";
import { sectionAt } from "./paint";

/** A press that moves less than this is a tap. */
const tapPx = 6;

/** The map as it is at the moment of a press. */
export interface Now {
  view: View;
  outlines: readonly (readonly Point[])[];
  chosen: number | null;
  limits: { min: number; max: number };
}

export interface Handlers {
  /** The point is in plan units. */
  onPick: (section: number, at: Point) => void;
  onMove: (view: View) => void;
  /** Both points in plan units, from where the pull began; `isEnd` when it is let go. */
  onPull?: (section: number, from: Point, to: Point, isEnd: boolean) => void;
}

interface Held<T> {
  readonly current: T;
}

interface Pull {
  pointer: number;
  from: Point;
  view: View;
  section: number | null;
  isTap: boolean;
}

/** Mouse, pen, one finger and the wheel on a plan: a tap chooses, a pull moves what is chosen or else the map. */
export function trackPlan(host: HTMLElement, now: Held<Now>, handlers: Held<Handlers>): () => void {
  let pull: Pull | null = null;
  const pointOf = (event: PointerEvent | WheelEvent): Point => {
    const box = host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const down = (event: PointerEvent) => {
    if (event.button !== 0 || !(event.target instanceof HTMLCanvasElement)) return;
    const from = pointOf(event);
    const { view, outlines, chosen } = now.current;
    const hit = sectionAt(outlines, toWorld(view, from));
    const isPullable = handlers.current.onPull !== undefined && hit >= 0 && hit === chosen;
    pull = { pointer: event.pointerId, from, view, section: isPullable ? hit : null, isTap: true };
    host.setPointerCapture(event.pointerId);
  };

  const move = (event: PointerEvent) => {
    if (pull?.pointer !== event.pointerId) return;
    const at = pointOf(event);
    if (pull.isTap && Math.hypot(at.x - pull.from.x, at.y - pull.from.y) < tapPx) return;
    pull.isTap = false;
    const { view, from, section } = pull;
    if (section === null) handlers.current.onMove({ ...view, x: view.x + at.x - from.x, y: view.y + at.y - from.y });
    else handlers.current.onPull?.(section, toWorld(view, from), toWorld(view, at), false);
  };

  const up = (event: PointerEvent) => {
    if (pull?.pointer !== event.pointerId) return;
    const { from, view, section, isTap } = pull;
    pull = null;
    const at = toWorld(now.current.view, from);
    const hit = sectionAt(now.current.outlines, at);
    if (isTap && event.type === "pointerup" && hit >= 0) handlers.current.onPick(hit, at);
    if (!isTap && section !== null)
      handlers.current.onPull?.(section, toWorld(view, from), toWorld(view, pointOf(event)), true);
  };

  const wheel = (event: WheelEvent) => {
    // Without a key the page scrolls on: a map in its middle must not catch it.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { view, limits } = now.current;
    handlers.current.onMove(zoomAt(view, pointOf(event), Math.exp(-event.deltaY * 0.01), limits));
  };

  host.addEventListener("pointerdown", down);
  host.addEventListener("pointermove", move);
  host.addEventListener("pointerup", up);
  host.addEventListener("pointercancel", up);
  host.addEventListener("wheel", wheel, { passive: false });
  return () => {
    host.removeEventListener("pointerdown", down);
    host.removeEventListener("pointermove", move);
    host.removeEventListener("pointerup", up);
    host.removeEventListener("pointercancel", up);
    host.removeEventListener("wheel", wheel);
  };
}
