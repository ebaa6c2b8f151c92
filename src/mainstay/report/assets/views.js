// What each section shows. A view names the choices it depends on, and is drawn again when one of them changes.

const FILL_WORDS = () => CLASSES.map((colour, n) => [colour, t(`class_${n}`)]);
const COVER_LIMITS = [1, 3, 7, 14, Infinity];
const USE_LIMITS = [0.25, 0.5, 0.8, 0.99, Infinity];
const tierWords = () => (state.tier ? t(state.tier) : t("all_tiers"));

/** Need of every area on the chosen day, and how much of it is met: [{place, need, met, fill}], worst first. */
function areasOnDay() {
  const period = PERIOD_OF_DAY[state.day];
  const found = new Map();
  const rows = table("shortages");
  const [places, need, met] = ["place", "need", "met"].map(rows.column);
  eachRow("shortages", { item: state.item, tier: state.tier, date: FIRST_DAYS[period] }, (row) => {
    const held = found.get(places[row]) ?? { place: places[row], need: 0, met: 0 };
    held.need += need[row] / DAYS[period];
    held.met += met[row] / DAYS[period];
    found.set(places[row], held);
  });
  return [...found.values()].filter((row) => row.need > 1e-9).map((row) => ({ ...row, fill: filled(row.need, row.met) })).sort((a, b) => a.fill - b.fill);
}

function viewMap() {
  const rows = areasOnDay();
  const parts = { item: named("item", state.item), tier: tierWords(), date: dayText(state.day) };
  document.getElementById("where-lead").textContent = t(MAP.areas ? "where_lead_areas" : "where_lead");
  const columns = [col.text("c_place"), col.share("c_fill", classColour), col.num("c_need", unitOf(state.item)), col.num("c_served")];
  showTable(put("areas"), columns, rows.map((r) => [named("place", r.place), r.fill, r.need, r.met]), { name: "areas", shown: 31, filter: false, caption: `${parts.item}, ${parts.date}` });
  if (!rows.length) return showChart("map", { summary: t("map_none", parts) });
  const low = rows.slice(0, 3).filter((r) => r.fill < 1).map((r) => `${named("place", r.place)} ${share(r.fill)}`);
  const summary = t("map_sum", {
    ...parts, share: share(filled(sum(rows.map((r) => r.need)), sum(rows.map((r) => r.met)))), low: low.length ? list(low) : t("class_4"),
    full: rows.filter((r) => r.fill >= 0.999).length, number: rows.length,
  });
  return showChart("map", hasMap ? { option: fillMap(rows), summary, height: mapHeight(), legend: FILL_WORDS() } : { summary });
}

function viewGrid() {
  const rows = table("shortages");
  const [items, dates, need, met] = ["item", "date", "need", "met"].map(rows.column);
  const found = new Map(needed.map((item) => [item, { need: Array(DAYS.length).fill(0), met: Array(DAYS.length).fill(0) }]));
  eachRow("shortages", { tier: state.tier, place: state.place }, (row) => {
    const [held, period] = [found.get(items[row]), PERIOD_OF_FIRST.get(dates[row])];
    held.need[period] += need[row];
    held.met[period] += met[row];
  });
  const lines = [...found].map(([item, held]) => ({
    item, name: named("item", item), values: repeated(held.need.map((n, p) => filled(n, held.met[p]))), all: filled(sum(held.need), sum(held.met)),
  })).filter((line) => line.all !== null).sort((a, b) => a.all - b.all);
  const low = lines.slice(0, 3).map((line) => `${line.name} ${share(line.all)}`);
  const full = lines.filter((line) => line.values.every((v) => v === null || v >= 0.999)).map((line) => line.name);
  showChart("grid", {
    option: lines.length ? dayGrid(lines, FILL_LIMITS, CLASSES, share) : null, height: gridHeight(lines.length), legend: FILL_WORDS(),
    summary: t("grid_sum", { tier: tierWords(), place: placeWords(), low: list(low), full: full.length ? list(full) : t("nothing") }),
    columns: [col.text("c_item"), ...FIRST_DAYS.map((day) => ({ label: dayText(day), type: "share" }))],
    rows: lines.map((line) => [line.name, ...FIRST_DAYS.map((day) => line.values[day])]),
    click: ({ value }) => choose("item", lines[value[1]].item),
  });
}

function viewTime() {
  const { need, met, served, eased, waiting, lost } = byPeriod("shortages", ["need", "met", "served", "eased", "waiting", "lost"], { item: state.item, tier: state.tier, place: state.place });
  const unit = unitOf(state.item);
  const parts = { item: named("item", state.item), tier: tierWords(), place: placeWords() };
  if (sum(need) < 1e-9) return showChart("time", { summary: t("time_none", parts) });
  const fills = need.map((n, p) => filled(n, met[p]));
  const worst = fills.reduce((best, fill, p) => (fill !== null && (best < 0 || fill < fills[best]) ? p : best), -1);
  const series = [
    { name: t("served"), colour: ACCENT, values: perDay(served) },
    ...(sum(eased) > 0 ? [{ name: t("eased"), colour: EASES, values: perDay(eased) }] : []),
    ...(sum(waiting) > 0 ? [{ name: t("waiting"), colour: WAITS, values: repeated(waiting) }] : []),
    { name: t("lost"), colour: SHORT, values: perDay(lost) },
    { name: t("need"), colour: INK, values: perDay(need), line: true },
  ];
  return showChart("time", {
    option: dayBars(t("per_day", { unit }), series), legend: series.map(({ colour, name }) => [colour, name]),
    summary: t("time_sum", { ...parts, need: amount(sum(need)), served: amount(sum(met)), lost: amount(sum(lost) + waiting.at(-1)), unit, worst: dayText(FIRST_DAYS[worst]), worst_share: share(fills[worst]) }),
    columns: [col.day("c_from_day"), col.num("need", unit), col.num("served"), col.num("eased"), col.num("waiting"), col.num("lost"), col.share("fill")],
    rows: FIRST_DAYS.map((day, p) => [day, need[p], served[p], eased[p], waiting[p], lost[p], fills[p]]),
  });
}

const INFLOWS = [["production", "made"], ["releases", "released"], ["imports", "imported"], ["reserve_releases", "reserved"]];

function viewInflow() {
  const unit = unitOf(state.item);
  const flows = INFLOWS.map(([name, key]) => ({ key, values: byReadyDay(name, { item: state.item }).get("") ?? Array(NUM_DAYS).fill(0) }));
  const { need } = byPeriod("shortages", ["need"], { item: state.item });
  const series = [
    ...flows.filter(({ values }) => sum(values) > 0).map(({ key, values }) => ({ name: t(key), colour: SERIES[INFLOWS.findIndex(([, k]) => k === key)], values })),
    { name: t("need"), colour: INK, values: perDay(need), line: true },
  ];
  const totals = Object.fromEntries(flows.map(({ key, values }) => [key, amount(sum(values))]));
  showChart("inflow", {
    option: dayBars(t("per_day", { unit }), series), height: 260, legend: series.map(({ colour, name }) => [colour, name]),
    summary: t("inflow_sum", { item: named("item", state.item), unit, ...totals }),
    columns: [col.day("c_from_day"), ...flows.map(({ key }) => col.num(key, unit)), col.num("need")],
    rows: Array.from({ length: NUM_DAYS }, (_, day) => [day, ...flows.map(({ values }) => values[day]), need[PERIOD_OF_DAY[day]] / DAYS[PERIOD_OF_DAY[day]]]),
  });
}

/** Kinds of resource that bind for the chosen item, the one behind most unmet need first. */
function binding() {
  const rows = table("reasons");
  const found = new Map();
  eachRow("reasons", { item: state.item, tier: state.tier }, (row) => {
    const [resource, lost, place, until] = ["resource", "lost", "place", "binds_until"].map((column) => rows.column(column)[row]);
    const name = named("group", resource ?? "");
    const held = found.get(name) ?? { name, lost: 0, places: new Set(), resources: new Set(), until: 0 };
    held.lost += lost;
    held.places.add(place);
    held.resources.add(named("resource", resource ?? ""));
    held.until = Math.max(held.until, until);
    found.set(name, held);
  });
  return [...found.values()].sort((a, b) => b.lost - a.lost);
}
const reasonWords = (row) => (state.lang === "zh" ? table("reasons").column("text_zh")[row] : null) ?? table("reasons").column("text")[row] ?? "";
const chainWords = (chain) => [...new Set(String(chain ?? "").split(";").filter(Boolean).map((code) => named("resource", code)))].join(" ← ");

function viewBind() {
  const found = binding();
  const [unit, item] = [unitOf(state.item), `${named("item", state.item)} (${tierWords()})`];
  const shown = found.slice(0, 10);
  const all = sum(found.map((r) => r.lost));
  showReasons(unit, item);
  if (!found.length) return showChart("bind", { summary: t("bind_none", { item }) });
  const words = ({ name, lost, places, resources, until }) =>
    `<b>${name}</b><br>${t("c_lost")}: ${amount(lost)} ${unit}<br>${t("c_places")}: ${places.size}<br>${t("c_until")}: ${dayText(until)}<br>${[...resources].slice(0, 5).join("<br>")}`;
  return showChart("bind", {
    summary: t("bind_sum", { item, number: found.length, first: found[0].name, lost: amount(found[0].lost), all: amount(all), share: share(found[0].lost / all), unit }),
    height: 50 + shown.length * 28,
    option: {
      grid: { left: 4, right: 70, top: 6, bottom: 4, containLabel: true }, tooltip: tooltip({ formatter: ({ dataIndex }) => words(shown[dataIndex]) }),
      xAxis: { ...valueAxis(""), axisLabel: { color: SOFT, formatter: axisNumber, hideOverlap: true } },
      yAxis: { type: "category", inverse: true, data: shown.map((r) => r.name), axisTick: { show: false }, axisLabel: { color: INK, width: isNarrow() ? 120 : 320, overflow: "truncate" } },
      series: [{ type: "bar", data: shown.map((r) => r.lost), itemStyle: { color: SHORT }, barMaxWidth: 16, label: { show: true, position: "right", color: INK, formatter: ({ value }) => amount(value) } }],
    },
    columns: [col.text("c_resource"), col.num("c_lost", unit), col.num("c_places"), col.day("c_until"), col.words("c_what")],
    rows: found.map((r) => [r.name, r.lost, r.places.size, r.until, [...r.resources].join("; ")]),
  });
}

/** What one more unit of what binds brings, where it was tried. */
function foundWords(read, row) {
  const found = read("found", row);
  if (found === null || found === undefined) return "";
  return t(read("holds", row) ? "c_found_holds" : "c_found_not", { found: amount(found), promised: amount(read("promised", row)), until: amount(read("range", row)) });
}

/** Every shortage of the item with its reasons, the largest first. */
function showReasons(unit, item) {
  const rows = [];
  const read = (column, row) => table("reasons").column(column)[row];
  eachRow("reasons", { item: state.item, tier: state.tier }, (row) => rows.push([
    named("place", read("place", row)), t(read("tier", row)), read("lost", row), read("from", row), read("to", row),
    named("resource", read("resource", row) ?? ""), read("binds_until", row), foundWords(read, row), chainWords(read("chain", row))]));
  rows.sort((a, b) => b[2] - a[2]);
  showTable(put("reasons"), [col.text("c_place"), col.text("c_tier"), col.num("c_lost", unit), col.day("c_first"), col.day("c_last"), col.words("c_resource"), col.day("c_until"), col.words("c_found"), col.words("c_chain")],
    rows, { name: "reasons", shown: 8, caption: item });
}

/** The item and all that it is made of. */
function madeOf(item, found = new Set()) {
  if (found.has(item)) return found;
  found.add(item);
  for (const input of DATA.inputs[item] ?? []) madeOf(input, found);
  return found;
}

/** What the plan changes for the chosen item, upstream included; of orders abroad the daily mean from their first day. */
function viewRemedies() {
  const wanted = madeOf(state.item);
  const { conversions, licences, measures } = DATA.decisions;
  const kinds = [
    [conversions, (r) => t(r.from_kind ? "k_convert" : "k_new"), (r) => `${named("enterprise", r.enterprise)}: ${num(r.lines)} ${r.from_kind ? `${named("kind", r.from_kind)} → ` : "+ "}${named("kind", r.to_kind)}`],
    [licences, () => t("k_license"), (r) => `${named("enterprise", r.enterprise)}, ${t(r.track)}`],
    [measures, () => t("k_unlock"), (r) => named("measure", r.measure)],
  ];
  const rows = kinds.flatMap(([decisions, how, what]) => decisions.filter((r) => wanted.has(r.item))
    .map((r) => [how(r), what(r), named("item", r.item), r.date, r.ready_date, r.adds, unitOf(r.item), r.weight]));
  for (const item of wanted) {
    for (const [source, values] of byReadyDay("imports", { item }, "source")) {
      const [first, total] = [values.findIndex((v) => v > 1e-6), sum(values)];
      if (first >= 0) rows.push([t("k_import"), plain(source), named("item", item), null, first, total / (NUM_DAYS - first), unitOf(item), null]);
    }
  }
  rows.sort((a, b) => (b[7] ?? -1) - (a[7] ?? -1));
  showTable(put("remedies"), [col.text("c_how"), col.words("c_what"), col.text("c_item"), col.day("c_date"), col.day("c_ready"), col.num("c_adds"), col.text("c_unit"), col.share("c_weight", () => ACCENT)],
    rows, { name: "remedies", shown: 8, caption: t("remedy_title"), none: t("remedy_none", { item: named("item", state.item) }) });
}

function viewUse() {
  const rows = table("capacity");
  const [kinds, dates, usable, used] = ["kind", "date", "usable", "used"].map(rows.column);
  const found = new Map();
  for (let row = 0; row < rows.rows; row += 1) {
    if (!found.has(kinds[row])) found.set(kinds[row], { usable: Array(DAYS.length).fill(0), used: Array(DAYS.length).fill(0) });
    const [held, period] = [found.get(kinds[row]), PERIOD_OF_FIRST.get(dates[row])];
    held.usable[period] += usable[row];
    held.used[period] += used[row];
  }
  const lines = [...found].filter(([, held]) => sum(held.used) > 1e-6).map(([kind, held]) => ({
    name: named("kind", kind), values: repeated(held.usable.map((u, p) => filled(u, held.used[p]))), all: filled(sum(held.usable), sum(held.used)),
  })).sort((a, b) => b.all - a.all);
  const full = lines.filter((line) => line.values.some((v) => v !== null && v >= 0.99)).map((line) => line.name);
  showChart("use", lines.length ? {
    option: dayGrid(lines, USE_LIMITS, USES, share), height: gridHeight(lines.length), legend: USES.map((colour, n) => [colour, t(`use_${n}`)]),
    summary: t("use_sum", { number: lines.length, full: full.length, names: full.length ? list(full) : t("nothing") }),
    columns: [col.text("c_kind"), ...FIRST_DAYS.map((day) => ({ label: dayText(day), type: "share" }))],
    rows: lines.map((line) => [line.name, ...FIRST_DAYS.map((day) => line.values[day])]),
  } : { summary: t("no_rows") });
}

function viewPrices() {
  const rows = table("prices");
  const best = new Map();
  for (let row = 0; row < rows.rows; row += 1) {
    const key = `${rows.column("stage")[row]}|${rows.column("resource")[row]}`;
    if (!best.has(key) || rows.column("price")[row] > rows.column("price")[best.get(key)]) best.set(key, row);
  }
  const read = (column, row) => rows.column(column)[row];
  const order = new Map(DATA.proof.stages.map(([stage], n) => [stage, n]));
  const shown = [...best.values()].sort((a, b) => (order.get(read("stage", a)) ?? 99) - (order.get(read("stage", b)) ?? 99) || read("price", b) - read("price", a));
  const highest = new Map();
  for (const row of shown) highest.set(read("stage", row), Math.max(highest.get(read("stage", row)) ?? 0, read("price", row)));
  showTable(put("prices"), [col.text("c_stage"), col.words("c_resource"), col.day("c_from_day"), col.share("c_relative", () => ACCENT), { label: t("c_price"), type: "price" }],
    shown.map((row) => [stageName(read("stage", row)), named("resource", read("resource", row)), read("date", row), read("price", row) / highest.get(read("stage", row)), read("price", row)]),
    { name: "prices", shown: 10, caption: t("price_title") });
}

/** A stage's name: tier and aim. */
const stageName = (stage) => (state.lang === "zh" ? stage.split(" ").map((word) => STAGE_WORDS[word] ?? t(word)).join("") : stage);
const STAGE_WORDS = { rules: "底线规则", fairness: "公平", shortage: "缺口", targets: "目标库存", calm: "平稳", cost: "费用" };

function viewDecisions() {
  const cost = { label: t("c_cost", { currency: DATA.meta.currency[which()] }), type: "num" };
  const adds = [col.text("c_makes"), col.num("c_adds"), col.text("c_unit"), col.share("c_weight")];
  const added = (r) => [named("item", r.item), r.adds, r.adds ? unitOf(r.item) : "", r.weight];
  showTable(put("conversions"), [col.day("c_date"), col.day("c_ready"), col.text("c_who"), col.text("c_where"), col.text("c_what"), col.num("c_lines"), ...adds, cost],
    DATA.decisions.conversions.map((r) => [r.date, r.ready_date, named("enterprise", r.enterprise), named("place", r.place), `${r.from_kind ? `${named("kind", r.from_kind)} → ` : "+ "}${named("kind", r.to_kind)}`, r.lines, ...added(r), r.cost]), { name: "conversions", caption: t("conversions_title") });
  showTable(put("licences"), [col.day("c_date"), col.day("c_ready"), col.text("c_who"), col.text("c_track"), ...adds, cost],
    DATA.decisions.licences.map((r) => [r.date, r.ready_date, named("enterprise", r.enterprise), t(r.track), ...added(r), r.cost]), { name: "licences", caption: t("licences_title") });
  showTable(put("measures"), [col.day("c_date"), col.day("c_ready"), col.words("c_what"), col.text("c_target"), ...adds, cost],
    DATA.decisions.measures.map((r) => [r.date, r.ready_date, named("measure", r.measure), named("line", r.target), ...added(r), r.cost]), { name: "measures", caption: t("measures_title") });
}

function viewMake() {
  const [unit, item] = [unitOf(state.made), named("item", state.made)];
  const makers = new Map();
  for (const name of ["production", "releases"]) {
    for (const [enterprise, values] of byReadyDay(name, { item: state.made }, "enterprise")) {
      const held = makers.get(enterprise) ?? Array(NUM_DAYS).fill(0);
      makers.set(enterprise, held.map((v, day) => v + values[day]));
    }
  }
  const ranked = [...makers].map(([enterprise, values]) => ({ name: named("enterprise", enterprise), values, total: sum(values) })).filter((m) => m.total > 1e-6).sort((a, b) => b.total - a.total);
  if (!ranked.length) {
    showTable(put("makers"), [], []);
    return showChart("make", { summary: t("make_none", { item }) });
  }
  const rest = ranked.slice(7);
  const series = ranked.slice(0, 7).map((m, n) => ({ ...m, colour: SERIES[n] }));
  if (rest.length) series.push({ name: t("others"), colour: SERIES[7], values: rest[0].values.map((_, day) => sum(rest.map((m) => m.values[day]))) });
  const span = (values) => [values.findIndex((v) => v > 1e-6), values.findLastIndex((v) => v > 1e-6)];
  showTable(put("makers"), [col.text("c_who"), col.num("c_total", unit), col.num("c_peak"), col.day("c_first"), col.day("c_last")],
    ranked.map((m) => [m.name, m.total, Math.max(...m.values), ...span(m.values)]), { name: "makers", shown: 10, caption: item });
  return showChart("make", {
    option: dayBars(t("per_day", { unit }), series), legend: series.map(({ colour, name }) => [colour, name]),
    summary: t("make_sum", { item, unit, total: amount(sum(ranked.map((m) => m.total))), number: ranked.length, first: `${ranked[0].name} (${share(ranked[0].total / sum(ranked.map((m) => m.total)))})` }),
    columns: [col.day("c_from_day"), ...series.map((m) => ({ label: m.name, type: "num" }))],
    rows: Array.from({ length: NUM_DAYS }, (_, day) => [day, ...series.map((m) => m.values[day])]),
  });
}

function viewFlow() {
  const rows = table("shipments");
  const [unit, item] = [unitOf(state.shipped), named("item", state.shipped)];
  const found = new Map();
  eachRow("shipments", { item: state.shipped }, (row) => {
    const [origin, destination, mode, date] = ["origin", "destination", "mode", "date"].map((c) => rows.column(c)[row]);
    const key = `${origin}|${destination}|${mode}`;
    const held = found.get(key) ?? { origin, destination, mode, quantity: 0, first: date };
    held.quantity += rows.column("quantity")[row];
    held.first = Math.min(held.first, date);
    found.set(key, held);
  });
  const flows = [...found.values()].filter((flow) => flow.quantity > 1e-6).sort((a, b) => b.quantity - a.quantity);
  showTable(put("flows"), [col.text("c_from"), col.text("c_to"), col.text("c_mode"), col.num("c_quantity", unit), col.day("c_first")],
    flows.map((f) => [named("place", f.origin), named("place", f.destination), t(f.mode), f.quantity, f.first]), { name: "flows", caption: t("largest"), shown: 12 });
  if (!flows.length) return showChart("flow", { summary: t("flow_none", { item }) });
  const first = `${named("place", flows[0].origin)} → ${named("place", flows[0].destination)} (${amount(flows[0].quantity)})`;
  const summary = t("flow_sum", { item, unit, total: amount(sum(flows.map((f) => f.quantity))), number: flows.length, first });
  return showChart("flow", hasMap ? { option: flowMap(flows), height: mapHeight(), summary } : { summary });
}

/** Days that a stock lasts against the need of the days after a period. */
function daysOfCover(stock, need, period) {
  const daily = perDay(need);
  let [left, days] = [stock, 0];
  const after = FIRST_DAYS[period] + DAYS[period];
  for (let day = after; days < 60; day += 1) {
    const wanted = daily[Math.min(day, NUM_DAYS - 1)];
    if (wanted <= 1e-9 && day >= NUM_DAYS) return 60;
    if (left < wanted) return days + (wanted > 0 ? left / wanted : 0);
    left -= wanted;
    days += 1;
  }
  return 60;
}

function viewCover() {
  const lines = needed.map((item) => {
    const { need } = byPeriod("shortages", ["need"], { item, place: state.place });
    const { quantity } = byPeriod("stocks", ["quantity"], { item, place: state.place });
    const days = sum(need) > 1e-9 ? quantity.map((stock, period) => daysOfCover(stock, need, period)) : null;
    return { name: named("item", item), days, values: days && repeated(days) };
  }).filter((line) => line.days).sort((a, b) => Math.min(...a.days) - Math.min(...b.days) || sum(a.days) - sum(b.days));
  const words = (days) => t("cover_part", { item: "", days: days >= 60 ? "60+" : num(Math.round(days * 10) / 10) }).trim();
  const period = PERIOD_OF_DAY[Math.min(state.day, NUM_DAYS - 1)];
  const short = [...lines].sort((a, b) => a.days[period] - b.days[period]).slice(0, 4);
  showChart("cover", lines.length ? {
    option: dayGrid(lines, COVER_LIMITS, CLASSES, words), height: gridHeight(lines.length), legend: CLASSES.map((colour, n) => [colour, t(`cover_${n}`)]),
    summary: t("cover_sum", { place: placeWords(), date: dayText(FIRST_DAYS[period] + DAYS[period] - 1), list: list(short.map((line) => `${line.name} ${words(line.days[period])}`)) }),
    columns: [col.text("c_item"), ...FIRST_DAYS.map((day) => ({ label: dayText(day), type: "num" }))],
    rows: lines.map((line) => [line.name, ...line.days]),
  } : { summary: t("no_rows") });
}

function viewProof() {
  const { stages, rules, violations, seconds } = DATA.proof;
  const whole = { filter: false, shown: 200 };
  showTable(put("stages"), [col.text("c_stage"), { label: t("c_value"), type: "exact" }, { label: t("c_bound"), type: "exact" }, col.share("c_gap"), col.num("c_seconds"), col.text("c_reached")],
    stages.map(([stage, value, bound, gap, time, reached]) => [stageName(stage), value, bound, gap, time, t(reached ? "yes" : "no")]), { name: "stages", caption: t("stages_title"), ...whole });
  showTable(put("rules"), [col.text("c_rule"), col.words("c_words"), col.num("c_breaches")],
    rules.map(([name, en, zh, broken]) => [plain(name), state.lang === "zh" ? zh : en, broken]), { name: "rules", caption: t("rules_title"), ...whole });
  document.getElementById("breaches").hidden = !violations.length;
  showTable(put("violations"), [col.text("c_rule"), col.words("c_words")], violations.map(([rule, words]) => [plain(rule), words]), { name: "violations", caption: t("violations_title") });
  const meta = DATA.meta;
  const facts = [
    ["id_case", state.lang === "zh" ? meta.title_zh : meta.title], ["id_scenario", meta.scenario], ["id_horizon", meta.horizon], ["id_status", t(meta.status)],
    ["id_hash", meta.hash], ["id_versions", Object.entries(meta.versions).map((pair) => pair.join(" ")).join(", ")],
    ["id_seconds", Object.entries(seconds).map(([step, time]) => `${plain(step)} ${num(time)}`).join(", ")],
  ];
  document.getElementById("identity").replaceChildren(...facts.flatMap(([key, value]) => [make("dt", {}, t(key)), make("dd", {}, value)]));
}

function viewAny() {
  const rows = table(state.table);
  const columns = declared(state.table);
  const read = columns.map(({ name, type }) => {
    const values = rows.column(name);
    return type === "text" ? values.map((value) => named(name, value)) : values;
  });
  const lines = Array.from({ length: rows.rows }, (_, row) => read.map((values) => values[row]));
  const cut = rows.rows < rows.total ? t("rows_cut", { held: num(rows.rows), total: num(rows.total) }) : "";
  document.getElementById("table-words").textContent = cut;
  showTable(put("any"), columns, lines, { name: state.table, shown: 20, caption: named("table", state.table) });
}

VIEWS.push(
  [viewMap, ["item", "tier", "day"], "where"], [viewGrid, ["tier", "place"], "when"], [viewTime, ["item", "tier", "place"], "when"], [viewInflow, ["item"], "when"],
  [viewBind, ["item", "tier"], "why"], [viewRemedies, ["item"], "why"], [viewUse, [], "why"], [viewPrices, [], "why"], [viewDecisions, [], "change"], [viewMake, ["made"], "make"], [viewFlow, ["shipped"], "flow"],
  [viewCover, ["place", "day"], "cover"], [viewProof, [], "proof"], [viewAny, ["table"], "tables"],
);
