// How this computer rings, as its user chose it.
import { keep, kept, onKeptElsewhere } from "../frame/kept.js";

const NAME = "ringing", USUAL = { on: false, volume: 0.7, onlyAvailable: false, notify: false, hideNames: false };

export const settings = () => ({ ...USUAL, ...kept(NAME, {}) });

export function choose(changes) {
  keep(NAME, { ...settings(), ...changes });
  document.dispatchEvent(new CustomEvent("calls:changed"));
}
onKeptElsewhere(NAME, () => document.dispatchEvent(new CustomEvent("calls:changed")));
