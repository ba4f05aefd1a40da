/** Groups a card number as it is printed on the card, digits only, at most 19 of them. */
export const groupCard = (text: string): string =>
  text
    .replace(/\D/g, "")
    .slice(0, 19)
    .replace(/(.{4})(?=.)/g, "$1 ");

/** The Luhn check (ISO/IEC 7812-1): catches a mistyped digit before anything is sent. */
export function isCardNumber(text: string): boolean {
  const digits = text.replace(/\s/g, "");
  if (!/^\d{12,19}$/.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Numbers the simulated gateway knows; each always ends the same way. */
export const testCards = [
  { number: "4242424242424242", outcome: "succeeds" },
  { number: "4000000000009995", outcome: "insufficient" },
  { number: "4000000000000002", outcome: "declined" },
  { number: "4000000000000119", outcome: "timeout" },
  { number: "4000000000000069", outcome: "invalid" },
  { number: "4000000000003220", outcome: "late" },
] as const;

/** How the gateway words a refusal, and which of our outcomes that is. */
export const refusals = [
  { told: "Insufficient funds", outcome: "insufficient" },
  { told: "Card declined", outcome: "declined" },
  { told: "timeout", outcome: "timeout" },
  { told: "Invalid card details", outcome: "invalid" },
] as const;
