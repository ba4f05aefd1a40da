import type { ReactNode } from "react";
import type { EventBrief } from "../api/types";
import { EventArt } from "./EventArt";
import { posterOf } from "./poster";

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
  const { ground, dark } = posterOf(event);
  return (
    <div
      style={{ backgroundColor: ground, color: dark ? "#ffffff" : "#17131f" }}
      className="relative overflow-hidden [&_.badge]:bg-paper [&_.badge]:text-ink"
    >
      <EventArt
        event={event}
        className={`w-full md:absolute md:inset-y-0 md:end-0 md:h-full md:w-[48%] md:[clip-path:polygon(14%_0,100%_0,100%_100%,0_100%)] md:rtl:[clip-path:polygon(0_0,86%_0,100%_100%,0_100%)] ${artClass}`}
      />
      <div className="page relative">
        <div className="md:w-[54%]">{children}</div>
      </div>
    </div>
  );
}
