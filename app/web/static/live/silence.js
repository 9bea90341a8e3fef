// Calls that this person does not want to hear, in all tabs of this browser. Nobody else is concerned, so nobody is told.
import { keep, kept, onKeptElsewhere } from "../frame/kept.js";

const NAME = "silenced:" + document.body.dataset.user, HOURS = 6;
const silenced = () => kept(NAME, {});

export const isSilenced = (id) => id in silenced();

export function silence(id, wanted) {
  const recent = Object.entries(silenced()).filter(([one, at]) => one !== id && Date.now() - at < HOURS * 3_600_000);
  keep(NAME, Object.fromEntries(wanted ? [...recent, [id, Date.now()]] : recent));
}

export const onSilenceElsewhere = (then) => onKeptElsewhere(NAME, then);
