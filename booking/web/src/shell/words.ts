import { speak } from "../languages/speak";

/** The frame of every page. */
export const say = speak("shell", {
  skip: "Skip to the page",
  main: "Main",
  more: "More",
  home: "Home",
  events: "Events",
  calendar: "Calendar",
  tickets: "Tickets",
  myTickets: "My tickets",
  organise: "Organise",
  gate: "Gate",
  account: "Account",
  signIn: "Sign in",
  light: "Use the light theme",
  dark: "Use the dark theme",
  language: "Language",
  tagline: "One fair line. Real seats. Your ticket in seconds.",
  allEvents: "All events",
  forOrganisers: "For organisers",
  thePage: "the page",
  notFound: "Page not found",
  nowhere: "This line leads nowhere",
  nowhereText: "The page may have moved, or the address has a typo.",
  seeEvents: "See all events",
  offline: "No connection. What you see may be out of date.",
});
