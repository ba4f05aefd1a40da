/** Every link of the shop is built here; the shapes match the routes in `routes.tsx`, and the type checker holds them to it. */
export const to = {
  home: () => ({ to: "/" }) as const,
  events: (search: EventsSearch = {}) => ({ to: "/events", search }) as const,
  event: (id: number) => ({ to: "/events/$eventId", params: { eventId: String(id) } }) as const,
  session: (id: number) =>
    ({
      to: "/sessions/$sessionId",
      params: { sessionId: String(id) },
    }) as const,
  checkout: (id: string) => ({ to: "/checkout/$id", params: { id } }) as const,
  bookings: () => ({ to: "/bookings" }) as const,
  booking: (id: string, fresh = false) =>
    ({
      to: "/bookings/$bookingId",
      params: { bookingId: id },
      search: fresh ? { fresh: true } : {},
    }) as const,
  ticket: (code: string) => ({ to: "/tickets/$code", params: { code } }) as const,
  login: (next?: string) => ({ to: "/login", search: next ? { next } : {} }) as const,
  register: (next?: string) => ({ to: "/register", search: next ? { next } : {} }) as const,
  guest: (next?: string) => ({ to: "/guest", search: next ? { next } : {} }) as const,
  forgotPassword: () => ({ to: "/forgot-password" }) as const,
  account: () => ({ to: "/account" }) as const,
  organise: () => ({ to: "/organise" }) as const,
  myEvents: () => ({ to: "/organise/events" }) as const,
  newEvent: () => ({ to: "/organise/new" }) as const,
  organiseEvent: (id: number) =>
    ({
      to: "/organise/events/$eventId",
      params: { eventId: String(id) },
    }) as const,
  editEvent: (id: number) =>
    ({
      to: "/organise/events/$eventId/edit",
      params: { eventId: String(id) },
    }) as const,
  venues: () => ({ to: "/organise/venues" }) as const,
  seatPlan: (venue: number, layout?: number) =>
    ({
      to: "/organise/venues/$venueId/plan",
      params: { venueId: String(venue) },
      search: layout === undefined ? {} : { layout },
    }) as const,
  planImport: (venue: number) =>
    ({ to: "/organise/venues/$venueId/import", params: { venueId: String(venue) } }) as const,
  reports: () => ({ to: "/organise/reports" }) as const,
  webhooks: () => ({ to: "/organise/webhooks" }) as const,
  people: () => ({ to: "/organise/people" }) as const,
  audit: (subject?: string) => ({ to: "/organise/audit", search: subject ? { subject } : {} }) as const,
  jobs: (status?: JobStatus) => ({ to: "/organise/jobs", search: status ? { status } : {} }) as const,
  rooms: () => ({ to: "/organise/rooms" }) as const,
  newRoom: () => ({ to: "/organise/rooms/new" }) as const,
  room: (room: string) => ({ to: "/organise/rooms/$room", params: { room } }) as const,
  gate: () => ({ to: "/gate" }) as const,
};

type EventsSearch = import("./events/api").EventSearch;
type JobStatus = import("./organise/admin/search").JobStatus;
