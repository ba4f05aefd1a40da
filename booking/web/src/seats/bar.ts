/** How the bar above the seats is built, for the page itself and for the head that stands there before its scripts run. */
export const sessionBar = {
  whole: "border-b border-line bg-card",
  line: "flex items-center gap-3 px-3 py-2.5 sm:px-5",
  words: "min-w-0 flex-1",
  name: "poster truncate text-xl leading-tight",
} as const;
