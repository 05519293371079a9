// The latest gifts, the newest on top. A streak is one line that counts up.
import { bump, el, fading, list, most, name, picture, setText } from "./draw.js";
import { number } from "./words.js";

export function start(root, params) {
  const limit = most(params, 5);
  const show = fading(params, (lines) => {
    list(root, lines.slice(-limit).reverse(), (line) => line.key, make, update);
  });
  return { gifts: show };
}

function make(line) {
  const row = el("div", "row gift");
  row.append(face(line));
  const words = el("div", "words");
  words.append(name("value name", line.name), name("what", line.gift));
  row.append(words, el("div", "times"), el("div", "coins"));
  return row;
}

function face(line) {
  const box = el("div", "face");
  if (line.icon) {
    box.append(picture("", line.icon));
  }
  return box;
}

function update(row, line) {
  setText(row.querySelector(".name"), line.name);
  setText(row.querySelector(".coins"), number(line.coins));
  const times = row.querySelector(".times");
  if (setText(times, `×${number(line.count)}`) && row.isConnected) bump(times);
}
