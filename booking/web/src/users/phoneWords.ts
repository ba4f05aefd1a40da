import { speak } from "../languages/speak";

/** A phone for text messages. */
export const say = speak("phone", {
  title: "Text messages",
  text: "We can also text you what can't wait: tickets you are offered, an event that is cancelled or moved, and the day before.",
  number: "Phone number",
  numberHint: "With + and the country's code: +49 151 12345678.",
  language: "Language of the messages",
  sendCode: "Send me a code",
  codeSent: "We've texted a code to {number}. It works for ten minutes.",
  code: "Code",
  codeHint: "Six digits from the message.",
  prove: "Confirm the number",
  another: "Another code or number",
  proven: "Your number is confirmed.",
  goesTo: "Messages go to {number}.",
  wanted: "Text me what can't wait",
  remove: "Remove the number",
  removed: "Your number is removed.",
});
