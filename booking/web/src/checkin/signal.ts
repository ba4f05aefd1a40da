import type { Verdict } from "./verdict";

let audio: AudioContext | null = null;

/** Says a verdict without the screen: one high tone and a short buzz for yes, two low ones for anything else. */
export function signal(light: Verdict["light"]): void {
  navigator.vibrate?.(light === "green" ? 60 : [120, 80, 120]);
  audio ??= new AudioContext();
  const tones = light === "green" ? [880] : light === "yellow" ? [440, 440] : [220, 180];
  tones.forEach((frequency, index) => beep(audio as AudioContext, frequency, index * 0.18));
}

function beep(context: AudioContext, frequency: number, delay: number): void {
  const start = context.currentTime + delay;
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.18, start);
  volume.gain.exponentialRampToValueAtTime(0.001, start + 0.16);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + 0.17);
}
