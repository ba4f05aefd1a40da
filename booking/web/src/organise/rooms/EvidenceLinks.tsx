import { queueAddress } from "../../admission/tokens";
import type { Room } from "../../api/rooms";
import { buttonClass } from "../../ui/Button";

/** What anybody can check about a room without trusting it. */
export function EvidenceLinks({ room }: { room: Room }) {
  const api = `/api/v1/rooms/${encodeURIComponent(room.id)}`;
  const links: [text: string, address: string][] = [
    ["Public report", `${queueAddress(room.id)}/report`],
    ...(room.draw ? [["The draw", `${queueAddress(room.id)}/draw`] as [string, string]] : []),
    ["Journal", `${api}/journal/entries/0`],
    ["Its signed head", `${api}/journal`],
    ["Keys", `${api}/keys`],
  ];
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence" className="heading mb-2 text-xl">
        What everybody can check
      </h2>
      <p className="mb-4 max-w-prose text-soft">
        Openings, calls, admissions and every act on this page are entries of a journal that cannot be changed
        unnoticed.
      </p>
      <ul className="flex flex-wrap gap-2">
        {links.map(([text, address]) => (
          <li key={text}>
            <a href={address} className={buttonClass("quiet")}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
