import type { CSSProperties } from "react";
import type { Room, Theme } from "../../api/rooms";
import { textOn } from "./look";

/** The line's page in small. */
export function LookPreview({ room, theme }: { room: Room; theme: Theme }) {
  const brand = theme.brand || "#ff5a36";
  const header = theme.header || "#17131f";
  const head: CSSProperties = { background: header, color: textOn(header) ?? "#f5f2fa" };
  const button: CSSProperties = { background: brand, color: textOn(brand) ?? "#17131f" };
  return (
    <figure className="lg:sticky lg:top-21">
      <figcaption className="caption mb-2 text-soft">How the line sees it</figcaption>
      <div className="overflow-hidden rounded-lg border border-line">
        <div style={head} className="grid gap-4 p-4 pb-10">
          <Mark theme={theme} />
          <p className="poster text-2xl break-words">{room.name}</p>
        </div>
        <div className="grid gap-3 bg-paper p-4">
          <div className="rounded-lg border border-line bg-card p-4">
            <p className="caption text-soft">Your place in line</p>
            <p className="poster figures text-3xl">1,234</p>
            <div className="my-3 h-2.5 overflow-hidden rounded-full border border-soft">
              <div className="h-full w-2/5" style={{ background: brand }} />
            </div>
            <p style={button} className="rounded-md py-2.5 text-center font-bold">
              Go to the shop
            </p>
          </div>
          {theme.text?.trim() && <p className="text-sm whitespace-pre-line">{theme.text}</p>}
        </div>
      </div>
    </figure>
  );
}

/** The shop shows pictures of its own site only; a logo from elsewhere is named instead. */
function Mark({ theme }: { theme: Theme }) {
  const name = theme.name?.trim() ?? "";
  if (theme.logo && !theme.logo.startsWith("http")) {
    return <img src={theme.logo} alt={name} className="max-h-12 max-w-44 justify-self-start" />;
  }
  return <p className="poster text-lg">{theme.logo ? `[${name || "logo"}]` : name || "Rushline"}</p>;
}
