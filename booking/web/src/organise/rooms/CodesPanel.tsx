import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import type { AccessCode, Room } from "../../api/rooms";
import { Button } from "../../ui/Button";
import { Badge } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { toast } from "../../ui/Toast";
import { ErrorState, Loading, Skeleton } from "../../ui/states";
import { timeText } from "../../ui/time";
import { CodesForm } from "./CodesForm";
import { codesQuery, revokeCode } from "./api";

/** Access codes: made here, shown once, counted, and taken back. */
export function CodesPanel({ room }: { room: Room }) {
  const codes = useInfiniteQuery(codesQuery(room.id));
  const [asked, setAsked] = useState<AccessCode | null>(null);
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: (code: AccessCode) => revokeCode(room.id, code.id),
    onSuccess: () => {
      toast("good", "The code opens nothing any more.");
      void client.invalidateQueries({ queryKey: codesQuery(room.id).queryKey });
    },
    onError: (error) => toast("bad", asProblem(error).message),
    onSettled: () => setAsked(null),
  });
  const listed = codes.data?.pages.flat() ?? [];
  return (
    <div className="grid gap-6">
      <CodesForm room={room} />
      {codes.isPending ? (
        <Loading what="the codes">
          <Skeleton className="h-24" />
        </Loading>
      ) : codes.isError ? (
        <ErrorState error={codes.error} onRetry={() => void codes.refetch()} />
      ) : listed.length === 0 ? (
        <p className="text-soft">No codes yet.</p>
      ) : (
        <CodesTable codes={listed} onRevoke={setAsked} />
      )}
      {codes.hasNextPage && (
        <Button
          look="quiet"
          busy={codes.isFetchingNextPage}
          className="justify-self-start"
          onClick={() => void codes.fetchNextPage()}
        >
          More codes
        </Button>
      )}
      <Dialog open={asked !== null} title="Take this code back?" onClose={() => setAsked(null)}>
        <p className="mb-5 text-soft">Nobody joins with it any more. Places it gave stay. This can’t be undone.</p>
        <div className="grid gap-2 sm:grid-cols-2">
          <Button look="danger" busy={revoke.isPending} onClick={() => asked && revoke.mutate(asked)}>
            Take it back
          </Button>
          <Button look="strong" onClick={() => setAsked(null)}>
            Leave it
          </Button>
        </div>
      </Dialog>
    </div>
  );
}

function CodesTable({ codes, onRevoke }: { codes: AccessCode[]; onRevoke: (code: AccessCode) => void }) {
  const cell = "border-t border-line px-3 py-2 first:ps-0 last:pe-0";
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Access codes">
      <table className="w-full text-start">
        <thead>
          <tr className="caption text-soft [&>th]:px-3 [&>th]:py-2 [&>th]:text-start [&>th]:first:ps-0">
            <th scope="col">Note</th>
            <th scope="col">Lane</th>
            <th scope="col">Used</th>
            <th scope="col">Until</th>
            <th scope="col">
              <span className="sr-only">Take back</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {codes.map((code) => (
            <tr key={code.id}>
              <td className={cell}>{code.label || <span className="text-soft">{code.id.slice(0, 8)}</span>}</td>
              <td className={cell}>{code.lane}</td>
              <td className={`${cell} figures whitespace-nowrap`}>
                {code.uses.toLocaleString()} of {code.uses_max.toLocaleString()}
              </td>
              <td className={`${cell} whitespace-nowrap`}>
                {code.expires_at ? timeText(code.expires_at, "short") : "always"}
              </td>
              <td className={`${cell} text-end`}>
                {code.revoked ? (
                  <Badge>Taken back</Badge>
                ) : (
                  <Button
                    look="plain"
                    size="small"
                    onClick={() => onRevoke(code)}
                    aria-label={`Take back ${code.label || code.id.slice(0, 8)}`}
                  >
                    Take back
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
