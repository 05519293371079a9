// Who has given the most coins.
import { bump, el, list, most, name, picture, setText } from "./draw.js";
import { number, say } from "./words.js";

export function start(root, params) {
  const limit = most(params, 5);
  const card = el("div", "card");
  const title = params.get("title") ?? say.top;
  if (title) card.append(el("div", "title", title));
  const rows = el("div", "rows");
  card.append(rows);
  root.append(card);
  return {
    top(givers) {
      const shown = givers.slice(0, limit).map((giver, i) => ({ ...giver, rank: i + 1 }));
      card.hidden = shown.length === 0;
      list(rows, shown, (giver) => giver.key, make, update);
    },
  };
}

function make(giver) {
  const row = el("div", "place");
  row.append(el("div", "rank"));
  if (giver.avatar) row.append(picture("avatar", giver.avatar));
  row.append(name("name", giver.name), el("div", "coins"));
  return row;
}

function update(row, giver) {
  row.dataset.rank = giver.rank;
  setText(row.querySelector(".rank"), String(giver.rank));
  setText(row.querySelector(".name"), giver.name);
  const coins = row.querySelector(".coins");
  if (setText(coins, number(giver.coins)) && row.isConnected) bump(coins);
}
