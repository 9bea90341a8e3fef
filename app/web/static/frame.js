// What every page of somebody who is signed in has: the live channel, keys, palette, presence.
import "./frame/keys.js";
import "./frame/palette.js";
import "./frame/presence.js";
import "./live.js";
