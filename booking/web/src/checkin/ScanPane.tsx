import { useCallback } from "react";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { type CameraState, useCamera } from "./camera";
import { desk, useDesk } from "./useDesk";

const troubles: Partial<Record<CameraState, { title: string; text: string }>> = {
  denied: {
    title: "The camera is blocked",
    text: "Allow it for this site in the browser's settings, then start it again. Keyboard scanners and typed codes work without it.",
  },
  missing: {
    title: "No camera found",
    text: "Another application may be using it. Keyboard scanners and typed codes work without it.",
  },
};

/** The camera's picture, with a frame to hold the code into. */
export function ScanPane({ isShown }: { isShown: boolean }) {
  const { verdict, isBusy } = useDesk();
  const onText = useCallback((text: string) => void desk.check(text), []);
  const { video, state, torch, start, stop, toggleTorch } = useCamera(isShown && verdict === null && !isBusy, onText);
  const trouble = troubles[state];
  return (
    <section aria-label="Scan" className="relative grid min-h-72 flex-1 overflow-hidden bg-black text-white">
      <video
        ref={video}
        muted
        playsInline
        aria-label="Camera"
        className={`absolute inset-0 size-full object-cover ${state === "on" ? "" : "invisible"}`}
      />
      {state === "on" ? (
        <>
          <Reticle />
          <div className="absolute inset-x-0 bottom-0 flex justify-center gap-3 p-4">
            {torch !== null && (
              <Button look="quiet" aria-pressed={torch} onClick={toggleTorch}>
                <Icon name="torch" /> {torch ? "Light off" : "Light on"}
              </Button>
            )}
            <Button look="quiet" onClick={stop}>
              <Icon name="cross" /> Stop camera
            </Button>
          </div>
        </>
      ) : (
        <div className="grid place-content-center justify-items-center gap-4 p-6 text-center">
          <Icon name={trouble ? "alert" : "scan"} className="text-6xl" />
          <p className="heading text-2xl">{trouble ? trouble.title : "Ready to scan"}</p>
          <p className="max-w-sm text-white/75">
            {trouble ? trouble.text : "Start the camera, or scan with a keyboard scanner at any time."}
          </p>
          <Button size="large" busy={state === "starting"} onClick={() => void start()}>
            {state !== "starting" && <Icon name="camera" />} Start the camera
          </Button>
        </div>
      )}
    </section>
  );
}

const corners =
  "M4 26V10a6 6 0 0 1 6-6h16M74 4h16a6 6 0 0 1 6 6v16M96 74v16a6 6 0 0 1-6 6H74M26 96H10a6 6 0 0 1-6-6V74";

/** Four corners in the middle of the picture; the decoder looks a little further than they show. */
function Reticle() {
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-0 grid place-content-center">
      <svg viewBox="0 0 100 100" className="size-[min(72vw,52dvh,26rem)]" fill="none" strokeLinecap="round">
        {/* Dark under light, so that it shows on a black jacket and on a white sheet. */}
        <path d={corners} stroke="var(--color-black)" strokeWidth="4.5" />
        <path d={corners} stroke="var(--color-white)" strokeWidth="2.5" />
        <path d="M22 50h56" stroke="var(--flare)" strokeWidth="1.5" />
      </svg>
    </div>
  );
}
