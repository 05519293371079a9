// The pages' own words. Everything else is the streamer's or the viewers'.
const words = {
  en: { top: "Top gifters", queue: "Up next", waiting: (n) => `${n} waiting`, empty: "Nothing is waiting", goal: "Goal" },
  de: { top: "Top-Schenker", queue: "Als Nächstes", waiting: (n) => `${n} warten`, empty: "Nichts wartet", goal: "Ziel" },
};

const wanted = new URLSearchParams(location.search).get("lang") ?? navigator.language;
const lang = wanted.slice(0, 2) in words ? wanted.slice(0, 2) : "en";
document.documentElement.lang = lang;

export const say = words[lang];

const plain = new Intl.NumberFormat(lang);
export const number = (n) => plain.format(n);
