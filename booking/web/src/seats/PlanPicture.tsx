import { useEffect, useMemo, useRef, useState } from "react";
import type { SeatSnapshot } from "../api/types";
import { useTheme } from "../shell/theme";
import { readColours } from "./colours";
import { drawBase } from "./draw";
import { fit } from "./geometry";
import { planOf, statesOf } from "./model";
import { loadPicture } from "./picture";

/** The whole venue as a picture: the seat map as it looks from far away, without its life. */
export default function PlanPicture({ snapshot }: { snapshot: SeatSnapshot }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scene = useMemo(() => {
    const plan = planOf(snapshot);
    return { plan, states: statesOf(plan, snapshot), shown: null };
  }, [snapshot]);
  const [picture, setPicture] = useState<HTMLImageElement | null>(null);
  const url = scene.plan.background?.url;
  useEffect(() => (url === undefined ? undefined : loadPicture(url, setPicture)), [url]);
  const theme = useTheme();
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const paint = () => {
      const size = { w: element.clientWidth, h: element.clientHeight };
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      element.width = Math.round(size.w * ratio);
      element.height = Math.round(size.h * ratio);
      const pen = element.getContext("2d");
      if (pen === null || size.w === 0) return;
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawBase(
        pen,
        { ...scene, picture, colours: readColours(element.parentElement ?? document.body) },
        fit(scene.plan.world, size),
        size,
        ratio,
      );
    };
    const watch = new ResizeObserver(paint);
    watch.observe(element);
    return () => watch.disconnect();
  }, [scene, picture, theme]);
  return <canvas ref={canvas} aria-hidden="true" className="size-full" />;
}
