import { useEffect } from "react";
import { useTitle } from "../shell/title";
import { Button, buttonClass } from "../ui/Button";
import { EmptyState, Loading, Skeleton } from "../ui/states";
import { isGateStaff, useAccount } from "../users/session";
import { GateDesk } from "./GateDesk";
import { GateSetup } from "./GateSetup";
import { installGate } from "./install";
import { desk, useDesk } from "./useDesk";

/** Check-in at the door. Whether somebody may work here is the server's to say; without it, an open door stays open. */
export function GatePage() {
  useTitle("Gate");
  const { user } = useAccount();
  const { phase } = useDesk();

  useEffect(() => {
    installGate();
    desk.start();
    return () => desk.leave();
  }, []);

  if (user !== null && !isGateStaff(user)) {
    return (
      <Alone title="The gate is for staff" text="Ask the organiser to make your account a gate account.">
        <a href="/" className={buttonClass("primary")}>
          Back to the shop
        </a>
      </Alone>
    );
  }
  if (phase === "elsewhere") {
    return (
      <Alone
        title="The gate is open in another tab"
        text="Two tabs could let the same ticket in twice, so only one of them works."
      >
        <Button onClick={() => desk.start(true)}>Use it here</Button>
      </Alone>
    );
  }
  if (phase === "unable") {
    return (
      <Alone
        title="This browser keeps nothing for the gate"
        text="Entries made without a network must be stored until they are reported. Leave the private window, or free some space, and try again."
      >
        <Button
          onClick={() => {
            desk.leave();
            desk.start();
          }}
        >
          Try again
        </Button>
      </Alone>
    );
  }
  if (phase === "starting") {
    return (
      <Loading what="the gate" className="page grid gap-4 py-6">
        <Skeleton className="h-14" />
        <Skeleton className="h-[60dvh]" />
      </Loading>
    );
  }
  return phase === "setup" ? <GateSetup /> : <GateDesk />;
}

function Alone({ title, text, children }: { title: string; text: string; children: React.ReactNode }) {
  return (
    <div className="page py-10">
      <EmptyState level={1} title={title} action={children}>
        {text}
      </EmptyState>
    </div>
  );
}
