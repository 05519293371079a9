// One counter.
import { bump, el, one, setText } from "./draw.js";
import { number } from "./words.js";

export function start(root, params) {
  const line = el("div", "line");
  const title = el("div", "title");
  title.dir = "auto";
  const value = el("div", "value big");
  line.append(title, value);
  root.append(line);
  return {
    counters(counters) {
      const counter = one(counters, params) ?? { name: params.get("name") ?? "", value: 0 };
      setText(title, params.get("title") ?? counter.name);
      if (setText(value, number(counter.value))) bump(value);
    },
  };
}
