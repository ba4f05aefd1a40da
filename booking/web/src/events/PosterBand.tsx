import type { ReactNode } from "react";
import type { EventBrief } from "../api/types";
import { EventArt } from "./EventArt";
import { band, bandColours } from "./band";
import { groundOf } from "./poster";

/** An event's poster across the whole page: words on its ground colour, the picture above or, on wide screens, running off the end. */
export function PosterBand({
  event,
  artClass,
  children,
}: {
  event: EventBrief;
  artClass: string;
  children: ReactNode;
}) {
  return (
    <div style={bandColours(groundOf(event))} className={band.ground}>
      <EventArt event={event} className={`${band.art} ${artClass}`} />
      <div className={band.page}>
        <div className={band.words}>{children}</div>
      </div>
    </div>
  );
}
