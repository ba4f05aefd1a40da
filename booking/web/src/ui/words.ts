import { speak } from "../languages/speak";

/** What the components themselves say, on every page. */
export const say = speak("ui", {
  loading: "Loading…",
  loadingWhat: "Loading {what}…",
  tryAgain: "Try again",
  reference: "Reference {id}",
  close: "Close",
  dismiss: "Dismiss",
  steps: "Steps",
  fewer: "One fewer",
  more: "One more",
  timeUp: "Time is up",
  underMinute: "Less than one minute left",
  underFive: "Less than five minutes left",
  days: "days",
  hours: "hours",
  minutes: "min",
  seconds: "sec",
  daysLeft: { one: "{count} day", other: "{count} days" },
  zone: "{city} time",
  free: "Free",
});
