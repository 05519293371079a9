// A bar that fills towards a goal. The address goes before the profile.
import { bump, el, setText } from "./draw.js";
import { number, say } from "./words.js";

export function start(root, params) {
  const head = el("div", "head");
  const title = el("div", "title");
  title.dir = "auto";
  const numbers = el("div", "numbers");
  const now = el("span", "value now");
  const target = el("span", "target");
  numbers.append(now, target);
  head.append(title, numbers);
  const bar = el("div", "bar");
  const fill = el("div", "fill");
  const percent = el("div", "percent");
  bar.append(fill, percent);
  const card = el("div", "card goal-card");
  card.append(head, bar);
  root.append(card);

  const known = { totals: null, counters: [], goal: null };

  function draw() {
    if (!known.totals || !known.goal) return;
    const of = params.get("of") || known.goal.of;
    const wanted = Number(params.get("target")) || known.goal.target;
    const value = read(known, of);
    setText(title, params.get("title") ?? (known.goal.title || say.goal));
    if (setText(now, number(value))) bump(now);
    setText(target, ` / ${number(wanted)}`);
    const share = wanted > 0 ? Math.min(Math.max(value / wanted, 0), 1) : 0;
    fill.style.width = `${share * 100}%`;
    setText(percent, `${Math.floor(share * 100)} %`);
    card.classList.toggle("reached", share >= 1);
  }
  const keep = (topic) => (data) => {
    known[topic] = data;
    draw();
  };
  return { totals: keep("totals"), counters: keep("counters"), goal: keep("goal") };
}

function read(known, of) {
  if (of.startsWith("counter:")) {
    const wanted = of.slice("counter:".length).trim();
    return known.counters.find((c) => c.name === wanted)?.value ?? 0;
  }
  return known.totals[of] ?? 0;
}
