// What people will need: bands over days, who uses it, and what drives it.

const EVERY_DAY = Array.from({ length: NUM_DAYS }, (_, day) => day);
const LEVELS = ["q50", "q05", "q25", "q75", "q95"];
const BAND_WORDS = () => [[ACCENT, t("median")], [HALF, t("band_half")], [MOST, t("band_most")]];
const heldPlaces = new Set(domain("items_quantiles", "place"));
const isHeld = () => state.place === "" || heldPlaces.has(state.place);

/**
 * Quantiles by day at the chosen place, from one table; or at all places together, from another: {days, q05, ..., q95}.
 * A single place has them for the first day of each period and the last day. A day without a row is one without need.
 */
function bandsOf(ofPlace, ofAll, wanted) {
  const days = state.place ? DATA.demand.days : EVERY_DAY;
  const found = { days, ...Object.fromEntries(LEVELS.map((level) => [level, Array(days.length).fill(0)])) };
  const rows = table(state.place ? ofPlace : ofAll);
  const [dates, ...levels] = ["date", ...LEVELS].map(rows.column);
  eachRow(state.place ? ofPlace : ofAll, state.place ? { ...wanted, place: state.place } : wanted, (row) => {
    LEVELS.forEach((level, n) => { found[level][days.indexOf(dates[row])] = levels[n][row]; });
  });
  return found;
}
const needsOf = (item) => bandsOf("items_quantiles", "totals", { item });
const peopleOf = (setting) => bandsOf("people_quantiles", "people_totals", { setting });
const highest = ({ q50 }) => q50.indexOf(Math.max(...q50));
const isSure = ({ q05, q95 }) => q05.every((low, i) => q95[i] - low <= 1e-3 * q95[i]);

/** A chart of bands with its sentence; what is the same on all paths has no bands. */
function showBands(name, bands, unit, parts) {
  const most = highest(bands);
  if (!isHeld() || bands.q95.every((value) => value === 0)) return showChart(name, { summary: t("bands_none", parts) });
  const words = t("bands_sum", { ...parts, now: amount(bands.q50[0]), start: dayText(0), most: amount(bands.q50[most]), date: dayText(bands.days[most]) });
  const range = isSure(bands) ? t("bands_sure") : t("bands_range", { low: amount(bands.q05[most]), high: amount(bands.q95[most]) });
  return showChart(name, {
    option: dayBands(unit, bands), legend: isSure(bands) ? BAND_WORDS().slice(0, 1) : BAND_WORDS(), height: 300,
    summary: words + (state.lang === "zh" ? "" : " ") + range,
    columns: [col.day("c_from_day"), col.num("median", unit), ...LEVELS.slice(1).map((level) => col.num(`c_${level}`))],
    rows: bands.days.map((day, i) => [day, ...LEVELS.map((level) => bands[level][i])]),
  });
}

function viewNeeds() {
  const unit = t("per_day", { unit: unitOf(state.item) });
  showBands("needs", needsOf(state.item), unit, { what: named("item", state.item), place: placeWords(), unit });
  const cut = document.getElementById("demand-cut");
  cut.hidden = heldPlaces.size >= DATA.demand.places;
  cut.textContent = t("places_cut", { held: num(heldPlaces.size), total: num(DATA.demand.places) });
}

/** Every item over the next and the highest seven days, all places together. */
function viewSummary() {
  const rows = table("summary");
  const columns = ["item", "next_q50", "next_q05", "next_q95", "peak_from", "peak_q50", "peak_q05", "peak_q95"].map(rows.column);
  const [low, high] = [col.num("c_low"), col.num("c_high")];
  showTable(put("summary"), [col.text("c_item"), col.text("c_unit"), col.num("c_next"), low, high, col.day("c_peak_from"), col.num("c_peak_sum"), low, high],
    columns[0].map((item, row) => [named("item", item), unitOf(item), ...columns.slice(1).map((values) => values[row])]), { name: "summary", shown: 40, caption: t("summary_title") });
}

/** What each setting takes of each item at the chosen place over all days: item -> [{setting, driver, quantity}], the largest first. */
function partsByItem() {
  const found = new Map();
  const rows = table("breakdown");
  const [items, settings, drivers, quantities] = ["item", "setting", "driver", "quantity"].map(rows.column);
  eachRow("breakdown", { place: state.place }, (row) => {
    if (!found.has(items[row])) found.set(items[row], new Map());
    const held = found.get(items[row]);
    const key = `${settings[row]}|${drivers[row]}`;
    const part = held.get(key) ?? { setting: settings[row], driver: drivers[row], quantity: 0 };
    part.quantity += quantities[row];
    held.set(key, part);
  });
  return new Map(needed.filter((item) => found.has(item)).map((item) => [item, [...found.get(item).values()].sort((a, b) => b.quantity - a.quantity)]));
}
const allOf = (parts) => sum(parts.map(({ quantity }) => quantity));
const shareOf = (parts, setting) => allOf(parts.filter((part) => part.setting === setting)) / allOf(parts);

function viewDrivers() {
  const items = [...partsByItem()].filter(([, parts]) => allOf(parts) > 0);
  const mine = items.find(([item]) => item === state.item)?.[1] ?? [];
  const [item, unit, whole] = [named("item", state.item), unitOf(state.item), allOf(mine)];
  showTable(put("drivers"), [col.text("c_setting"), col.text("c_driver"), col.num("c_quantity", unit), col.share("c_share", () => ACCENT)],
    mine.map((part) => [named("setting", part.setting), named("driver", part.driver), part.quantity, part.quantity / whole]), { name: "drivers", caption: item, filter: false });
  if (!mine.length) return showChart("drivers", { summary: t("bands_none", { what: item, place: placeWords() }) });
  const weight = (setting) => sum(items.map(([, parts]) => shareOf(parts, setting)));
  const settings = domain("breakdown", "setting").map((setting) => [setting, weight(setting)]).filter(([, part]) => part > 0).sort((a, b) => b[1] - a[1]).map(([setting]) => setting);
  const [own, rest] = [settings.slice(0, SERIES.length - 1), settings.slice(SERIES.length - 1)];
  const series = own.map((setting, n) => ({ name: named("setting", setting), colour: SERIES[n], values: items.map(([, parts]) => shareOf(parts, setting)) }));
  if (rest.length) series.push({ name: t("others"), colour: SERIES.at(-1), values: items.map(([, parts]) => sum(rest.map((setting) => shareOf(parts, setting)))) });
  const first = mine.slice(0, 3).map((part) => t("driver_part", { setting: named("setting", part.setting), driver: named("driver", part.driver), share: share(part.quantity / whole) }));
  return showChart("drivers", {
    option: shareBars(items.map(([code]) => named("item", code)), series), height: gridHeight(items.length), legend: series.map(({ colour, name }) => [colour, name]),
    summary: t("drivers_sum", { item, place: placeWords(), unit, total: amount(whole), parts: list(first) }),
    columns: [col.text("c_item"), ...series.map(({ name }) => ({ label: name, type: "share" }))],
    rows: items.map(([code], n) => [named("item", code), ...series.map(({ values }) => values[n])]),
    click: ({ dataIndex }) => choose("item", items[dataIndex][0]),
  });
}

function viewPeople() {
  showBands("people", peopleOf(state.setting), t("persons"), { what: named("setting", state.setting), place: placeWords(), unit: t("persons") });
}

/** Every setting at the chosen place: on the first day, and on the day with most people. */
function viewSettings() {
  const rows = (isHeld() ? domain("people_totals", "setting") : []).map((setting) => {
    const bands = peopleOf(setting);
    const most = highest(bands);
    return [named("setting", setting), bands.q50[0], bands.days[most], bands.q50[most], bands.q05[most], bands.q95[most]];
  });
  showTable(put("settings"), [col.text("c_setting"), col.num("c_first", dayText(0)), col.day("c_most_on"), col.num("median", t("persons")), col.num("c_low"), col.num("c_high")],
    rows, { name: "settings", shown: 40, filter: false, caption: `${t("people_title")}: ${placeWords()}` });
}

if (DATA.demand) {
  VIEWS.push([viewNeeds, ["item", "place"], "demand"], [viewSummary, [], "demand"], [viewDrivers, ["item", "place"], "demand"], [viewPeople, ["setting", "place"], "demand"], [viewSettings, ["place"], "demand"]);
}
