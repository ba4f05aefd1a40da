/** What the picture of the line shows. */
export interface Scene {
  /** Position and where it started from; null shows nobody. */
  position: number | null;
  from: number;
  /** People behind, as far as known. */
  behind: number;
  /** How wide the door stands open, 0 to 1. */
  door: number;
}

const gap_px = 17;
const frame_ms = 50;
const clothes = ["#8f84a8", "#6d6387", "#a99dc0", "#574d70", "#7e8fb8"];
const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * The line from the side: people, you among them in the brand's colour, and the door. One figure stands for as many
 * people as it takes to fit the line; all step forward only as the real position falls. Twenty frames a second while
 * something moves, five while nothing does, none when nobody sees it or motion is unwanted.
 */
export class Line {
  #scene: Scene = { position: null, from: 1, behind: 0, door: 0.1 };
  #position = 0;
  #door = 0;
  #timer = 0;
  #pen: CanvasRenderingContext2D;
  /** The brand's colour. */
  #you: string;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.#pen = canvas.getContext("2d")!;
    this.#you = getComputedStyle(canvas).color;
    new ResizeObserver(() => this.#draw()).observe(canvas);
    document.addEventListener("visibilitychange", () => this.#draw());
  }

  show(scene: Scene): void {
    const first = this.#scene.position === null;
    this.#scene = scene;
    if (first || still.matches) {
      this.#position = scene.position ?? 0;
      this.#door = scene.door;
    }
    this.#draw();
  }

  #draw(): void {
    clearTimeout(this.#timer);
    if (document.hidden) return;
    const { position, from, behind, door } = this.#scene;
    const { canvas } = this;
    const pen = this.#pen;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    const scale = Math.min(2, devicePixelRatio);
    if (canvas.width !== Math.floor(width * scale)) canvas.width = width * scale;
    if (canvas.height !== Math.floor(height * scale)) canvas.height = height * scale;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (document.documentElement.dir === "rtl") pen.transform(-1, 0, 0, 1, width, 0);

    this.#position += ((position ?? 0) - this.#position) / 12;
    this.#door += (door - this.#door) / 8;
    const floor = height - 14;
    const entrance = width - Math.min(90, width / 6);
    this.#drawDoor(entrance, floor, width);
    if (position !== null) {
      const step = Math.max(gap_px, (entrance * 0.8) / from);
      const figures = Math.max(1, Math.round((entrance * 0.8) / step));
      const people = from / figures;
      const you = entrance - (this.#position / people) * step;
      const last = Math.min(Math.ceil(behind / people), Math.ceil(you / step));
      for (let at = -last; at * step < entrance - you; at++) {
        if (at) this.#drawPerson(you + at * step, floor, at, entrance);
      }
      this.#drawPerson(you, floor, 0, entrance);
    }
    const moving = Math.abs((position ?? 0) - this.#position) > 0.01 || Math.abs(door - this.#door) > 0.01;
    if (!still.matches) this.#timer = window.setTimeout(() => this.#draw(), moving ? frame_ms : frame_ms * 4);
  }

  #drawDoor(x: number, floor: number, width: number): void {
    const pen = this.#pen;
    const open = this.#door;
    const tall = Math.min(105, floor - 18);
    const wide = tall * 0.42;
    const glow = pen.createRadialGradient(x + wide / 2, floor - tall / 2, 4, x + wide / 2, floor - tall / 2, 60 + 260 * open);
    glow.addColorStop(0, `rgb(255 118 86/${0.15 + 0.6 * open})`);
    glow.addColorStop(1, "rgb(255 118 86/0)");
    pen.fillStyle = glow;
    pen.fillRect(0, 0, width, floor + 14);
    pen.fillStyle = "#3a3150";
    pen.fillRect(0, floor, width, 2);
    pen.beginPath();
    pen.roundRect?.(x, floor - tall, wide, tall, [wide / 2, wide / 2, 0, 0]);
    pen.fill();
    pen.fillStyle = "#ffb199";
    pen.beginPath();
    pen.roundRect?.(x + 4, floor - tall + 4, (wide - 8) * open, tall - 4, [wide / 2, wide / 2, 0, 0]);
    pen.fill();
  }

  /** Person `at` places behind (negative) or ahead of you (0), at `x`: bobbing as they walk, swaying as they stand. */
  #drawPerson(x: number, floor: number, at: number, entrance: number): void {
    const pen = this.#pen;
    const seed = Math.abs(at * 7919 + (at < 0 ? 5 : 0));
    const tall = at ? 25 + (seed % 7) : 33;
    const bob = Math.abs(Math.sin(x / 5)) * 2;
    const sway = still.matches ? 0 : Math.sin(Date.now() / 900 + seed) * 0.8;
    pen.globalAlpha = Math.max(0, Math.min(1, (entrance + 6 - x) / 14, (x + 10) / 40));
    pen.fillStyle = at ? clothes[seed % clothes.length]! : this.#you;
    pen.beginPath();
    pen.roundRect?.(x - 5, floor - tall + 10 - bob, 10, tall - 10 + bob, [5, 5, 2, 2]);
    pen.arc(x + sway, floor - tall + 4 - bob, 4.6, 0, 7);
    pen.fill();
    pen.globalAlpha = 1;
  }
}
