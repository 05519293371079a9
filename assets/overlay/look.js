// What the address says about the look. It goes before the user's CSS, which goes before base.css.
const colours = { color: "--color", accent: "--accent", outline: "--outline" };

export function dress(params) {
  const root = document.documentElement;
  for (const [param, property] of Object.entries(colours)) {
    const value = colour(params.get(param));
    if (value) root.style.setProperty(property, value);
  }
  const size = Number(params.get("size"));
  if (size >= 8 && size <= 200) root.style.setProperty("--size", `${size}px`);
  const font = params.get("font");
  if (font && /^[\p{L}\p{N} _-]{1,60}$/u.test(font)) root.style.setProperty("--font", `"${font}"`);
  if (["left", "center", "right"].includes(params.get("align"))) root.dataset.align = params.get("align");
  if (["card", "plain"].includes(params.get("theme"))) root.dataset.theme = params.get("theme");
}

// colour takes what CSS does, and hex digits without the mark that an address cannot hold unescaped.
function colour(text) {
  if (!text) return "";
  for (const value of [text, `#${text}`]) {
    if (CSS.supports("color", value)) return value;
  }
  return "";
}
