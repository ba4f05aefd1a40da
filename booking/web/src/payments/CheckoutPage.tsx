import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { StayLonger } from "../admission/StayLonger";
import { roomOfEvent } from "../admission/tokens";
import { asProblem } from "../api/problem";
import { to } from "../paths";
import { releaseHold } from "../seats/api";
import { setBasket } from "../seats/basket";
import { useTitle } from "../shell/title";
import { Button, buttonClass } from "../ui/Button";
import { Steps } from "../ui/Steps";
import { toast } from "../ui/Toast";
import { useNow } from "../ui/clock";
import { EmptyState, ErrorState, Loading, Skeleton } from "../ui/states";
import { OrderSummary } from "./OrderSummary";
import { PaymentForm } from "./PaymentForm";
import { PromoCode } from "./PromoCode";
import { TimeLeft } from "./TimeLeft";
import { type Order, orderQuery } from "./order";
import { promoQuery, wasPromoUsed } from "./promo";
import { say } from "./words";

export function CheckoutPage() {
  const { id } = useParams({ from: "/checkout/$id" });
  const order = useQuery(orderQuery(id));
  useTitle(say("title"));
  return (
    <div className="page max-w-5xl py-6 sm:py-10">
      <div className="mb-8 max-w-md">
        <Steps steps={[say("choose"), say("pay"), say("ticket")]} current={1} />
      </div>
      {order.isPending ? (
        <CheckoutSkeleton />
      ) : order.isError ? (
        <CheckoutGone error={order.error} onRetry={() => void order.refetch()} />
      ) : (
        <Checkout key={id} id={id} order={order.data} />
      )}
    </div>
  );
}

/** The hold can't be read: over, or not ours; anything else can be tried again. */
function CheckoutGone({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { status } = asProblem(error);
  if (status !== 404 && status !== 410) return <ErrorState level={1} error={error} onRetry={onRetry} />;
  return (
    <EmptyState
      level={1}
      title={say("isOver")}
      action={
        <Link {...to.events()} className={buttonClass("primary")}>
          {say("seeEvents")}
        </Link>
      }
    >
      {say.rich("isOverText", {
        link: (
          <Link {...to.bookings()} className="underline">
            {say("myTickets")}
          </Link>
        ),
      })}
    </EmptyState>
  );
}

function Checkout({ id, order }: { id: string; order: Order }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const now = useNow();
  const [isPaying, setPaying] = useState(false);
  const hold = order.hold ?? "";
  const promo = useQuery({ ...promoQuery(hold), enabled: wasPromoUsed(hold) });
  const room = roomOfEvent(order.event.id);
  const isOver = order.expires_at !== null && Date.parse(order.expires_at) <= now;

  if (order.isSettled && order.booking) {
    return (
      <EmptyState
        level={1}
        title={say("settled")}
        action={
          <Link {...to.booking(order.booking)} className={buttonClass("primary")}>
            {say("showBooking")}
          </Link>
        }
      />
    );
  }
  if (isOver && !isPaying) {
    return (
      <EmptyState
        level={1}
        title={say("timeUp")}
        action={
          <Link {...to.session(order.session.id)} className={buttonClass("primary", "large")}>
            {say("chooseAgain")}
          </Link>
        }
      >
        {say("timeUpText", { count: order.seats.length })}
      </EmptyState>
    );
  }

  const release = async () => {
    if (order.hold) await releaseHold(order.hold).catch((error: unknown) => toast("bad", asProblem(error).message));
    setBasket(null);
    client.removeQueries({ queryKey: ["order", id] });
    await navigate(to.session(order.session.id));
  };
  return (
    <div className="grid items-start gap-8 md:grid-cols-[1fr_22rem] lg:grid-cols-[1fr_26rem]">
      <div className="grid gap-6 md:order-2 md:sticky md:top-21">
        {room !== null && <StayLonger room={room} />}
        <TimeLeft order={order} onChange={(next) => client.setQueryData(orderQuery(id).queryKey, next)} />
        <OrderSummary order={order} promo={promo.data ?? null} />
        {order.hold !== null && order.booking === null && !isPaying && (
          <PromoCode id={id} hold={order.hold} currency={order.currency} />
        )}
        {order.booking === null && (
          <Button look="plain" size="small" onClick={() => void release()} className="justify-self-start text-soft!">
            {say("giveBack")}
          </Button>
        )}
      </div>
      <PaymentForm id={id} order={order} onBusy={setPaying} />
    </div>
  );
}

function CheckoutSkeleton() {
  return (
    <Loading what={say("theOrder")} className="grid gap-8 md:grid-cols-[1fr_22rem] lg:grid-cols-[1fr_26rem]">
      <Skeleton className="h-80" />
      <Skeleton className="h-64" />
    </Loading>
  );
}
