import type { Light } from "./verdict";

const mutedKey = "rushline.gate.muted";
let audio: AudioContext | null = null;

/** Do verdicts sound? They do unless somebody switched it off on this device. */
export const isMuted = (): boolean => localStorage.getItem(mutedKey) !== null;

export function setMuted(muted: boolean): void {
  if (muted) localStorage.setItem(mutedKey, "1");
  else localStorage.removeItem(mutedKey);
}

/** Says a verdict without the screen: yes rises, a question repeats, no falls. Each buzzes in its own rhythm. */
const signals: Record<Light, { tones: number[]; buzz: number[] }> = {
  green: { tones: [660, 990], buzz: [70] },
  yellow: { tones: [520, 520, 520], buzz: [90, 70, 90, 70, 90] },
  red: { tones: [240, 160], buzz: [450] },
};

export function signal(light: Light): void {
  const { tones, buzz } = signals[light];
  navigator.vibrate?.(buzz);
  if (isMuted()) return;
  audio ??= new AudioContext();
  // Browsers hold sound back until somebody has touched the page.
  void audio.resume();
  for (const [index, frequency] of tones.entries()) beep(audio, frequency, index * 0.15);
}

function beep(context: AudioContext, frequency: number, delay: number): void {
  const start = context.currentTime + delay;
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.2, start);
  volume.gain.exponentialRampToValueAtTime(0.001, start + 0.16);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + 0.17);
}
