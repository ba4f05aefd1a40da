/**
 * The shapes the pages rely on, named in the words of the product.
 * Instants are RFC 3339 in UTC, money is integer minor units beside an ISO 4217 currency.
 */

export type UserRole = "guest" | "organizer" | "admin" | "gate";

export interface User {
  id: string;
  name: string;
  email: string;
  user_type: UserRole;
  email_verified?: boolean;
  created_at?: string;
}

export interface SignedIn {
  token: string;
  refresh_token: string;
  expires_in: number;
  user: User;
}

export type EventStatus = "draft" | "published" | "cancelled";

export interface EventCard {
  id: number;
  name: string;
  description: string;
  venue: string;
  event_date: string;
  ticket_price: number;
  ticket_price_minor: number;
  currency: string;
  remaining_tickets: number;
  total_tickets: number;
  status: EventStatus;
  category: string | null;
  room: string | null;
  image: string | null;
  sales_open_at: string | null;
  sales_close_at: string | null;
  sessions_count: number;
  time_zone?: string;
}

export interface TicketType {
  id: number;
  name: string;
  price: number;
  price_minor: number;
  remaining: number;
  total: number;
  colour: string | null;
  seated: boolean;
  premium: boolean;
}

export interface Session {
  id: number;
  starts_at: string;
  ends_at: string | null;
  doors_at: string | null;
  time_zone: string;
  room_name: string | null;
  seated: boolean;
  remaining_tickets: number;
  total_tickets: number;
  ticket_types: TicketType[];
}

export interface Venue {
  id: number;
  name: string;
  address: string | null;
  time_zone: string;
  layouts?: Layout[];
}

export interface Layout {
  id: number;
  name: string;
  version: number;
  seats: number;
}

export interface RefundPolicy {
  full_until_h: number | null;
  half_until_h: number | null;
  text: string | null;
}

export interface EventDetail extends EventCard {
  venue_details: Venue | null;
  organiser: string | null;
  per_person_limit: number | null;
  refund_policy: RefundPolicy | null;
  sessions: Session[];
}

/** A session with enough of its event to sell from. */
export interface SessionDetail extends Session {
  event: Pick<
    EventCard,
    "id" | "name" | "category" | "image" | "room" | "status" | "sales_open_at" | "sales_close_at" | "currency" | "venue"
  > & { per_person_limit: number | null };
}

export interface MapSection {
  id: number;
  name: string;
  x: number;
  y: number;
  w: number;
  h: number;
  colour?: string | null;
}

export interface SeatTicketType {
  id: number;
  name: string;
  price_minor: number;
  colour: string | null;
  premium: boolean;
  seated?: boolean;
  remaining?: number;
}

/** All seats of a session as columns of equal length. `state` has one character a seat: free, held, sold, blocked. */
export interface SeatColumns {
  ids: number[];
  labels: string[];
  rows: string[];
  section: number[];
  x: number[];
  y: number[];
  ticket_type: number[];
  state: string;
}

export interface SeatSnapshot {
  version: number;
  layout: {
    width: number;
    height: number;
    sections: MapSection[];
    stage?: Omit<MapSection, "id" | "name" | "colour"> | null;
  };
  ticket_types: SeatTicketType[];
  seats: SeatColumns;
}

export interface SeatDelta {
  version: number;
  changes: [seat: number, state: string][];
  remaining?: Record<string, number>;
}

export interface HeldSeat {
  id: number;
  label: string | null;
  section: string | null;
  row: string | null;
  price_minor: number;
  ticket_type: string | number | null;
}

export interface EventBrief {
  id: number;
  name: string;
  image?: string | null;
  venue?: string | null;
  category?: string | null;
}

export interface SessionBrief {
  id: number;
  starts_at: string;
  time_zone: string;
}

export interface Hold {
  id: string;
  session: number | SessionBrief;
  event?: EventBrief | null;
  expires_at: string;
  seats: HeldSeat[];
  total_minor: number;
  currency: string;
  extendable: boolean;
  booking_id?: string | null;
}

export type HoldRequest = { seats: number[] } | { ticket_type?: number; quantity: number; best_available: true };

export type BookingStatus = "pending" | "confirmed" | "completed" | "expired" | "cancelled" | "refunded";

export interface BookingTicket {
  code: string;
  ticket_code: string;
  status?: TicketStatus;
  seat: SeatPlace | null;
  pdf_url: string;
}

export interface SeatPlace {
  label: string | null;
  section: string | null;
  row: string | null;
}

export interface PaymentReceipt {
  transactionId: string;
  amount: number;
  currency: string;
}

export interface Booking {
  id: string;
  reference: string;
  status: BookingStatus;
  event: EventBrief;
  session: SessionBrief;
  seats: HeldSeat[];
  total_minor: number;
  currency: string;
  tickets: BookingTicket[];
  payment: PaymentReceipt | null;
  hold_expires_at: string | null;
  created_at: string;
  refund_minor: number | null;
}

export interface PaymentResult {
  success: boolean;
  booking: Booking;
  payment: PaymentReceipt;
}

export interface RefundQuote {
  refundable: boolean;
  refund_minor: number;
  currency: string;
  reason: string | null;
}

export type TicketStatus = "valid" | "used" | "cancelled" | "transferred";

/** A ticket somebody offers, as whoever has the link sees it. */
export interface OfferedTicket {
  event: string;
  venue: string;
  starts_at: string;
  time_zone: string;
  place: string;
  from: string;
  expires_at: string;
}

export interface Ticket {
  code: string;
  ticket_code: string;
  status: TicketStatus;
  event: EventBrief;
  session: SessionBrief;
  seat: SeatPlace | null;
  holder_name: string | null;
  ticket_type?: string;
  /** Null when the ticket is dead. */
  qr_svg: string | null;
  pdf_url: string;
  ics_url: string;
  booking_id: string;
}

export interface CheckinAdmitted {
  result: "admitted";
  ticket: Ticket;
}

/** A seating plan as far as an event needs it: the sections that ticket types sell. */
export interface LayoutPlan {
  sections: { name: string; standing: boolean; rows: { seats: unknown[] }[] }[];
}

export interface NewSession {
  /** The venue's local time, without an offset. */
  starts_at: string;
  layout_id?: number;
  ticket_types: {
    name: string;
    price_minor: number;
    quantity?: number;
    sections?: string[];
    premium?: boolean;
  }[];
}

export interface NewEvent {
  name: string;
  description: string;
  /** A venue that exists, or the name and zone of one to be made. */
  venue_id?: number;
  venue?: string;
  time_zone?: string;
  category: string;
  per_person_limit?: number;
  sales_open_at?: string;
  room?: string;
  status: "draft";
  sessions: NewSession[];
}

export interface Attendee {
  booking_id: string;
  reference: string;
  holder_name: string;
  email: string;
  seats: string[];
  tickets: number;
  status: BookingStatus;
  checked_in: number;
  created_at: string;
}

export interface EventStats {
  sold: number;
  held: number;
  free: number;
  capacity: number;
  occupancy: number;
  revenue_minor: number;
  currency: string;
  bookings: number;
  cancelled: number;
  cancellation_rate: number;
  checked_in: number;
  sales: { at: string; tickets: number; revenue_minor: number }[];
}

export type RoomState = "scheduled" | "lobby" | "open" | "paused" | "draining" | "closed" | "bypass";

/** A waiting room as its operators see it. */
export interface Room {
  id: string;
  name: string;
  event: string | number | null;
  state: RoomState;
  opens_at: string | null;
  closes_at: string | null;
  rate_per_minute: number;
  cap: number;
  claim_window_s: number;
  session_length_s: number;
  message: string | null;
  waiting: number;
  serving: number;
  admitted: number;
  booking_url: string;
}
