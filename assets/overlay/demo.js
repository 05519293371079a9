// Examples to arrange a scene by. The people are made up.
const people = ["Pixel Pia", "testy_tom", "さくら 🌸", "Пиксель Петя", "أمل", "Blocky Ben"];

const line = (key, more) => ({ key, age: 0, ...more });
const gift = (i, gift, count, coins) => line(`g${i}`, { name: people[i], gift, count, coins });

const data = {
  alert: {
    id: 1, at: 0, for: 1e8, animation: "pop", image: "pictures/gift.svg",
    parts: [{ text: "Pixel Pia", value: true }, { text: " sent " }, { text: "5", value: true }, { text: " × " }, { text: "Rose", value: true }, { text: "!" }],
  },
  gifts: [gift(3, "Doughnut", 1, 30), gift(2, "Perfume", 2, 40), gift(1, "Galaxy", 1, 1000), gift(0, "Rose", 25, 25)],
  goal: { of: "likes", target: 10000, title: "" },
  totals: { likes: 6420, coins: 6420, gifts: 642, follows: 64 },
  counters: [{ name: "Deaths", value: 7 }],
  timers: [{ name: "Show", left: 3725000, running: true }],
  top: people.slice(0, 5).map((name, i) => ({ key: name, name, coins: [12500, 4300, 1999, 640, 99][i] })),
  chat: ["first!", "GG, that jump 😂", "かわいい！", "как ты это сделал?", "رائع جدا", "!zombie"].map((text, i) =>
    line(`c${i}`, { name: people[i], text, role: i === 1 ? "moderator" : "" })),
  queue: {
    total: { "rcon:minecraft": 12 },
    jobs: ["A creeper", "10 chickens", "Diamonds", "Lightning", "Zombie"].map((rule, i) =>
      ({ key: `q${i}`, name: people[i], rule, lane: "rcon:minecraft", runs: i === 1 ? 10 : 1 })),
  },
};

const topics = { goal: ["goal", "totals", "counters"], counter: ["counters"], timer: ["timers"] };

export function examples(page) {
  return (topics[page] ?? [page]).map((topic) => ({ topic, data: data[topic] }));
}
