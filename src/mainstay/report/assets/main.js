// Choices, language, printing: what the reader can do.

/** The element of another page that holds some of the sections, and says the language; null: the report itself. */
const HOST = document.querySelector("[data-speak]");

const DOMAINS = {
  item: () => needed.map((code) => [code, named("item", code)]),
  made: () => byName(new Set([...domain("production", "item"), ...domain("releases", "item")]), "item"),
  shipped: () => byName(new Set(domain("shipments", "item")), "item"),
  tier: () => [...DATA.tiers.map((code) => [code, t(code)]), ["", t("all_tiers")]],
  place: () => [["", t("all_places")], ...byName(new Set(areas), "place")],
  setting: () => byName(domain("people_totals", "setting"), "setting"),
  table: () => tableOptions(""),
};
const byName = (codes, column) => [...codes].map((code) => [code, named(column, code)]).sort((a, b) => a[1].localeCompare(b[1], locale()));

/** Take a choice, tell every control, and draw again what depends on it. */
function choose(key, value) {
  if (state[key] === value) return;
  state[key] = value;
  const changed = new Set([key]);
  if (key === "item") {
    for (const goods of ["made", "shipped"]) {
      if (DOMAINS[goods]().some(([code]) => code === value)) { state[goods] = value; changed.add(goods); }
    }
  }
  showChoices();
  for (const [view, keys] of viewsHere()) if (keys.some((k) => changed.has(k))) view();
}

function showChoices() {
  for (const control of document.querySelectorAll("[data-bind]")) control.value = state[control.dataset.bind];
  for (const output of document.querySelectorAll("#day-text")) output.textContent = dayText(state.day);
  for (const slider of document.querySelectorAll('[data-bind="day"]')) slider.setAttribute("aria-valuetext", dayText(state.day));
}

function fillControls() {
  for (const select of document.querySelectorAll("select[data-bind]")) {
    const options = DOMAINS[select.dataset.bind]();
    select.replaceChildren(...options.map(([value, words]) => make("option", { value }, words)));
  }
}

/** Show the whole page in one language: "en" or "zh". */
function speak(lang) {
  state.lang = lang;
  document.documentElement.dataset.lang = lang;
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  if (!HOST) document.title = lang === "zh" ? DATA.meta.title_zh : DATA.meta.title;
  for (const button of document.querySelectorAll("[data-lang-button]")) button.setAttribute("aria-pressed", String(button.dataset.langButton === lang));
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  fillControls();
  showChoices();
  for (const [view] of viewsHere()) view();
}

/** Begin with the item of the first tier that runs shortest, on its worst day; without a plan, with the weightiest. */
function begin() {
  state.tier = DATA.tiers[0] ?? "";
  if (DATA.demand) [state.item, state.setting] = [DATA.demand.item, DATA.demand.setting];
  const short = domain("shortages", "item").map((item) => {
    const { need, met } = byPeriod("shortages", ["need", "met"], { item, tier: state.tier });
    return { item, need, met, fill: filled(sum(need), sum(met)) ?? 2 };
  }).sort((a, b) => a.fill - b.fill)[0];
  if (short) {
    state.item = short.item;
    const fills = short.need.map((n, p) => filled(n, short.met[p]) ?? 2);
    state.day = FIRST_DAYS[fills.indexOf(Math.min(...fills))];
  }
  for (const goods of ["made", "shipped"]) {
    const codes = DOMAINS[goods]().map(([code]) => code);
    state[goods] = codes.includes(state.item) ? state.item : codes[0] ?? "";
  }
  for (const slider of document.querySelectorAll('[data-bind="day"]')) slider.max = String(NUM_DAYS - 1);
}

for (const control of document.querySelectorAll("[data-bind]")) {
  const key = control.dataset.bind;
  control.addEventListener("input", () => choose(key, key === "day" ? Number(control.value) : control.value));
}
for (const button of document.querySelectorAll("[data-lang-button]")) button.addEventListener("click", () => speak(button.dataset.langButton));
document.getElementById("print")?.addEventListener("click", () => window.print());
window.addEventListener("beforeprint", printCharts);
window.addEventListener("afterprint", screenCharts);
let waiting = 0;
window.addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(screenCharts, 150); });

const sections = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const link = document.querySelector(`.toc a[href="#${target.id}"]`);
    if (isIntersecting) link?.setAttribute("aria-current", "true"); else link?.removeAttribute("aria-current");
  }
}, { rootMargin: "-30% 0px -60% 0px" });
for (const section of document.querySelectorAll("main > section")) sections.observe(section);

begin();
speak(HOST?.dataset.speak ?? new URLSearchParams(location.search).get("lang") ?? (navigator.language.startsWith("zh") ? "zh" : "en"));
