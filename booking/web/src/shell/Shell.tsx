import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { to } from "../paths";
import { Icon, type IconName } from "../ui/Icon";
import { Toasts } from "../ui/Toast";
import { isGateStaff, isOrganiser, useAccount } from "../users/session";
import { LanguageSelect } from "./LanguageSelect";
import { Logo } from "./Logo";
import { OfflineBar } from "./OfflineBar";
import { toggleTheme, useTheme } from "./theme";
import { say } from "./words";

/** Pages where the fan is in the middle of something; the tab bar makes room for their own bar. */
const focused = /^\/(sessions|checkout|gate)\b/;

/** The frame of every page: header, the page, tab bar on phones, footer, toasts. */
export function Shell() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const isFocused = focused.test(path);
  // The gate is an app of its own, in a hand, at arm's length: it has its own bar.
  const isGate = path === "/gate";
  // Who runs a sale works in English; only fans are spoken to in their own language.
  const staff = isGate || path.startsWith("/organise") ? ({ lang: "en", dir: "ltr" } as const) : {};
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:start-3 focus:top-3 focus:z-50 focus:rounded-md focus:bg-ink focus:px-4 focus:py-3 focus:text-paper"
      >
        {say("skip")}
      </a>
      <ProgressLine />
      {!isGate && <Header />}
      {!isGate && <OfflineBar />}
      <main
        id="main"
        tabIndex={-1}
        {...staff}
        className={`outline-none focus-visible:shadow-none ${isFocused ? "" : "min-h-[calc(100dvh-3.8rem)]"}`}
      >
        <Outlet />
      </main>
      {!isFocused && <Footer />}
      {!isFocused && <TabBar />}
      <Toasts />
      <PageFocus path={path} />
    </>
  );
}

/** Moves the focus to the new page, as a page load would, so that screen readers start at its beginning. */
function PageFocus({ path }: { path: string }) {
  const previous = useRef(path);
  useEffect(() => {
    if (previous.current === path) return;
    previous.current = path;
    document.getElementById("main")?.focus({ preventScroll: true });
  }, [path]);
  return null;
}

/** A line that runs across the top while the next page loads. */
function ProgressLine() {
  const isLoading = useRouterState({
    select: (state) => state.status === "pending",
  });
  return (
    <div
      aria-hidden="true"
      className={`fixed inset-x-0 top-0 z-50 h-1 origin-left bg-flare transition-transform duration-700 ease-line rtl:origin-right ${
        isLoading ? "scale-x-90" : "scale-x-0"
      }`}
    />
  );
}

const navLink =
  "relative rounded-md px-3 py-2 text-sm font-semibold hover:bg-sunk " +
  "aria-[current=page]:after:absolute aria-[current=page]:after:inset-x-3 aria-[current=page]:after:bottom-0.5 " +
  "aria-[current=page]:after:h-[3px] aria-[current=page]:after:rounded-full aria-[current=page]:after:bg-flare";

function Header() {
  const { user } = useAccount();
  const theme = useTheme();
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-paper">
      <div className="page flex h-15 items-center gap-2">
        <Link {...to.home()} className="-mx-2 me-auto flex min-h-11 items-center rounded-md px-2 sm:me-5">
          <Logo />
        </Link>
        <nav aria-label={say("main")} className="me-auto hidden gap-1 sm:flex">
          <Link {...to.events()} activeOptions={{ includeSearch: false }} className={navLink}>
            {say("events")}
          </Link>
          <Link {...to.bookings()} className={navLink}>
            {say("myTickets")}
          </Link>
          {isOrganiser(user) && (
            <Link {...to.organise()} className={navLink}>
              {say("organise")}
            </Link>
          )}
          {isGateStaff(user) && (
            <Link {...to.gate()} className={navLink}>
              {say("gate")}
            </Link>
          )}
        </nav>
        <LanguageSelect />
        <button
          type="button"
          onClick={toggleTheme}
          className="grid size-11 place-items-center rounded-md hover:bg-sunk"
          aria-label={theme === "dark" ? say("light") : say("dark")}
        >
          <Icon name={theme === "dark" ? "sun" : "moon"} />
        </button>
        <AccountLink />
      </div>
    </header>
  );
}

function AccountLink() {
  const { status, user } = useAccount();
  const path = useRouterState({ select: (state) => state.location.href });
  const look = "flex min-h-11 items-center gap-2 rounded-md px-3 text-sm font-semibold hover:bg-sunk max-sm:hidden";
  if (status === "unknown") return <span className="size-11" />;
  if (user === null) {
    return (
      <Link {...to.login(/^\/(login|register)/.test(path) ? undefined : path)} className={look}>
        {say("signIn")}
      </Link>
    );
  }
  return (
    <Link {...to.account()} className={look}>
      <Icon name="person" />
      <span className="max-w-36 truncate">{user.name.split(" ")[0]}</span>
    </Link>
  );
}

function TabBar() {
  const { user } = useAccount();
  return (
    <nav
      aria-label={say("main")}
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-card pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      <div className="mx-auto flex max-w-md">
        <Tab icon="home" text={say("home")} link={to.home()} exact />
        <Tab icon="search" text={say("events")} link={to.events()} />
        <Tab icon="ticket" text={say("tickets")} link={to.bookings()} />
        {isOrganiser(user) && <Tab icon="chart" text={say("organise")} link={to.organise()} />}
        {user === null ? (
          <Tab icon="person" text={say("signIn")} link={to.login()} />
        ) : (
          <Tab icon="person" text={say("account")} link={to.account()} />
        )}
      </div>
    </nav>
  );
}

interface TabProps {
  icon: IconName;
  text: string;
  link: ReturnType<(typeof to)["home" | "events" | "bookings" | "organise" | "login" | "account"]>;
  exact?: boolean;
}

function Tab({ icon, text, link, exact = false }: TabProps): ReactNode {
  return (
    <Link
      {...link}
      activeOptions={{ exact, includeSearch: false }}
      className="caption flex min-h-15 flex-1 flex-col items-center justify-center gap-1 border-t-3 border-transparent text-soft aria-[current=page]:border-flare aria-[current=page]:text-ink"
    >
      <Icon name={icon} className="text-lg" />
      {text}
    </Link>
  );
}

function Footer() {
  return (
    <footer className="mt-16 border-t border-line max-sm:pb-20">
      <div className="page flex flex-wrap items-center justify-between gap-x-8 gap-y-3 py-8 text-sm text-soft">
        <p>{say("tagline")}</p>
        <nav aria-label={say("more")} className="flex flex-wrap gap-x-5">
          <Link {...to.events()} className="py-2 hover:text-ink hover:underline">
            {say("allEvents")}
          </Link>
          <Link {...to.organise()} className="py-2 hover:text-ink hover:underline">
            {say("forOrganisers")}
          </Link>
          <Link {...to.gate()} className="py-2 hover:text-ink hover:underline">
            {say("gate")}
          </Link>
        </nav>
      </div>
    </footer>
  );
}
