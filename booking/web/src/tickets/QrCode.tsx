import { useMemo } from "react";
import { say } from "./words";

/** The server's QR code as an image: an image runs no script, whatever the text of it says. Always dark on white. */
export function QrCode({ svg, alt, className = "" }: { svg: string; alt?: string; className?: string }) {
  const address = useMemo(() => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`, [svg]);
  return <img src={address} alt={alt ?? say("qrCode")} className={`bg-white ${className}`} />;
}
