import type { Room } from "../../api/rooms";
import { timeText } from "../../ui/time";
import { CodesPanel } from "./CodesPanel";
import { EntryForm } from "./EntryForm";
import { LanesForm } from "./LanesForm";
import { LookForm } from "./LookForm";
import { NamesForm } from "./NamesForm";
import { Panel } from "./Panel";
import { RevokeForm } from "./RevokeForm";
import { ScheduleForm } from "./ScheduleForm";
import { SteeringForm } from "./SteeringForm";
import { TurnsForm } from "./TurnsForm";
import { shareOf } from "./rules";

/** Everything that is set before a sale rather than during it. */
export function RoomPanels({ room }: { room: Room }) {
  const lanes = room.lanes ?? [];
  return (
    <section aria-labelledby="settings" className="grid gap-3">
      <h2 id="settings" className="heading text-xl">
        Settings
      </h2>
      <Panel title="Schedule and draw" says={scheduleWords(room)}>
        <ScheduleForm room={room} />
      </Panel>
      <Panel
        title="Turns"
        says={`${room.claim_window_s} s to come, ${Math.round(room.session_length_s / 60)} min in the shop`}
      >
        <TurnsForm room={room} />
      </Panel>
      {room.steering !== undefined && (
        <Panel
          title="Steering"
          says={room.steering === null ? "off: the pace is the one you set" : "follows the shop’s health"}
        >
          <SteeringForm room={room} />
        </Panel>
      )}
      <Panel title="Who may join" says={entryWords(room)}>
        <EntryForm room={room} />
      </Panel>
      <Panel title="Lanes" says={lanes.map((lane) => `${lane.name} ${shareOf(lane, lanes)} %`).join(" · ")}>
        <LanesForm room={room} />
      </Panel>
      <Panel title="Access codes" says={lanes.some((lane) => lane.needs_code) ? "asked for" : "no lane asks for one"}>
        <CodesPanel room={room} />
      </Panel>
      <Panel title="Look" says={room.theme.name ?? "Rushline’s own"}>
        <LookForm room={room} />
      </Panel>
      <Panel title="Name and shop" says={room.booking_url}>
        <NamesForm room={room} />
      </Panel>
      <Panel title="Take a place away" says="one visitor">
        <RevokeForm room={room} />
      </Panel>
    </section>
  );
}

function scheduleWords({ opens_at, draw }: Room): string {
  const opens = opens_at === null ? "opened by hand" : `opens ${timeText(opens_at, "both")}`;
  return draw ? `${opens}, order drawn` : opens;
}

function entryWords(room: Room): string {
  const asks = [
    room.one_per_account ? "an account" : "",
    room.entry.work ? "work" : "",
    room.entry.captcha ? "a CAPTCHA" : "",
  ].filter(Boolean);
  return asks.length === 0 ? "everybody" : `asks for ${asks.join(", ")}`;
}
