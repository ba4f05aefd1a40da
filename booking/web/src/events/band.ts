/** How the poster band is built, for the page itself and for the head that stands there before the page's scripts run. */
export const band = {
  /** The whole width, in the poster's ground colour. */
  ground: "relative overflow-hidden [&_.badge]:bg-paper [&_.badge]:text-ink",
  art: "w-full md:absolute md:inset-y-0 md:end-0 md:h-full md:w-[48%] md:[clip-path:polygon(14%_0,100%_0,100%_100%,0_100%)] md:rtl:[clip-path:polygon(0_0,86%_0,100%_100%,0_100%)]",
  page: "page relative",
  words: "md:w-[54%]",
  name: "poster text-4xl break-words",
} as const;

/** Heights and distances of the band on the page of an event, and of the larger one at home. */
export const bandSizes = {
  event: {
    art: "h-44 sm:h-60",
    words: "flex flex-col items-start justify-end gap-4 py-7 md:min-h-[22rem] md:py-12 md:pe-10",
  },
  home: {
    art: "h-56 sm:h-72",
    words: "flex flex-col items-start justify-center gap-5 py-9 md:min-h-[32rem] md:py-16 md:pe-10",
  },
} as const;

/** The colours of words on a poster's ground. */
export const bandColours = ({ ground, dark }: { ground: string; dark: boolean }) => ({
  backgroundColor: ground,
  color: dark ? "#ffffff" : "#17131f",
});
