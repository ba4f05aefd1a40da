import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { asProblem } from "../api/problem";
import type { OfferedTicket } from "../api/types";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { Button, buttonClass } from "../ui/Button";
import { Card, Notice } from "../ui/Card";
import { toast } from "../ui/Toast";
import { ErrorState, Loading, Skeleton } from "../ui/states";
import { timeText } from "../ui/time";
import { FormPage } from "../users/form";
import { useAccount } from "../users/session";
import { acceptTransfer, offerQuery } from "./api";
import { say } from "./words";

/** Where the mail about an offered ticket leads: what it is, from whom, and the way to take it. */
export function TransferPage() {
  useTitle(say("forYou"));
  const { transferId } = useParams({ from: "/transfers/$transferId" });
  const { token } = useSearch({ from: "/transfers/$transferId" });
  const offer = useQuery({ ...offerQuery(transferId, token ?? ""), enabled: token !== undefined });
  if (token === undefined) {
    return (
      <FormPage title={say("forYou")}>
        <Notice tone="warn" title={say("incomplete")}>
          {say("incompleteText")}
        </Notice>
      </FormPage>
    );
  }
  if (offer.isError) return <ErrorState level={1} error={offer.error} />;
  return (
    <FormPage title={say("forYou")}>
      {offer.isPending ? (
        <Loading what={say("theOffer")}>
          <Skeleton className="h-52" />
        </Loading>
      ) : (
        <Offer offer={offer.data} transfer={transferId} token={token} />
      )}
    </FormPage>
  );
}

function Offer({ offer, transfer, token }: { offer: OfferedTicket; transfer: string; token: string }) {
  const { status } = useAccount();
  const client = useQueryClient();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: () => acceptTransfer(transfer, token),
    onSuccess: async (ticket) => {
      toast("good", say("isYours"));
      void client.invalidateQueries({ queryKey: ["bookings"] });
      await navigate(to.ticket(ticket.code));
    },
  });
  return (
    <div className="grid gap-5">
      <Card className="p-5">
        <p className="text-soft">{say("givesYou", { name: offer.from })}</p>
        <h2 className="poster mt-1 text-2xl">{offer.event}</h2>
        <p className="mt-2">
          {timeText(offer.starts_at, "both", offer.time_zone)} · {offer.venue}
        </p>
        <p className="mt-3 border-t-2 border-dashed border-line pt-3 font-semibold">{offer.place}</p>
      </Card>
      {accept.isError && (
        <Notice tone="bad" title={asProblem(accept.error).title}>
          {asProblem(accept.error).detail}
        </Notice>
      )}
      {status === "signed-in" ? (
        <Button size="large" busy={accept.isPending} onClick={() => accept.mutate()}>
          {say("take")}
        </Button>
      ) : (
        <Link {...to.login(`/transfers/${transfer}?token=${token}`)} className={buttonClass("primary", "large")}>
          {say("signInToTake")}
        </Link>
      )}
      <p className="text-sm text-soft">{say("standsUntil", { time: timeText(offer.expires_at, "short") })}</p>
    </div>
  );
}
