import { useQueryClient } from "@tanstack/react-query";
import type { Room } from "../../api/rooms";
import { roomQuery, roomsQuery } from "./api";

/** Takes over what the server answers to a change, so that the page shows it without waiting for the next look. */
export function useKeep(): (room: Room) => void {
  const client = useQueryClient();
  return (room) => {
    client.setQueryData(roomQuery(room.id).queryKey, room);
    client.setQueryData(roomsQuery().queryKey, (rooms) => rooms?.map((each) => (each.id === room.id ? room : each)));
  };
}
