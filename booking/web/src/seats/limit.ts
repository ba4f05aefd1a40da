/** Without a lower limit by the organiser, one hold takes at most this many. */
const mostInHold = 10;

/** How many tickets one person may take at once, by the event's own limit. */
export const mostOf = (perPerson: number | null | undefined): number => Math.min(perPerson ?? mostInHold, mostInHold);
