import type { MapColours } from "./colours";
import { drawBase, drawTop, type Scene } from "./draw";
import { type Box, clamp, fit, type Point, type Size, toWorld, type View, zoomAt } from "./geometry";
import type { SeatPlan, SeatStates } from "./model";
import { loadPicture } from "./picture";

/** The base layer is painted this much larger than the screen on each side, so that panning first moves it only. */
const marginShare = 0.35;
/** Painting faster than this is done on each frame of a gesture; slower painting waits until the fingers rest. */
const cheapPaintMs = 7;
const restMs = 110;
const glideMs = 260;

/**
 * Two canvases and a view. The base (sections and seats) is moved by the compositor while a gesture runs and painted
 * when it must; the top (own seats, pointer) is painted on each change. Nothing here knows React.
 */
export class MapView {
  private view: View = { x: 0, y: 0, scale: 1 };
  private painted: View = this.view;
  private size: Size = { w: 1, h: 1 };
  private margin: Size = { w: 0, h: 0 };
  private chosen: readonly number[] = [];
  private hovered = -1;
  private scene: Scene;
  private isBaseStale = true;
  private lastPaintMs = 0;
  private frame = 0;
  private restTimer: ReturnType<typeof setTimeout> | undefined;
  private glide: { from: View; to: View; start: number } | null = null;
  private isPlaced = false;
  private readonly stopLoading: () => void;

  constructor(
    private readonly base: HTMLCanvasElement,
    private readonly top: HTMLCanvasElement,
    plan: SeatPlan,
    states: SeatStates,
    colours: MapColours,
    private readonly onView: (view: View) => void,
  ) {
    this.scene = { plan, states, colours, shown: null, picture: null };
    const load = (picture: HTMLImageElement) => {
      this.scene.picture = picture;
      this.repaint();
    };
    this.stopLoading = plan.background === null ? () => {} : loadPicture(plan.background.url, load);
  }

  destroy(): void {
    this.stopLoading();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.restTimer);
  }

  /** Paints now what the next frame would. */
  paint(): void {
    cancelAnimationFrame(this.frame);
    this.tick(performance.now());
  }

  get limits(): { min: number; max: number } {
    const whole = fit(this.scene.plan.world, this.size).scale;
    return {
      min: whole * 0.6,
      max: Math.max(whole * 2, 46 / this.scene.plan.pitch),
    };
  }

  get current(): View {
    return this.view;
  }

  resize(size: Size): void {
    if (size.w === this.size.w && size.h === this.size.h) return;
    const centre = toWorld(this.view, {
      x: this.size.w / 2,
      y: this.size.h / 2,
    });
    this.size = size;
    this.margin = {
      w: Math.round(size.w * marginShare),
      h: Math.round(size.h * marginShare),
    };
    if (this.isPlaced) {
      const { scale } = this.view;
      this.view = {
        scale,
        x: size.w / 2 - centre.x * scale,
        y: size.h / 2 - centre.y * scale,
      };
    } else {
      this.view = fit(this.scene.plan.world, size);
      this.isPlaced = true;
    }
    this.isBaseStale = true;
    this.onView(this.view);
    this.schedule();
  }

  setStates(states: SeatStates): void {
    this.scene.states = states;
    this.repaint();
  }

  setColours(colours: MapColours): void {
    this.scene.colours = colours;
    this.repaint();
  }

  setShown(shown: ReadonlySet<number> | null): void {
    this.scene.shown = shown;
    this.repaint();
  }

  setChosen(chosen: readonly number[]): void {
    this.chosen = chosen;
    this.schedule();
  }

  setHovered(index: number): void {
    if (index === this.hovered) return;
    this.hovered = index;
    this.schedule();
  }

  /** Follows a finger or the wheel, at once. */
  moveTo(view: View): void {
    this.glide = null;
    this.apply(view);
  }

  panBy(dx: number, dy: number): void {
    this.moveTo({ ...this.view, x: this.view.x + dx, y: this.view.y + dy });
  }

  zoomBy(factor: number, at: Point = { x: this.size.w / 2, y: this.size.h / 2 }): void {
    this.glideTo(zoomAt(this.glide?.to ?? this.view, at, factor, this.limits));
  }

  /** Shows a part of the world, or all of it. */
  show(box: Box = this.scene.plan.world): void {
    const view = fit(box, this.size, 32);
    const scale = Math.min(view.scale, this.limits.max);
    const centre = { x: box.x + box.w / 2, y: box.y + box.h / 2 };
    this.glideTo({
      scale,
      x: this.size.w / 2 - centre.x * scale,
      y: this.size.h / 2 - centre.y * scale,
    });
  }

  private glideTo(to: View): void {
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.moveTo(to);
      return;
    }
    this.glide = {
      from: this.view,
      to: clamp(to, this.scene.plan.world, this.size),
      start: performance.now(),
    };
    this.schedule();
  }

  private apply(view: View): void {
    this.view = clamp(view, this.scene.plan.world, this.size);
    this.onView(this.view);
    this.schedule();
  }

  private repaint(): void {
    this.isBaseStale = true;
    this.schedule();
  }

  private schedule(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(this.tick);
  }

  private readonly tick = (now: number): void => {
    this.frame = 0;
    if (!this.isPlaced) return;
    if (this.glide !== null) this.advance(this.glide, now);
    if (this.isBaseStale || this.mustPaint()) this.paintBase();
    else this.moveBase();
    this.paintTop();
    if (this.glide !== null) this.schedule();
  };

  private advance(glide: NonNullable<MapView["glide"]>, now: number): void {
    const t = Math.min(1, Math.max(0, (now - glide.start) / glideMs));
    const eased = 1 - (1 - t) ** 3;
    // The scale moves evenly in its logarithm; the offset follows so that the path is straight on the screen.
    const scale = glide.from.scale * (glide.to.scale / glide.from.scale) ** eased;
    const span = glide.to.scale - glide.from.scale;
    const along = Math.abs(span) < 1e-9 ? eased : (scale - glide.from.scale) / span;
    const between = (a: number, b: number) => a + (b - a) * along;
    if (t >= 1) this.glide = null;
    this.view =
      t >= 1
        ? glide.to
        : {
            scale,
            x: between(glide.from.x, glide.to.x),
            y: between(glide.from.y, glide.to.y),
          };
    this.onView(this.view);
  }

  /** Is the moved picture no longer good enough? */
  private mustPaint(): boolean {
    const { view, painted, margin } = this;
    const isScaled = view.scale !== painted.scale;
    if (!isScaled && view.x === painted.x && view.y === painted.y) return false;
    const isInside = Math.abs(view.x - painted.x) < margin.w && Math.abs(view.y - painted.y) < margin.h;
    if (isScaled) return this.lastPaintMs < cheapPaintMs;
    return !isInside;
  }

  private paintBase(): void {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const size = {
      w: this.size.w + 2 * this.margin.w,
      h: this.size.h + 2 * this.margin.h,
    };
    const pen = sized(this.base, size, ratio);
    if (pen === null) return;
    const start = performance.now();
    const shifted = {
      scale: this.view.scale,
      x: this.view.x + this.margin.w,
      y: this.view.y + this.margin.h,
    };
    drawBase(pen, this.scene, shifted, size, ratio);
    this.lastPaintMs = performance.now() - start;
    this.painted = this.view;
    this.isBaseStale = false;
    this.moveBase();
  }

  /** Lets the compositor show the painted picture at the present view, and paints it sharp once the view rests. */
  private moveBase(): void {
    const { view, painted, margin } = this;
    const k = view.scale / painted.scale;
    const x = view.x - painted.x * k - margin.w * k;
    const y = view.y - painted.y * k - margin.h * k;
    this.base.style.transform = `matrix(${k},0,0,${k},${x},${y})`;
    clearTimeout(this.restTimer);
    if (k !== 1 || view.x !== painted.x || view.y !== painted.y) {
      this.restTimer = setTimeout(() => this.repaint(), restMs);
    }
  }

  private paintTop(): void {
    const pen = sized(this.top, this.size, Math.min(2, window.devicePixelRatio || 1));
    if (pen !== null) drawTop(pen, this.scene, this.view, this.size, this.chosen, this.hovered);
  }
}

/** The canvas's pen, with the canvas as large as asked and the CSS pixel as its unit. */
function sized(canvas: HTMLCanvasElement, size: Size, ratio: number): CanvasRenderingContext2D | null {
  const [w, h] = [Math.round(size.w * ratio), Math.round(size.h * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${size.w}px`;
    canvas.style.height = `${size.h}px`;
  }
  const pen = canvas.getContext("2d");
  pen?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}
