import { decodeQR, type Image } from "qr/decode.js";

addEventListener("message", ({ data }: MessageEvent<Image>) => {
  postMessage(textIn(data));
});

/** The library throws when a picture holds no code. */
function textIn(image: Image): string | null {
  try {
    return decodeQR(image);
  } catch {
    return null;
  }
}
