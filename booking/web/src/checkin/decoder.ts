/** Reads QR codes from a picture of the camera. */
export interface Decoder {
  /** The text of a code in the picture; null when there is none. */
  read(video: HTMLVideoElement): Promise<string | null>;
  close(): void;
}

/** The part of the Shape Detection API that we use; TypeScript's library lacks it. */
interface NativeDetector {
  detect(image: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface NativeDetectorClass {
  new (options: { formats: string[] }): NativeDetector;
  getSupportedFormats(): Promise<string[]>;
}

/** Side of the square that the library looks at: a ticket's 49 modules need three pixels each, and room around them. */
const sidePixels = 640;

/** The browser's own detector where it has one; otherwise a library, fetched only then. */
export async function openDecoder(): Promise<Decoder> {
  const native = (globalThis as { BarcodeDetector?: NativeDetectorClass }).BarcodeDetector;
  const formats = (await native?.getSupportedFormats().catch(() => [])) ?? [];
  return native && formats.includes("qr_code") ? nativeDecoder(new native({ formats: ["qr_code"] })) : workerDecoder();
}

const nativeDecoder = (detector: NativeDetector): Decoder => ({
  read: async (video) => (await detector.detect(video))[0]?.rawValue ?? null,
  close: () => undefined,
});

/** Decodes beside the page, so that the picture stays smooth. One picture at a time. */
function workerDecoder(): Decoder {
  const worker = new Worker(new URL("./decode.worker.ts", import.meta.url), { type: "module" });
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = sidePixels;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return {
    read: (video) =>
      new Promise((resolve) => {
        if (context === null) return resolve(null);
        const side = Math.min(video.videoWidth, video.videoHeight);
        const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
        context.drawImage(video, left, top, side, side, 0, 0, sidePixels, sidePixels);
        const { data } = context.getImageData(0, 0, sidePixels, sidePixels);
        worker.onmessage = (message: MessageEvent<string | null>) => resolve(message.data);
        worker.postMessage({ data, width: sidePixels, height: sidePixels }, [data.buffer]);
      }),
    close: () => worker.terminate(),
  };
}
