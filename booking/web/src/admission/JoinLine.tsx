import type { MouseEvent, ReactNode } from "react";
import { currentAccount } from "../users/session";
import { goToLine } from "./line";
import { queueAddress } from "./tokens";

/** The link to a room's line. Whoever is signed in brings the account along where the room asks for it. */
export function JoinLine(props: { room: string; className: string; children: ReactNode }) {
  const { room, className, children } = props;
  const go = (click: MouseEvent) => {
    const opensElsewhere = click.metaKey || click.ctrlKey || click.shiftKey;
    if (opensElsewhere || currentAccount().status !== "signed-in") return;
    click.preventDefault();
    void goToLine(room, (address) => window.location.assign(address));
  };
  return (
    <a href={queueAddress(room)} onClick={go} className={className}>
      {children}
    </a>
  );
}
