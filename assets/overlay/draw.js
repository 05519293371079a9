// Small tools for building pages. Texts are set as text, never as markup.

// el makes an element with a class and, perhaps, a text.
export function el(tag, className, text) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (text !== undefined) e.textContent = text;
  return e;
}

// name makes an element for what a viewer calls themselves, whose direction does not turn the words around it.
export function name(className, text) {
  const e = el("bdi", className, text);
  e.dir = "auto";
  return e;
}

// picture makes an image that vanishes when it cannot be loaded.
export function picture(className, address) {
  const image = el("img", className);
  image.alt = "";
  image.onerror = () => image.remove();
  image.src = address;
  return image;
}

// setText changes a text only where it is another one, and reports whether it was.
export function setText(e, text) {
  if (e.textContent === text) return false;
  e.textContent = text;
  return true;
}

// bump plays the animation of a class, again if need be.
export function bump(e, className = "bump") {
  e.classList.remove(className);
  void e.offsetWidth; // without a layout in between the animation would not begin again
  e.classList.add(className);
}

// list shows items in parent, one child each: those that stay are kept and updated, so that only new ones come in.
export function list(parent, items, key, make, update) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let at = parent.firstElementChild;
  for (const item of items) {
    const k = String(key(item));
    let child = old.get(k);
    old.delete(k);
    if (!child) {
      child = make(item);
      child.dataset.key = k;
    }
    update(child, item);
    if (child === at) {
      at = at.nextElementSibling;
    } else {
      parent.insertBefore(child, at);
    }
  }
  for (const child of old.values()) child.remove();
}

// most is how many items the address asks for.
export function most(params, usual) {
  const n = Math.trunc(Number(params.get("max")));
  return n >= 1 && n <= 20 ? n : usual;
}

// fading returns a function that leaves out the lines older than the address asks for, and calls again when the next one is to go.
export function fading(params, show) {
  const seconds = Number(params.get("fade"));
  if (!(seconds > 0)) return show;
  let timer;
  return (lines) => {
    const came = performance.now();
    const turn = () => {
      clearTimeout(timer);
      const now = performance.now() - came;
      const left = lines.map((line) => seconds * 1000 - line.age - now);
      show(lines.filter((_, i) => left[i] > 0));
      const next = Math.min(...left.filter((ms) => ms > 0));
      if (Number.isFinite(next)) timer = setTimeout(turn, next + 20);
    };
    turn();
  };
}

// one returns the item that the address names, or the first.
export function one(items, params) {
  const wanted = params.get("name");
  if (wanted === null) return items[0];
  return items.find((item) => item.name === wanted) ??
    items.find((item) => item.name.toLowerCase() === wanted.trim().toLowerCase());
}
