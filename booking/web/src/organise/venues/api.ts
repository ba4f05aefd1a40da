import { request } from "../../api/client";
import type { Layout, SectionSpec, Venue } from "../../api/types";

export interface VenueFacts {
  name: string;
  address: string;
  time_zone: string;
}

export const createVenue = (venue: VenueFacts): Promise<Venue> => request("POST", "/api/v1/venues", { body: venue });

/** Saves a seating plan; one of the same name becomes its next version. */
export const createLayout = (venue: number, name: string, sections: SectionSpec[]): Promise<Layout> =>
  request("POST", "/api/v1/venues/{id}/layouts", { path: { id: venue }, body: { name, sections } });
