// The plan's data: decoded columns, names, words and numbers in the chosen language.

const DATA = JSON.parse(document.getElementById("data").textContent);
const DAYS = DATA.days;
const FIRST_DAYS = DAYS.reduce((out, n) => [...out, out.at(-1) + n], [0]).slice(0, -1);
const NUM_DAYS = DAYS.reduce((a, b) => a + b, 0);
const START = Date.parse(DATA.meta.start + "T00:00:00Z");
const PERIOD_OF_FIRST = new Map(FIRST_DAYS.map((day, period) => [day, period]));
const PERIOD_OF_DAY = DAYS.flatMap((n, period) => Array(n).fill(period));
const UNIT_OF = new Map(DATA.items.map(([item, unit]) => [item, unit]));
const PLACES = new Map(DATA.places.map(([place, kind, lat, lon, risk]) => [place, { kind, lat, lon, risk }]));

/** What the reader has chosen; every view reads from here. */
const state = { lang: "en", item: "", made: "", shipped: "", tier: "", place: "", setting: "", day: 0, table: "shortages" };

const which = () => (state.lang === "zh" ? 1 : 0);

/** The words of a key, its {parts} filled in; {number:line|lines} is the noun that goes with a number. */
function t(key, parts = {}) {
  const words = DATA.texts[key];
  if (!words) return key;
  const fill = (_, part, one, many) => (one === undefined ? parts[part] ?? "" : String(parts[part]) === "1" ? one : many);
  return words[which()].replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, fill).replaceAll("*", "");
}

const NAME_OF_COLUMN = {
  item: "item", used_item: "item", place: "place", origin: "place", destination: "place", port: "place",
  table: "table", enterprise: "enterprise", measure: "measure", resource: "resource", group: "group", kind: "kind", from_kind: "kind", to_kind: "kind", line_kind: "kind", family: "family", process: "process", conversion: "conversion", setting: "setting", driver: "driver",
};
const plain = (code) => String(code).replaceAll("_", " ");

/** The name of a code in a column; a code without a name is shown as words. */
function named(column, code) {
  if (code === null || code === undefined || (code === "" && column !== "resource" && column !== "group")) return "";
  const names = DATA.names[NAME_OF_COLUMN[column]]?.[code];
  if (names) return names[which()];
  if (column === "line" || column === "to_line") return lineName(code);
  return DATA.texts[code] && CHOICES.has(column) ? t(code) : plain(code);
}
const CHOICES = new Set(["tier", "owner", "track", "customs", "mode"]);

const KINDS = { number: "num", integer: "num", date: "day", text: "words", list: "words" };

/** Columns of a table as they are declared, for those names that `isSaid` takes; what each holds in full is said in English. */
const declared = (table, isSaid = () => true) => DATA.columns[table].filter(([name]) => isSaid(name)).map(([name, type, text, text_zh, unit]) => ({
  name, type: KINDS[type] ?? "text", ...(state.lang === "zh" ? { label: text_zh || plain(name) } : { label: plain(name), title: unit ? `${text} [${unit}]` : text }) }));

/** The tables whose names begin so, each with how many rows it has. */
const tableOptions = (start) => Object.keys(DATA.columns).filter((name) => name.startsWith(start)).map((name) => [name, `${named("table", name)} (${num(DATA.tables[name].total)})`]);

/** A group of lines; `line>kind` are lines of it that have become another kind. */
function lineName(code) {
  const [group, kind] = String(code).split(">");
  return kind ? `${plain(group)} → ${named("kind", kind)}` : plain(group);
}
const unitOf = (item) => DATA.names.unit[item]?.[which()] ?? "";

const locale = () => (state.lang === "zh" ? "zh-CN" : "en-GB");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A day, counted from the start, in words. */
function dayText(day) {
  if (day === null || day === undefined) return "";
  const date = new Date(START + day * 86400000);
  return state.lang === "zh" ? `${date.getUTCMonth() + 1}月${date.getUTCDate()}日` : `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}
const isoDay = (day) => (day === null || day === undefined ? "" : new Date(START + day * 86400000).toISOString().slice(0, 10));

/** A number with separators, as many digits as it needs; below 0.0001 it is what is left of rounding: 0. */
function num(value) {
  if (value === null || value === undefined || value === "") return "";
  const size = Math.abs(value);
  if (size < 0.0001) return "0";
  return value.toLocaleString(locale(), size < 0.001 ? { maximumSignificantDigits: 1 } : { maximumFractionDigits: size >= 100 ? 0 : size >= 1 ? 1 : 3 });
}

/** A number for reading: 1.2 million, 120万. */
function amount(value) {
  const steps = state.lang === "zh" ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, " billion"], [1e6, " million"]];
  for (const [size, word] of steps) {
    if (Math.abs(value) >= size * 0.9995) return Number((value / size).toPrecision(3)).toLocaleString(locale()) + word;
  }
  return num(Number(value.toPrecision(3)));
}

/** A number for a chart's axis. */
const axisNumber = (value) => (Math.abs(value) >= 1e4 ? amount(value) : num(value));

/** A share as per cent, never rounded up to 100 %. */
function share(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (value >= 1 - 1e-9) return "100%";
  const percent = value > 0.99 ? Math.floor(value * 1000 + 1e-9) / 10 : Math.round(value * 1000) / 10;
  return `${percent}%`;
}
const list = (words) => words.join(state.lang === "zh" ? "、" : ", ");

const decoded = new Map();

/** One result table: its length, and its columns as plain arrays, unpacked when first asked for; what is met is served or eased. */
function table(name) {
  if (!decoded.has(name)) {
    const raw = DATA.tables[name];
    const columns = {};
    const unpack = (column) => {
      const part = raw.columns[column];
      if (column === "days") return table(name).column("date").map((day) => DAYS[PERIOD_OF_FIRST.get(day)] ?? null);
      if (name === "shortages" && column === "met") return table(name).column("served").map((served, row) => served + table(name).column("eased")[row]);
      if (!part) return [];
      if ("v" in part) return Array(raw.rows).fill(part.v);
      if ("d" in part) return part.c.map((code) => (code < 0 ? null : part.d[code]));
      return part.n;
    };
    decoded.set(name, { rows: raw.rows, total: raw.total, column: (column) => (columns[column] ??= unpack(column)) });
  }
  return decoded.get(name);
}

/** Calls back with the number of each row whose columns have the wanted values ("" wants anything). */
function eachRow(name, wanted, visit) {
  const rows = table(name);
  const tests = Object.entries(wanted).filter(([, value]) => value !== "").map(([column, value]) => [rows.column(column), value]);
  for (let row = 0; row < rows.rows; row += 1) {
    if (tests.every(([values, value]) => values[row] === value)) visit(row);
  }
}

/** Distinct values of a column; of a table that this page does not hold, none. */
function domain(name, column) {
  return DATA.tables[name] ? [...new Set(table(name).column(column))].filter((value) => value !== null) : [];
}

/** Items that are needed, and the places that need them. */
const needed = [...new Set([...domain("shortages", "item"), ...domain("totals", "item")])];
const areas = [...new Set([...domain("shortages", "place"), ...domain("items_quantiles", "place")])];
const placeWords = () => (state.place ? named("place", state.place) : t("all_places"));

/** Sums of several columns by period for the rows wanted: {column: [per period]}. */
function byPeriod(name, columns, wanted) {
  const out = Object.fromEntries(columns.map((column) => [column, Array(DAYS.length).fill(0)]));
  const dates = table(name).column("date");
  eachRow(name, wanted, (row) => {
    const period = PERIOD_OF_FIRST.get(dates[row]);
    for (const column of columns) out[column][period] += table(name).column(column)[row];
  });
  return out;
}

/** Quantities of a table's rows by the day on which they take effect, spread over the days of their period. */
function byReadyDay(name, wanted, key = null) {
  const out = new Map();
  const rows = table(name);
  const [dates, quantities] = [rows.column("date"), rows.column("quantity")];
  const ready = name === "reserve_releases" ? dates : rows.column("ready_date");
  eachRow(name, wanted, (row) => {
    const group = key ? rows.column(key)[row] : "";
    if (!out.has(group)) out.set(group, Array(NUM_DAYS).fill(0));
    const length = DAYS[PERIOD_OF_FIRST.get(dates[row])];
    for (let day = ready[row]; day < Math.min(ready[row] + length, NUM_DAYS); day += 1) {
      out.get(group)[day] += quantities[row] / length;
    }
  });
  return out;
}

/** Period values as one value per day; a total is shared out, a level is repeated. */
const perDay = (values) => PERIOD_OF_DAY.map((period) => values[period] / DAYS[period]);
const repeated = (values) => PERIOD_OF_DAY.map((period) => values[period]);
const sum = (values) => values.reduce((a, b) => a + b, 0);
const filled = (need, met) => (need > 1e-9 ? Math.min(1, met / need) : null);
