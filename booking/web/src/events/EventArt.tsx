import { memo, useMemo } from "react";
import type { EventBrief } from "../api/types";
import { posterOf } from "./poster";

interface Props {
  event: EventBrief;
  className?: string;
}

/** The event's own picture, or the poster we draw for it. Decoration: the name always stands beside it as text. */
export const EventArt = memo(function EventArt({ event, className = "" }: Props) {
  const poster = useMemo(() => posterOf(event), [event]);
  if (event.image) {
    return <img src={event.image} alt="" loading="lazy" decoding="async" className={`object-cover ${className}`} />;
  }
  return (
    <svg viewBox="0 0 400 300" preserveAspectRatio="xMidYMid slice" aria-hidden="true" className={className}>
      <rect width="400" height="300" fill={poster.ground} />
      {poster.shapes.map((shape, index) => (
        <path
          key={index}
          d={shape.d}
          fill={shape.fill ?? "none"}
          stroke={shape.stroke}
          strokeWidth={shape.width}
          opacity={shape.opacity}
        />
      ))}
    </svg>
  );
});
