import { speak } from "../languages/speak";

/** Waiting for tickets of a session that is sold out. */
export const say = speak("waitlist", {
  title: "Waiting list",
  text: "If tickets come back, we hold them for you and write to you, in the order people joined.",
  howMany: "Tickets you want",
  join: "Join the waiting list",
  signIn: "Sign in to join the waiting list",
  joined: "You are on the waiting list",
  position: {
    one: "Number {position}; {count} person is waiting.",
    other: "Number {position}; {count} people are waiting.",
  },
  leave: "Leave the list",
  left: "You left the waiting list.",
  offered: "Tickets are held for you",
  offeredText: "Buy them within {time}.",
  buy: "Buy them now",
  lapsed: "Your offer ran out",
  lapsedText: "The tickets went to the next in the list. You can join again.",
});
