// Starts the page that the document names: its look, its content, and what keeps it up to date.
import { dress } from "./look.js";
import { connect } from "./live.js";
import { examples } from "./demo.js";

const { page, build } = document.documentElement.dataset;
const params = new URLSearchParams(location.search);
dress(params);
const { start } = await import(`./${page}.js`);

let send = () => {};
const take = start(document.getElementById("page"), params, (answer) => send(answer));

function hear(message) {
  if (message.topic === "hello") {
    // After an update of LiveCue this page is an old one.
    if (message.data !== build) location.reload();
    return;
  }
  take[message.topic]?.(message.data);
}

if (params.get("demo") === "1") {
  examples(page).forEach(hear);
} else {
  send = connect(page, params, hear);
}
document.documentElement.dataset.ready = "";
