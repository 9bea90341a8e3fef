// What the caller hears: the browser's own voice, the real hold music, the tone that rings. One call at a time.

const QUICK = 1; // at other speeds a voice would only be a noise
let context, tone, music, volume = 0.6, on = true, speed = QUICK, waiting = null, playing = "";

const voice = () => window.speechSynthesis;
export const hasVoice = () => Boolean(voice()) && voice().getVoices().length > 0;

export function setVolume(level) {
  volume = level;
  if (music) music.volume = volume;
  if (tone) tone.loudness.gain.value = volume * 0.15;
}

export function setOn(wanted) {
  on = wanted;
  if (!on) silence();
}

export function setSpeed(times) {
  speed = times;
  if (speed !== QUICK) silence();
}

// To be called from a click, so that browsers let us be heard.
export function allow() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
}

export function silence() {
  waiting = null;
  voice()?.cancel();
  quietMusic();
  quietTone();
}

function quietMusic() {
  music?.pause();
  music = undefined;
  playing = "";
}

function quietTone() {
  if (!tone) return;
  clearInterval(tone.beat);
  tone.oscillator.stop();
  tone = undefined;
}

const audible = () => on && speed === QUICK;

export function say(text, language) {
  quietMusic();
  quietTone();
  if (!audible() || !voice()) return;
  const spoken = new SpeechSynthesisUtterance(text);
  spoken.lang = language;
  spoken.volume = volume;
  // Whatever comes after the sentence waits for its end, however slow the voice is.
  spoken.onend = spoken.onerror = () => { if (!voice().pending && waiting) { const next = waiting; waiting = null; next(); } };
  voice().speak(spoken);
}

function afterTheVoice(next) {
  if (voice()?.speaking || voice()?.pending) waiting = next;
  else next();
}

export function play(path) {
  quietTone();
  if (!audible() || !path) return;
  afterTheVoice(() => {
    if (playing === path) return;
    quietMusic();
    playing = path;
    music = new Audio(path);
    music.loop = true;
    music.volume = volume;
    music.play().catch(() => {});
  });
}

// The ringing tone of France: 440 Hz, 1.5 s on, 3.5 s off (ITU-T E.180, supplement 2).
export function ring() {
  quietMusic();
  if (!audible() || !context || tone) return;
  afterTheVoice(() => {
    const oscillator = context.createOscillator(), loudness = context.createGain();
    oscillator.frequency.value = 440;
    loudness.gain.value = volume * 0.15;
    const gate = context.createGain();
    oscillator.connect(gate).connect(loudness).connect(context.destination);
    const burst = () => {
      gate.gain.setValueAtTime(1, context.currentTime);
      gate.gain.setValueAtTime(0, context.currentTime + 1.5);
    };
    burst();
    oscillator.start();
    tone = { oscillator, loudness, beat: setInterval(burst, 5000) };
  });
}

// The caller pressed a key or is through: nothing that was to be heard matters any more.
export function stop() {
  silence();
}
