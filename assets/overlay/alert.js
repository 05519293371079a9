// Alerts, one after another: LiveCue says which one, and since when.
import { el, name, picture } from "./draw.js";

// A page that was loaded anew in the middle of an alert does not play its sound again.
const soundStart = 1500;
const out = 400;

export function start(root, params, answer) {
  const volume = Math.min(Math.max(Number(params.get("volume") ?? 100) / 100, 0), 1);
  let shown = 0;
  let timers = [];
  let sound = null;

  function clear() {
    timers.forEach(clearTimeout);
    timers = [];
    sound?.pause();
    sound = null;
    root.replaceChildren();
  }

  function show(alert) {
    const card = el("div", `alert-card in-${alert.animation}`);
    card.style.animationDelay = `${-alert.at}ms`;
    if (alert.image) card.append(alert.video ? video(alert.image) : picture("alert-image", alert.image));
    if (alert.parts) card.append(text(alert.parts));
    root.append(card);
    const left = alert.for - alert.at;
    timers.push(setTimeout(() => card.classList.add("out"), Math.max(left - out, 0)));
    timers.push(setTimeout(clear, left));
    if (alert.sound && alert.at < soundStart) {
      sound = new Audio(alert.sound);
      sound.volume = volume;
      sound.play().catch(() => {}); // a browser may refuse before it is clicked into; OBS does not
    }
  }

  return {
    alert(alert) {
      if (!alert) {
        shown = 0;
        clear();
        return;
      }
      if (alert.id !== shown) {
        shown = alert.id;
        clear();
        show(alert);
      }
      answer({ shown: alert.id });
    },
  };
}

function text(parts) {
  const line = el("div", "alert-text");
  line.dir = "auto";
  for (const part of parts) {
    line.append(part.value ? name("value", part.text) : part.text);
  }
  return line;
}

function video(address) {
  const v = el("video", "alert-image");
  v.muted = true;
  v.autoplay = true;
  v.loop = true;
  v.onerror = () => v.remove();
  v.src = address;
  return v;
}
