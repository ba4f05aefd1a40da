import { useSyncExternalStore } from "react";
import { Desk, type DeskState } from "./desk";

/** The gate of this page. */
export const desk = new Desk();

export const useDesk = (): DeskState => useSyncExternalStore(desk.subscribe, desk.get);
