// What is still to be done, in order.
import { el, list, most, name, setText } from "./draw.js";
import { number, say } from "./words.js";

export function start(root, params) {
  const limit = most(params, 5);
  const lane = params.get("lane");
  const isShown = (l) => lane === "all" || (lane ? l === lane : l.startsWith("rcon:"));
  const card = el("div", "card");
  const head = el("div", "head");
  const title = el("div", "title", params.get("title") ?? say.queue);
  const total = el("div", "numbers");
  head.append(title, total);
  const rows = el("div", "rows");
  card.append(head, rows);
  root.append(card);
  return {
    queue(queue) {
      const jobs = queue.jobs.filter((job) => isShown(job.lane)).slice(0, limit);
      const all = Object.entries(queue.total ?? {}).filter(([l]) => isShown(l)).reduce((sum, [, n]) => sum + n, 0);
      setText(total, all > 0 ? say.waiting(number(all)) : say.empty);
      list(rows, jobs, (job) => job.key, make, update);
    },
  };
}

function make(job) {
  const row = el("div", "place");
  row.append(name("value name", job.name), name("what", job.rule), el("div", "times"));
  return row;
}

function update(row, job) {
  setText(row.querySelector(".times"), job.runs > 1 ? `×${number(job.runs)}` : "");
}
