import { useQuery } from "@tanstack/react-query";
import { useTitle } from "../shell/title";
import { EmptyState, ErrorState, Loading, Skeleton } from "../ui/states";
import { RoomCard } from "./RoomCard";
import { roomsQuery } from "./api";

export function RoomsPage() {
  useTitle("Waiting rooms");
  const rooms = useQuery(roomsQuery());
  return (
    <>
      <h1 className="poster mb-6 text-3xl">Waiting rooms</h1>
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
