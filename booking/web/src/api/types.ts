import type { components } from "./schema";

/**
 * The shapes the pages rely on, under the words of the product. They come from the API's own description
 * (`npm run generate`); written by hand is only what the server renders without a schema.
 * Instants are RFC 3339 in UTC, money is integer minor units beside an ISO 4217 currency.
 */
type Schemas = components["schemas"];

export type User = Schemas["Profile"];
export type TotpSecret = Schemas["TotpSecret"];
export type SignedIn = Schemas["SignedIn"];
export type PhoneStatus = Schemas["PhoneStatus"];
export type PhoneLanguage = Schemas["Language"];

export type EventCard = Schemas["EventCard"];
export type EventStatus = EventCard["status"];
export type EventDetail = Omit<Schemas["EventDetail"], "sessions"> & { sessions: Session[] };
export type CalendarDay = Schemas["CalendarDay"];
export type CalendarEntry = Schemas["CalendarSession"];
export type Session = Omit<Schemas["SessionDetail"], "ticket_types"> & { ticket_types: TicketType[] };
export type SessionDetail = Omit<Schemas["SessionPage"], "ticket_types"> & { ticket_types: TicketType[] };
export type TicketType = Schemas["TicketTypeDetail"];
/** A ticket type as its organiser lists it, with the session it is of. */
export type OwnTicketType = Schemas["OwnTicketType"];
export type Venue = Schemas["Venue"];
export type LayoutPlan = Schemas["SavedPlan"];
export type NewEvent = Schemas["NewEvent"];
export type NewSession = Schemas["NewSession"];
export type NewTicketType = Schemas["NewTicketType"];
export type TicketTypeChange = Schemas["TicketTypeChange"];
export type Charges = Schemas["Charges"];
export type NewCharges = Schemas["NewCharges"];
export type Postponement = Schemas["Postponement"];

export type EventBrief = Pick<Schemas["EventBrief"], "id" | "name"> &
  Partial<Pick<Schemas["EventBrief"], "image" | "venue" | "category">>;
export type SessionBrief = Schemas["SessionBrief"];
/** What an all-in sum is made of. */
export type PriceParts = Schemas["Sums"];

export type HeldSeat = Schemas["HeldSeat"];
export type Hold = Schemas["HoldDocument"];
export type AppliedPromo = Schemas["AppliedPromo"];
export type Discounted = Schemas["Discounted"];
export type PromoCodeReport = Schemas["PromoCodeReport"];
export type NewPromoCode = Schemas["NewPromoCode"];
export type HoldRequest = Schemas["NewHold"];

export type Booking = Schemas["BookingDocument"];
export type BookingStatus = Booking["status"];
export type BookingTicket = Schemas["TicketCard"];
export type BookingChange = Schemas["BookingChange"];
export type RefundQuote = Schemas["Quote"];

export type Ticket = Schemas["TicketDocument"];
export type TicketStatus = Schemas["TicketStatus"];
export type RsvpAnswer = Schemas["Intent"];
export type Rsvp = Schemas["Rsvp"];
export type Feedback = Schemas["Feedback"];
export type WaitingEntry = Schemas["WaitingListEntry"];
export type OfferedTicket = Schemas["Offered"];
export type Admitted = Schemas["Admitted"];
export type Door = Schemas["Door"];
export type DoorCounts = Schemas["Counts"];
export type ListedTicket = Schemas["ListedTicket"];
export type TakenAlong = Schemas["Offline"];
export type Settled = Schemas["Settled"];

export type Attendee = Schemas["Attendee"];
export type TakenBack = Schemas["TakenBack"];
export type EventStats = Schemas["EventStats"];
export type SalesReport = Schemas["SalesReport"];
export type SalesReportRow = Schemas["SalesReportRow"];
export type EventRsvps = Schemas["EventRsvps"];
export type FeedbackReport = Schemas["FeedbackReport"];
export type WaitingListDemand = Schemas["WaitingListDemand"];
export type Dashboard = Schemas["Dashboard"];
export type AuditEntry = Schemas["AuditEntry"];
export type Job = Schemas["JobDocument"];
export type EventChange = Schemas["EventChange"];
export type Layout = Schemas["Layout"];
export type SectionSpec = Schemas["SectionSpec"];
export type ImportReport = Schemas["ImportReport"];
export type Mapping = Schemas["Mapping"];
export type PretixPlan = Schemas["Document"];

export type Endpoint = Schemas["Endpoint"];
export type NewWebhook = Schemas["NewWebhook"];
export type WebhookChange = Schemas["WebhookChange"];
export type Delivery = Schemas["Delivery"];
export type DeliveryDetail = Schemas["DeliveryDocument"];

/** Where somebody sits, or (without a label) stands. */
export interface SeatPlace {
  label?: string | null;
  section?: string | null;
  row?: string | null;
}

/** The answer to a payment: made, or still being confirmed by the bank. */
export interface PaymentResult {
  success: boolean;
  booking: Booking;
}

export interface MapSection {
  id: number;
  name: string;
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface SeatTicketType {
  id: number;
  name: string;
  price_minor: number;
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
    stage?: Omit<MapSection, "id" | "name"> | null;
    /** The drawing behind the seats, and what it covers. */
    background?: (Omit<MapSection, "id" | "name"> & { url: string }) | null;
  };
  ticket_types: SeatTicketType[];
  seats: SeatColumns;
}

export interface SeatDelta {
  version: number;
  changes: [seat: number, state: string][];
  remaining?: Record<string, number>;
}
