// A table that can be sorted, filtered and saved.

const SHOWN_AT_FIRST = 15;

const col = {
  text: (key) => ({ label: t(key), type: "text" }),
  words: (key) => ({ label: t(key), type: "words" }),
  num: (key, unit) => ({ label: unit ? `${t(key)}, ${unit}` : t(key), type: "num" }),
  share: (key, colour) => ({ label: t(key), type: "share", colour }),
  day: (key) => ({ label: t(key), type: "day" }),
};
/** All rows of a table as records. */
function records(name) {
  const rows = table(name);
  const names = DATA.columns[name].map(([column]) => column);
  const columns = names.map((column) => rows.column(column));
  return Array.from({ length: rows.rows }, (_, row) => Object.fromEntries(names.map((column, i) => [column, columns[i][row]])));
}
const put = (name) => document.querySelector(`[data-table="${name}"]`);

/**
 * Show a table inside an element.
 * columns: [{label, type: "text"|"num"|"share"|"day"|"words", unit?, title?}]; rows: arrays of values, in that order
 * options: {name: of the CSV file, caption, filter: whether to offer one, colour: row -> colour of a bar in share columns}
 */
function showTable(element, columns, rows, options = {}) {
  const view = { rows, sorted: null, descending: false, wanted: "", shown: options.shown ?? SHOWN_AT_FIRST };
  element.replaceChildren();
  if (!rows.length) {
    element.append(make("p", { class: "note" }, options.none ?? t("no_rows")));
    return;
  }
  const count = make("span", { class: "count", "aria-live": "polite" });
  const tools = make("div", { class: "tools-row" });
  if (options.filter ?? rows.length > SHOWN_AT_FIRST) {
    const input = make("input", { type: "search" });
    input.addEventListener("input", () => { view.wanted = input.value.trim().toLowerCase(); fill(); });
    tools.append(make("label", {}, t("filter"), " ", input));
  }
  const save = make("button", { type: "button" }, t("save_csv"));
  save.addEventListener("click", () => saveCsv(options.name ?? "table", columns, visible()));
  tools.append(save, count);

  const heads = columns.map((column, index) => {
    const button = make("button", { type: "button" }, column.label);
    button.addEventListener("click", () => sortBy(index));
    return make("th", { scope: "col", class: isNumber(column) ? "num" : "", ...(column.title ? { title: column.title } : {}) }, button);
  });
  const body = make("tbody");
  const caption = options.caption ? make("caption", {}, options.caption) : "";
  const whole = make("table", {}, caption, make("thead", {}, make("tr", {}, ...heads)), body);
  const more = make("button", { type: "button", class: "more" }, t("show_more"));
  more.addEventListener("click", () => { view.shown += 100; fill(); });
  const label = options.caption ?? options.name ?? "";
  const frame = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, whole);
  const hint = make("span", { class: "sideways" }, t("sideways"));
  tools.append(hint);
  element.append(tools, frame, more);
  new ResizeObserver(() => frame.classList.toggle("more-aside", !(hint.hidden = frame.scrollWidth <= frame.clientWidth))).observe(frame);

  function visible() {
    const kept = view.wanted ? rows.filter((row) => row.some((v, i) => cell(columns[i], v).toLowerCase().includes(view.wanted))) : [...rows];
    if (view.sorted === null) return kept;
    const way = view.descending ? -1 : 1;
    return kept.sort((a, b) => way * compare(a[view.sorted], b[view.sorted]));
  }
  function sortBy(index) {
    view.descending = view.sorted === index ? !view.descending : isNumber(columns[index]);
    view.sorted = index;
    heads.forEach((head, i) => i === index
      ? head.setAttribute("aria-sort", view.descending ? "descending" : "ascending") : head.removeAttribute("aria-sort"));
    fill();
  }
  function fill() {
    const kept = visible();
    body.replaceChildren(...kept.slice(0, view.shown).map((row) => make("tr", {}, ...row.map((value, i) => tableCell(columns[i], value)))));
    count.textContent = t("rows_shown", { shown: num(Math.min(view.shown, kept.length)), total: num(rows.length) });
    more.hidden = kept.length <= view.shown;
  }
  fill();
}

function tableCell(column, value) {
  const kind = { num: "num", exact: "num", price: "num", share: "num", day: "day", words: "words" }[column.type] ?? "";
  const td = make("td", kind ? { class: kind } : {});
  if (column.type === "share" && column.colour && value !== null) {
    const bar = make("i");
    bar.style.width = `${(100 * Math.max(0.02, Math.min(1, value))).toFixed(1)}%`;
    bar.style.background = column.colour(value);
    td.append(cell(column, value), make("span", { class: "track", "aria-hidden": "true" }, bar));
    return td;
  }
  td.append(cell(column, value));
  return td;
}

/** A value as it is shown. */
function cell(column, value) {
  if (value === null || value === undefined) return "";
  if (column.type === "num") return num(value);
  if (column.type === "exact") return Math.abs(value) < 1e-6 ? "0" : value.toLocaleString(locale(), { maximumSignificantDigits: 8 });
  if (column.type === "price") return value.toLocaleString(locale(), { maximumSignificantDigits: 3 });
  if (column.type === "share") return share(value);
  if (column.type === "day") return dayText(value);
  return String(value);
}
const isNumber = (column) => ["num", "exact", "price", "share"].includes(column.type);

function compare(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), locale());
}

/** Save rows as CSV: full numbers, ISO days, a byte-order mark so that spreadsheets read the Chinese. */
function saveCsv(name, columns, rows) {
  const quoted = (value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const text = (column, value) => quoted(column.type === "day" ? isoDay(value) : String(value ?? ""));
  const lines = [columns.map((c) => quoted(c.label)), ...rows.map((row) => row.map((value, i) => text(columns[i], value)))];
  const blob = new Blob(["\ufeff" + lines.map((line) => line.join(",")).join("\r\n") + "\r\n"], { type: "text/csv" });
  const link = make("a", { href: URL.createObjectURL(blob), download: `${name}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** A new element with attributes and children. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== ""));
  return element;
}
