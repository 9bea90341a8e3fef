// The ring itself. Browsers let a page be heard only after somebody has used it; until then there is no sound to play.
const FILES = { call: "../sounds/ring.wav", vip: "../sounds/ring-vip.wav" }, PERIOD_SECONDS = 3.4;
const rings = new Map();
let context, gain, playing = null;

// Ask for leave to be heard, and call `then` whenever the answer changes.
export function openSound(then) {
  if (context) return;
  context = new AudioContext();
  gain = context.createGain();
  gain.connect(context.destination);
  context.addEventListener("statechange", then);
}
// Somebody uses the page: now the browser allows it.
export const wakeSound = () => { if (context?.state === "suspended") context.resume().catch(() => {}); };
export const canBeHeard = () => context?.state === "running";

// `volume` from 0 to 1; ears hear steps of loudness, not of amplitude.
export function setVolume(volume) {
  if (gain) gain.gain.value = volume ** 2;
}

// A ring and the pause after it, as one piece that the browser repeats: timers are late in tabs that nobody looks at.
async function ringOf(kind) {
  if (!rings.has(kind)) {
    const file = await fetch(new URL(FILES[kind], import.meta.url));
    const sound = await context.decodeAudioData(await file.arrayBuffer());
    const round = context.createBuffer(1, Math.ceil(PERIOD_SECONDS * sound.sampleRate), sound.sampleRate);
    round.copyToChannel(sound.getChannelData(0), 0);
    rings.set(kind, round);
  }
  return rings.get(kind);
}

// Ring for `seconds` from now on, once for 0. The same ring goes on, another one takes its place.
export async function ring(kind, seconds) {
  if (playing?.kind === kind && playing.goesOn) {
    playing.seconds = seconds;
    playing.source?.stop(context.currentTime + seconds); // a later word counts
    return;
  }
  stopRinging();
  const mine = (playing = { kind, goesOn: seconds > 0, seconds, source: null });
  const round = await ringOf(kind).catch(() => null);
  if (playing !== mine || !round) return;
  const source = context.createBufferSource();
  source.buffer = round;
  source.loop = seconds > 0;
  source.connect(gain);
  source.start();
  if (mine.goesOn) source.stop(context.currentTime + mine.seconds);
  source.addEventListener("ended", () => { if (playing === mine) playing = null; });
  mine.source = source;
}
export function stopRinging() {
  playing?.source?.stop();
  playing = null;
}
