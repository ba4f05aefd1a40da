import { speak } from "../languages/speak";

/** What those who were there thought of it. */
export const say = speak("feedback", {
  title: "How was it?",
  text: "The organiser sees your answer without your name.",
  rating: "Rating",
  stars: { one: "{count} star of 5", other: "{count} stars of 5" },
  more: "What was good, what wasn't? (optional)",
  send: "Send",
  change: "Change my answer",
  thanks: "Thank you. Your answer is with the organiser.",
  yours: "Your answer",
});
