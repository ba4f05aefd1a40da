import { speak } from "../languages/speak";

/** The way to the line and the visit it opens. */
export const say = speak("admission", {
  toTheLine: "To the line",
  theLine: "the line",
  moreTime: "You have more time.",
  endsIn: "Your turn ends in {time}",
  stay: "Stay longer",
});
