import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { queueAddress } from "../../admission/tokens";
import { asProblem } from "../../api/problem";
import type { Room } from "../../api/rooms";
import { to } from "../../paths";
import { useTitle } from "../../shell/title";
import { buttonClass } from "../../ui/Button";
import { Badge, Card, Notice } from "../../ui/Card";
import { Icon } from "../../ui/Icon";
import { ErrorState, Loading, Skeleton } from "../../ui/states";
import { EvidenceLinks } from "./EvidenceLinks";
import { Levers } from "./Levers";
import { LiveLine } from "./LiveLine";
import { MessageForm } from "./MessageForm";
import { PaceForm } from "./PaceForm";
import { RoomPanels } from "./RoomPanels";
import { roomQuery } from "./api";
import { stateWords } from "./rules";

/** One waiting room: its line as it stands this second, and everything that can be done about it. */
export function RoomPage() {
  const { room: id } = useParams({ from: "/organise/rooms/$room" });
  const room = useQuery(roomQuery(id));
  useTitle(room.data && `${room.data.name} · Waiting room`);
  if (room.data === undefined) {
    return room.isError ? (
      <ErrorState
        level={1}
        error={room.error}
        onRetry={() => void room.refetch()}
        action={
          <Link {...to.rooms()} className={buttonClass("quiet")}>
            All waiting rooms
          </Link>
        }
      />
    ) : (
      <Loading what="the room" className="grid gap-4">
        <Skeleton className="h-20" />
        <Skeleton className="h-64" />
      </Loading>
    );
  }
  // Another room is another page: nothing half-typed goes along.
  return <RoomView key={id} room={room.data} error={room.error} />;
}

function RoomView({ room, error }: { room: Room; error: unknown }) {
  return (
    <div className="grid grid-cols-1 gap-6">
      <Head room={room} />
      {error !== null && (
        <Notice tone="bad" title="These figures are old">
          {asProblem(error).message} We keep trying each second.
        </Notice>
      )}
      <LiveLine room={room} />
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Part title="Pace">
          <PaceForm room={room} />
        </Part>
        <Part title="A word to the line">
          <MessageForm room={room} />
        </Part>
      </div>
      <RoomPanels room={room} />
      <EvidenceLinks room={room} />
    </div>
  );
}

function Head({ room }: { room: Room }) {
  const state = stateWords[room.state];
  return (
    <div className="grid gap-5">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0">
          <Link {...to.rooms()} className="inline-flex min-h-9 items-center gap-2 text-sm text-soft hover:text-ink">
            <Icon name="back" className="rtl:rotate-180" /> Waiting rooms
          </Link>
          <h1 className="poster text-3xl break-words">{room.name}</h1>
        </div>
        <a href={queueAddress(room.id)} className={buttonClass("quiet")}>
          See the line’s page
        </a>
      </div>
      <Card className="grid gap-4 p-5">
        <p className="flex flex-wrap items-center gap-3">
          <Badge tone={state.tone}>{state.text}</Badge>
          <span>{state.means}</span>
        </p>
        <Levers room={room} />
      </Card>
    </div>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Card className="p-5 sm:p-6">
      <h2 className="heading mb-4 text-xl">{title}</h2>
      {children}
    </Card>
  );
}
