// The latest comments, the newest at the bottom.
import { el, fading, list, most, name, picture } from "./draw.js";

export function start(root, params) {
  const limit = most(params, 8);
  const show = fading(params, (lines) => {
    list(root, lines.slice(-limit), (line) => line.key, make, () => {});
  });
  return { chat: show };
}

function make(line) {
  const row = el("div", "row comment");
  if (line.avatar) row.append(picture("avatar", line.avatar));
  const words = el("div", "words");
  const who = name(`name ${line.role ?? ""}`, line.name);
  who.style.setProperty("--hue", hue(line.name));
  const what = name("text", line.text);
  words.append(who, " ", what);
  row.append(words);
  return row;
}

// hue gives a name its colour, always the same.
function hue(text) {
  let h = 0;
  for (const c of text) h = (h * 31 + c.codePointAt(0)) % 360;
  return h;
}
