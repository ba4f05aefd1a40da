import { useCallback, useEffect, useRef, useState } from "react";
import { type Decoder, openDecoder } from "./decoder";
import { Sightings } from "./sightings";

export type CameraState = "off" | "starting" | "on" | "denied" | "missing";

/** Between two looks at the picture, in milliseconds: quick to the eye, easy on the battery. */
const lookEvery_ms = 90;

/** Flash lights are not in TypeScript's library, and older browsers can't be asked. */
const hasTorch = (track: MediaStreamTrack | undefined): boolean =>
  (track?.getCapabilities?.() as { torch?: boolean } | undefined)?.torch === true;

/** The rear camera in a video element, its QR codes, and its light. It looks while `isWatching`. */
export function useCamera(isWatching: boolean, onText: (text: string) => void) {
  const video = useRef<HTMLVideoElement>(null);
  const stream = useRef<MediaStream | null>(null);
  const [state, setState] = useState<CameraState>("off");
  const [torch, setTorch] = useState<boolean | null>(null);

  const stop = useCallback(() => {
    for (const track of stream.current?.getTracks() ?? []) track.stop();
    stream.current = null;
    setTorch(null);
    setState("off");
  }, []);

  const start = useCallback(async () => {
    setState("starting");
    try {
      const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 1280 } };
      stream.current = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      if (video.current === null) return stop();
      video.current.srcObject = stream.current;
      await video.current.play();
      const track = stream.current.getVideoTracks()[0];
      setTorch(hasTorch(track) ? false : null);
      // Unplugged, or taken by another application.
      track?.addEventListener("ended", stop);
      setState("on");
    } catch (error) {
      stop();
      setState(error instanceof DOMException && error.name === "NotAllowedError" ? "denied" : "missing");
    }
  }, [stop]);

  useEffect(() => stop, [stop]);
  useWatch(video, state === "on" && isWatching, onText);

  const toggleTorch = () => {
    const track = stream.current?.getVideoTracks()[0];
    const next = torch === false;
    const light = { advanced: [{ torch: next }] } as unknown as MediaTrackConstraints;
    void track?.applyConstraints(light).then(() => setTorch(next));
  };

  return { video, state, start, stop, torch, toggleTorch };
}

/** Looks for codes in the video, again and again, and tells of each that newly comes into view. */
function useWatch(
  video: React.RefObject<HTMLVideoElement | null>,
  isOn: boolean,
  onText: (text: string) => void,
): void {
  const tell = useRef(onText);
  const sightings = useRef(new Sightings());
  const decoder = useRef<Promise<Decoder> | null>(null);

  useEffect(() => {
    tell.current = onText;
  }, [onText]);
  useEffect(() => () => void decoder.current?.then((each) => each.close()), []);

  useEffect(() => {
    if (!isOn) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    sightings.current.resume(Date.now());
    const look = async () => {
      decoder.current ??= openDecoder();
      const element = video.current;
      const text = element && element.videoWidth > 0 ? await (await decoder.current).read(element) : null;
      if (isOver) return;
      if (text && sightings.current.isNew(text, Date.now())) tell.current(text);
      timer = setTimeout(() => void look(), lookEvery_ms);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isOn, video]);
}
