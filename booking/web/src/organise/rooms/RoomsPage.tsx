import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { to } from "../../paths";
import { useTitle } from "../../shell/title";
import { buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { EmptyState, ErrorState, Loading, Skeleton } from "../../ui/states";
import { RoomCard } from "./RoomCard";
import { roomsQuery } from "./api";

/** All waiting rooms, as they stand this second. */
export function RoomsPage() {
  useTitle("Waiting rooms");
  const rooms = useQuery(roomsQuery());
  return (
    <>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-4">
        <h1 className="poster text-3xl">Waiting rooms</h1>
        <Link {...to.newRoom()} className={buttonClass("primary")}>
          <Icon name="plus" /> New room
        </Link>
      </div>
      {rooms.isPending ? (
        <Loading what="the rooms">
          <Skeleton className="h-64" />
        </Loading>
      ) : rooms.isError && rooms.data === undefined ? (
        <ErrorState error={rooms.error} onRetry={() => void rooms.refetch()} />
      ) : (rooms.data ?? []).length === 0 ? (
        <EmptyState title="No waiting rooms">Set one up for a sale that more people want than seats exist.</EmptyState>
      ) : (
        <div className="grid gap-6">
          {rooms.data?.map((room) => (
            <RoomCard key={room.id} room={room} level={2} />
          ))}
        </div>
      )}
    </>
  );
}
