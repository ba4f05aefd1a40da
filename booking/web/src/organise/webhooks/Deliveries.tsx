import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import type { Delivery, DeliveryDetail, Endpoint } from "../../api/types";
import { Button } from "../../ui/Button";
import { Badge } from "../../ui/Card";
import { Select } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { ErrorState, Loading, Skeleton } from "../../ui/states";
import { timeText } from "../../ui/time";
import { DataTable } from "../DataTable";
import { Listed } from "../Listed";
import { deliveriesQuery, deliveryQuery, replayDelivery, replaySince } from "./api";
import { bodyText, type DeliveryState, deliveryWords, outcomeOf } from "./rules";

const dayMs = 86_400_000;

/** What was sent to an endpoint, what came back, and the way to send it again. */
export function Deliveries({ endpoint }: { endpoint: Endpoint }) {
  const [state, setState] = useState<DeliveryState | "">("");
  const [looked, setLooked] = useState<string | null>(null);
  const deliveries = useInfiniteQuery(deliveriesQuery(endpoint.id, state));
  const listed = deliveries.data?.pages.flatMap(({ items }) => items) ?? [];
  const replay = useMutation({
    mutationFn: () => replaySince(endpoint.id, new Date(Date.now() - dayMs).toISOString()),
    onSuccess: ({ replayed }) => {
      toast("good", replayed === 0 ? "Nothing of the last day is missing." : `${replayed} messages are sent again.`);
      void deliveries.refetch();
    },
    onError: (error) => toast("bad", asProblem(error).message),
  });
  if (looked !== null) {
    const back = () => {
      setLooked(null);
      void deliveries.refetch();
    };
    return <DeliveryView id={looked} onBack={back} />;
  }
  return (
    <div className="mx-auto grid w-full max-w-4xl grid-cols-1 content-start gap-5 overflow-y-auto p-1">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <Select label="Show" value={state} onChange={(change) => setState(change.target.value as DeliveryState | "")}>
          <option value="">all</option>
          {Object.entries(deliveryWords).map(([each, { text }]) => (
            <option key={each} value={each}>
              {text.toLowerCase()}
            </option>
          ))}
        </Select>
        <Button look="quiet" busy={replay.isPending} onClick={() => replay.mutate()}>
          <Icon name="redo" /> Send what failed in the last day
        </Button>
      </div>
      <Listed
        query={deliveries}
        what="the deliveries"
        isEmpty={listed.length === 0}
        empty={{ title: "Nothing sent yet", says: "Messages appear here as they go out. Send a test to see one." }}
      >
        <Table deliveries={listed} onLook={setLooked} />
      </Listed>
    </div>
  );
}

function Table({ deliveries, onLook }: { deliveries: Delivery[]; onLook: (id: string) => void }) {
  return (
    <DataTable
      caption="Deliveries"
      rows={deliveries}
      keyOf={({ id }) => id}
      heads={[
        { text: "Message" },
        { text: "State", tight: true },
        { text: "Answer" },
        { text: "Attempts", tight: true },
        { text: "Made", tight: true },
        { text: "More", tight: true },
      ]}
    >
      {({ id, kind, status, error, attempts, created_at, ...delivery }) => ({
        Message: kind,
        State: <Outcome delivery={delivery} />,
        Answer: <span className="wrap-anywhere">{error ?? status ?? "–"}</span>,
        Attempts: <span className="figures">{attempts}</span>,
        Made: timeText(created_at, "exact"),
        More: (
          <Button
            look="plain"
            size="small"
            className="-my-2"
            aria-label={`See ${kind} of ${timeText(created_at, "exact")}`}
            onClick={() => onLook(id)}
          >
            See
          </Button>
        ),
      })}
    </DataTable>
  );
}

function Outcome({ delivery }: { delivery: Pick<Delivery, "state"> }) {
  const { tone, text } = outcomeOf(delivery);
  return <Badge tone={tone}>{text}</Badge>;
}

function DeliveryView({ id, onBack }: { id: string; onBack: () => void }) {
  const delivery = useQuery(deliveryQuery(id));
  return (
    <div className="mx-auto grid w-full max-w-4xl grid-cols-1 content-start gap-5 overflow-y-auto p-1">
      <Button look="plain" size="small" className="justify-self-start" onClick={onBack}>
        <Icon name="back" /> All deliveries
      </Button>
      {delivery.isPending ? (
        <Loading what="the delivery">
          <Skeleton className="h-60" />
        </Loading>
      ) : delivery.isError ? (
        <ErrorState error={delivery.error} onRetry={() => void delivery.refetch()} />
      ) : (
        <Detail delivery={delivery.data} onBack={onBack} />
      )}
    </div>
  );
}

function Detail({ delivery, onBack }: { delivery: DeliveryDetail; onBack: () => void }) {
  const again = useMutation({
    mutationFn: () => replayDelivery(delivery.id),
    onSuccess: () => {
      toast("good", "It is sent again.");
      onBack();
    },
    onError: (error) => toast("bad", asProblem(error).message),
  });
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h3 className="flex flex-wrap items-center gap-2.5 font-bold">
          {delivery.kind}
          <Outcome delivery={delivery} />
        </h3>
        <Button look="strong" size="small" busy={again.isPending} onClick={() => again.mutate()}>
          <Icon name="redo" /> Send it again
        </Button>
      </div>
      <ol className="grid gap-3">
        {delivery.log.map(({ at, status, duration_ms, error, answer }) => (
          <li key={at} className="rounded-md border border-line p-3.5 text-sm">
            <span className="figures font-semibold">{timeText(at, "exact")}</span>
            <span className="text-soft">
              {" "}
              · {error ?? `answered ${status ?? "nothing"}`} · {duration_ms} ms
            </span>
            {answer && <span className="mt-1 block font-mono text-xs wrap-anywhere text-soft">{answer}</span>}
          </li>
        ))}
      </ol>
      <div className="grid grid-cols-1 gap-2">
        <h3 id="sent" className="font-bold">
          What is sent
        </h3>
        <div role="region" aria-labelledby="sent" tabIndex={0} className="overflow-x-auto rounded-md bg-sunk p-3">
          <pre className="font-mono text-xs">{bodyText(delivery.body)}</pre>
        </div>
      </div>
    </>
  );
}
