// A countdown. LiveCue says what is left; the page counts on from there.
import { bump, el, one, setText } from "./draw.js";

export function start(root, params) {
  const line = el("div", "line upright");
  const title = el("div", "title", params.get("title") ?? "");
  title.dir = "auto";
  const time = el("div", "value big time");
  line.append(title, time);
  root.append(line);
  let timer = null;
  let came = 0;

  function draw() {
    const gone = timer.running ? performance.now() - came : 0;
    const left = Math.max(timer.left - gone, 0);
    const isOver = timer.running && left === 0;
    line.classList.toggle("over", isOver);
    line.classList.toggle("paused", !timer.running);
    setText(time, isOver && params.get("done") ? params.get("done") : clock(left));
  }

  setInterval(() => timer && draw(), 100);
  return {
    timers(timers) {
      const next = one(timers, params) ?? { left: 0, running: false };
      const before = timer && timer.left - (timer.running ? performance.now() - came : 0);
      timer = next;
      came = performance.now();
      draw();
      // What counts down by itself is no change; what was bought is.
      if (before !== null && next.left > before + 500) bump(time);
    },
  };
}

// clock writes milliseconds as 1:02:03 or 2:03. A second that has begun counts.
function clock(ms) {
  const all = Math.ceil(ms / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
