/** Ways to call somebody who isn't looking. All are off until asked for by a press. */

let audio: AudioContext | null = null;
let notifying = false;

/** Two short rising notes. */
function chime(): void {
  if (!audio) return;
  for (const [at, pitch] of [660, 990].entries()) {
    const note = audio.createOscillator();
    const volume = audio.createGain();
    const start_s = audio.currentTime + at * 0.16;
    note.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, start_s);
    volume.gain.exponentialRampToValueAtTime(0.001, start_s + 0.5);
    note.connect(volume).connect(audio.destination);
    note.start(start_s);
    note.stop(start_s + 0.5);
  }
}

/** Turns the sound on or off; a press is what allows a page to play any. Returns whether it is on. */
export function toggleSound(): boolean {
  void audio?.close();
  audio = audio ? null : new AudioContext();
  chime();
  return !!audio;
}

/** Turns the notification on or off, asking for leave if need be. Returns whether it is on. */
export async function toggleNotification(): Promise<boolean> {
  notifying = !notifying && (await Notification.requestPermission()) === "granted";
  return notifying;
}

/** Calls by every way that was asked for. */
export function call(title: string, body: string): void {
  chime();
  if (!notifying) return;
  try {
    const shown = new Notification(title, { body, tag: "rushline", requireInteraction: true });
    shown.onclick = () => {
      focus();
      shown.close();
    };
  } catch {
    // Phones allow notifications only to service workers: shake instead.
    navigator.vibrate?.([200, 100, 200]);
  }
}
