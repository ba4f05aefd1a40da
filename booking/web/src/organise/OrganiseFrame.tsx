import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { to } from "../paths";
import { buttonClass } from "../ui/Button";
import { EmptyState } from "../ui/states";
import { isAdmin, isOrganiser, useAccount } from "../users/session";

const tab =
  "border-b-3 border-transparent px-1 py-3 font-semibold whitespace-nowrap text-soft hover:text-ink " +
  "aria-[current=page]:border-flare aria-[current=page]:text-ink";

/** The organiser's pages share one row of tabs and one check of who may see them. */
export function OrganiseFrame() {
  const { user } = useAccount();
  const tabs = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  // On a phone the tabs are wider than the screen: the one in use is brought into sight.
  useEffect(() => {
    const show = () => {
      const inUse = tabs.current?.querySelector<HTMLElement>("[aria-current=page]");
      if (!inUse || !tabs.current) return;
      const { offsetLeft, clientWidth } = tabs.current;
      tabs.current.scrollLeft = inUse.offsetLeft - offsetLeft - (clientWidth - inUse.offsetWidth) / 2;
    };
    show();
    // Before the page's own letters have come the tabs are wider.
    void document.fonts.ready.then(show);
  }, [path]);
  if (!isOrganiser(user)) {
    return (
      <div className="page py-10">
        <EmptyState
          level={1}
          title="These pages are for organisers"
          action={
            <Link {...to.home()} className={buttonClass("primary")}>
              Back to the shop
            </Link>
          }
        >
          Ask your administrator to make your account an organiser's.
        </EmptyState>
      </div>
    );
  }
  return (
    <div className="page py-6 sm:py-8">
      <nav ref={tabs} aria-label="Organise" className="mb-8 flex gap-6 overflow-x-auto border-b border-line">
        <Link {...to.organise()} activeOptions={{ exact: true }} className={tab}>
          Overview
        </Link>
        <Link {...to.myEvents()} className={tab} aria-current={path === to.newEvent().to ? "page" : undefined}>
          Events
        </Link>
        <Link {...to.venues()} className={tab}>
          Venues
        </Link>
        <Link {...to.rooms()} className={tab}>
          Waiting rooms
        </Link>
        <Link {...to.reports()} className={tab}>
          Reports
        </Link>
        <Link {...to.webhooks()} className={tab}>
          Webhooks
        </Link>
        {isAdmin(user) && (
          <>
            <Link {...to.people()} className={tab}>
              People
            </Link>
            <Link {...to.audit()} activeOptions={{ includeSearch: false }} className={tab}>
              Audit log
            </Link>
            <Link {...to.jobs()} activeOptions={{ includeSearch: false }} className={tab}>
              Jobs and mails
            </Link>
          </>
        )}
      </nav>
      <Outlet />
    </div>
  );
}
