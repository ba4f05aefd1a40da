import { QueryClient } from "@tanstack/react-query";
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type ParsedLocation,
  redirect,
} from "@tanstack/react-router";
import { asProblem } from "./api/problem";
import { hasOpenDoor } from "./checkin/flag";
import { eventQuery, eventsQuery, sessionQuery, upcomingQuery } from "./events/api";
import { readEventSearch } from "./events/search";
import { readJobSearch } from "./organise/admin/search";
import { to } from "./paths";
import { keptTicket } from "./tickets/kept";
import { NotFoundPage, RouteError, RoutePending } from "./shell/RouteStates";
import { Shell } from "./shell/Shell";
import { settle, wasSignedIn } from "./users/session";

/** Reads are repeated once when the network fails; a refusal by the server is final. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < 2 && [0, 502, 503, 504].includes(asProblem(error).status),
      refetchOnWindowFocus: true,
    },
  },
});

/** Pages of an account: without one, sign in first and come back. */
async function needsAccount({ location }: { location: ParsedLocation }): Promise<void> {
  const account = await settle();
  if (account.status !== "signed-in") throw redirect({ ...to.login(location.href), replace: true });
}

/** A device with an open door goes on without a network, when nobody can say who is signed in. */
const needsAccountOrDoor = (context: { location: ParsedLocation }): Promise<void> =>
  hasOpenDoor() ? Promise.resolve() : needsAccount(context);

/** A ticket that is kept on this device shows at a door without a network, as long as its account was not signed out. */
const needsAccountOrKept = ({
  location,
  params,
}: {
  location: ParsedLocation;
  params: { code: string };
}): Promise<void> =>
  !navigator.onLine && wasSignedIn() && keptTicket(params.code) !== null
    ? Promise.resolve()
    : needsAccount({ location });

const asText = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
/** Only addresses of this shop may be returned to after signing in. */
const asLocal = (value: unknown) => (typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined);
const nextSearch = (search: Record<string, unknown>): { next?: string } => ({
  next: asLocal(search["next"]),
});
const tokenSearch = (search: Record<string, unknown>): { token?: string } => ({
  token: asText(search["token"]),
});

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFoundPage,
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  loader: () => void queries.prefetchQuery(upcomingQuery()),
  component: lazyRouteComponent(() => import("./events/HomePage"), "HomePage"),
});

const events = createRoute({
  getParentRoute: () => root,
  path: "/events",
  validateSearch: readEventSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void queries.prefetchInfiniteQuery(eventsQuery(deps)),
  component: lazyRouteComponent(() => import("./events/EventsPage"), "EventsPage"),
});

const event = createRoute({
  getParentRoute: () => root,
  path: "/events/$eventId",
  loader: ({ params }) => void queries.prefetchQuery(eventQuery(Number(params.eventId))),
  component: lazyRouteComponent(() => import("./events/EventPage"), "EventPage"),
});

const session = createRoute({
  getParentRoute: () => root,
  path: "/sessions/$sessionId",
  loader: ({ params }) => void queries.prefetchQuery(sessionQuery(Number(params.sessionId))),
  component: lazyRouteComponent(() => import("./seats/SessionPage"), "SessionPage"),
});

const line = createRoute({
  getParentRoute: () => root,
  path: "/line/$room",
  beforeLoad: needsAccount,
  component: lazyRouteComponent(() => import("./admission/LinePage"), "LinePage"),
});

const checkout = createRoute({
  getParentRoute: () => root,
  path: "/checkout/$id",
  beforeLoad: needsAccount,
  component: lazyRouteComponent(() => import("./payments/CheckoutPage"), "CheckoutPage"),
});

const bookings = createRoute({
  getParentRoute: () => root,
  path: "/bookings",
  beforeLoad: needsAccount,
  component: lazyRouteComponent(() => import("./bookings/BookingsPage"), "BookingsPage"),
});

const booking = createRoute({
  getParentRoute: () => root,
  path: "/bookings/$bookingId",
  validateSearch: (search: Record<string, unknown>): { fresh?: boolean } => ({
    fresh: search["fresh"] === true ? true : undefined,
  }),
  beforeLoad: needsAccount,
  component: lazyRouteComponent(() => import("./bookings/BookingPage"), "BookingPage"),
});

const ticket = createRoute({
  getParentRoute: () => root,
  path: "/tickets/$code",
  beforeLoad: needsAccountOrKept,
  component: lazyRouteComponent(() => import("./tickets/TicketPage"), "TicketPage"),
});

const transfer = createRoute({
  getParentRoute: () => root,
  path: "/transfers/$transferId",
  validateSearch: tokenSearch,
  component: lazyRouteComponent(() => import("./tickets/TransferPage"), "TransferPage"),
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): { next?: string; oidc?: string; return_to?: string } => ({
    ...nextSearch(search),
    oidc: asText(search["oidc"]),
    return_to: asLocal(search["return_to"]),
  }),
  component: lazyRouteComponent(() => import("./users/LoginPage"), "LoginPage"),
});

const register = createRoute({
  getParentRoute: () => root,
  path: "/register",
  validateSearch: nextSearch,
  component: lazyRouteComponent(() => import("./users/RegisterPage"), "RegisterPage"),
});

const guest = createRoute({
  getParentRoute: () => root,
  path: "/guest",
  validateSearch: nextSearch,
  component: lazyRouteComponent(() => import("./users/GuestPage"), "GuestPage"),
});

const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: "/verify-email",
  validateSearch: tokenSearch,
  component: lazyRouteComponent(() => import("./users/VerifyEmailPage"), "VerifyEmailPage"),
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("./users/PasswordPages"), "ForgotPasswordPage"),
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  validateSearch: tokenSearch,
  component: lazyRouteComponent(() => import("./users/PasswordPages"), "ResetPasswordPage"),
});

const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  beforeLoad: needsAccount,
  component: lazyRouteComponent(() => import("./users/AccountPage"), "AccountPage"),
});

const organise = createRoute({
  getParentRoute: () => root,
  path: "/organise",
  beforeLoad: needsAccount,
  component: lazyRouteComponent(() => import("./organise/OrganiseFrame"), "OrganiseFrame"),
});

const organiseHome = createRoute({
  getParentRoute: () => organise,
  path: "/",
  component: lazyRouteComponent(() => import("./organise/overview/OverviewPage"), "OverviewPage"),
});

const myEvents = createRoute({
  getParentRoute: () => organise,
  path: "/events",
  component: lazyRouteComponent(() => import("./organise/MyEventsPage"), "MyEventsPage"),
});

const newEvent = createRoute({
  getParentRoute: () => organise,
  path: "/new",
  component: lazyRouteComponent(() => import("./organise/wizard/NewEventPage"), "NewEventPage"),
});

const organiseEvent = createRoute({
  getParentRoute: () => organise,
  path: "/events/$eventId",
  component: lazyRouteComponent(() => import("./organise/event/EventConsolePage"), "EventConsolePage"),
});

const editEvent = createRoute({
  getParentRoute: () => organise,
  path: "/events/$eventId/edit",
  component: lazyRouteComponent(() => import("./organise/event/EditEventPage"), "EditEventPage"),
});

const venues = createRoute({
  getParentRoute: () => organise,
  path: "/venues",
  component: lazyRouteComponent(() => import("./organise/venues/VenuesPage"), "VenuesPage"),
});

const seatPlan = createRoute({
  getParentRoute: () => organise,
  path: "/venues/$venueId/plan",
  validateSearch: (search: Record<string, unknown>): { layout?: number } => ({
    layout: Number.isInteger(search["layout"]) ? Number(search["layout"]) : undefined,
  }),
  component: lazyRouteComponent(() => import("./organise/venues/PlanPage"), "PlanPage"),
});

const planImport = createRoute({
  getParentRoute: () => organise,
  path: "/venues/$venueId/import",
  component: lazyRouteComponent(() => import("./organise/venues/ImportPage"), "ImportPage"),
});

const reports = createRoute({
  getParentRoute: () => organise,
  path: "/reports",
  component: lazyRouteComponent(() => import("./organise/reports/ReportsPage"), "ReportsPage"),
});

const webhooks = createRoute({
  getParentRoute: () => organise,
  path: "/webhooks",
  component: lazyRouteComponent(() => import("./organise/webhooks/WebhooksPage"), "WebhooksPage"),
});

const people = createRoute({
  getParentRoute: () => organise,
  path: "/people",
  component: lazyRouteComponent(() => import("./organise/admin/PeoplePage"), "PeoplePage"),
});

const audit = createRoute({
  getParentRoute: () => organise,
  path: "/audit",
  validateSearch: (search: Record<string, unknown>): { subject?: string } => ({ subject: asText(search["subject"]) }),
  component: lazyRouteComponent(() => import("./organise/admin/AuditPage"), "AuditPage"),
});

const jobs = createRoute({
  getParentRoute: () => organise,
  path: "/jobs",
  validateSearch: readJobSearch,
  component: lazyRouteComponent(() => import("./organise/admin/JobsPage"), "JobsPage"),
});

const rooms = createRoute({
  getParentRoute: () => organise,
  path: "/rooms",
  component: lazyRouteComponent(() => import("./organise/rooms/RoomsPage"), "RoomsPage"),
});

const newRoom = createRoute({
  getParentRoute: () => organise,
  path: "/rooms/new",
  component: lazyRouteComponent(() => import("./organise/rooms/NewRoomPage"), "NewRoomPage"),
});

const room = createRoute({
  getParentRoute: () => organise,
  path: "/rooms/$room",
  component: lazyRouteComponent(() => import("./organise/rooms/RoomPage"), "RoomPage"),
});

const gate = createRoute({
  getParentRoute: () => root,
  path: "/gate",
  beforeLoad: needsAccountOrDoor,
  component: lazyRouteComponent(() => import("./checkin/GatePage"), "GatePage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    events,
    event,
    session,
    line,
    checkout,
    bookings,
    booking,
    ticket,
    transfer,
    login,
    register,
    guest,
    verifyEmail,
    forgotPassword,
    resetPassword,
    account,
    organise.addChildren([
      organiseHome,
      myEvents,
      newEvent,
      organiseEvent,
      editEvent,
      venues,
      seatPlan,
      planImport,
      reports,
      webhooks,
      people,
      audit,
      jobs,
      rooms,
      newRoom,
      room,
    ]),
    gate,
  ]),
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultPendingComponent: RoutePending,
  defaultErrorComponent: RouteError,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
