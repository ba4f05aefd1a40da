import { speak } from "../languages/speak";

/** What is said when the server did not answer, or said nothing we could show. */
export const say = speak("api", {
  offline: "No connection",
  offlineText: "We can't reach Rushline. Check your connection and try again.",
  unexpected: "Something went wrong",
  unexpectedText: "Reload the page and try again.",
  signIn: "Please sign in",
  notYours: "This isn't yours to open",
  notFound: "We couldn't find that",
  tooMany: "Too many tries",
  trouble: "Our side is having trouble",
  refused: "That didn't work",
});
