// A replay: how each policy fared, day by day on a map; what was foreseen; changes and cuts; what measures were worth.

const PACE = 700;
const LIVES = DATA.replay?.policies ?? [];
const replayState = { policy: LIVES[0] ?? "", item: "", tier: DATA.replay?.first_tier ?? "", day: 0, table: "replay_policies", timer: 0 };
const known = (code, prefix) => (DATA.texts[`${prefix}${code.replaceAll("-", "_")}`] ? t(`${prefix}${code.replaceAll("-", "_")}`) : plain(code));
const policyName = (code) => known(code, "rp_");
const colourOf = (policy) => SERIES[LIVES.indexOf(policy) % SERIES.length];
const column = (name, ...columns) => columns.map((each) => table(name).column(each));

/** Lines by day. series: [{name, colour, values, width}] */
function dayLines(unit, series, format = num, extra = {}) {
  return {
    grid: { left: 8, right: 14, top: 34, bottom: 6, containLabel: true },
    tooltip: tooltip({ trigger: "axis", formatter: (points) => [`<b>${points[0].name}</b>`, ...points.filter(({ value }) => value !== null && value !== undefined).map((p) => `${p.marker}${p.seriesName}: ${format(p.value)}`)].join("<br>") }),
    xAxis: dayAxis(), yAxis: { ...valueAxis(unit), ...extra },
    series: series.map(({ name, colour, values, width, opacity }) => ({ name, type: "line", data: values, showSymbol: NUM_DAYS < 2, lineStyle: { color: colour, width: width ?? 2, opacity: opacity ?? 1 }, itemStyle: { color: colour } })),
  };
}

/** Need and what was met of it, by day, of one policy. */
function livedDays(policy) {
  const [days, needs, mets] = column("lived_days", "date", "need", "met");
  const [need, met] = [Array(NUM_DAYS).fill(0), Array(NUM_DAYS).fill(0)];
  eachRow("lived_days", { policy, tier: replayState.tier, item: replayState.item }, (row) => { need[days[row]] += needs[row]; met[days[row]] += mets[row]; });
  return { need, met };
}

function viewLived() {
  const fields = ["policy", "vital", "essential", "desirable", "loss", "regret", "cost", "waste", "cuts", "changed"];
  const rows = column("replay_policies", ...fields);
  const kind = { policy: col.text, vital: col.share, essential: col.share, desirable: col.share };
  showTable(put("lived_policies"), fields.map((name) => (kind[name] ?? col.num)(`r_${name}`, kind[name] === col.share ? () => SHORT : undefined)),
    rows[0].map((policy, row) => [policyName(policy), ...rows.slice(1).map((values) => values[row])]), { name: "policies", caption: t("lived") });
  const lines = LIVES.map((policy) => ({ policy, ...livedDays(policy) })).filter(({ need }) => sum(need) > 0);
  if (!lines.length) return showChart("lived_fill", { summary: t("lived_none") });
  const fills = list(lines.map(({ policy, need, met }) => `${policyName(policy)} ${share(filled(sum(need), sum(met)))}`));
  showChart("lived_fill", {
    summary: t("lived_sum", { what: named("item", replayState.item), tier: t(replayState.tier), fills }), height: 320,
    option: dayLines("", lines.map(({ policy, need, met }) => ({ name: policyName(policy), colour: colourOf(policy), values: need.map((n, day) => filled(n, met[day])) })), share, { min: 0, max: 1, axisLabel: { color: SOFT, formatter: share } }),
    legend: lines.map(({ policy }) => [colourOf(policy), policyName(policy)]),
    columns: [col.day("c_from_day"), ...lines.map(({ policy }) => ({ label: policyName(policy), type: "share" }))],
    rows: Array.from({ length: NUM_DAYS }, (_, day) => [day, ...lines.map(({ need, met }) => filled(need[day], met[day]))]),
  });
}

/** The map of one day: the share met at each place. */
function viewLivedMap() {
  const [places, dates, needs, mets] = column("lived_places", "place", "date", "need", "met");
  const rows = [];
  eachRow("lived_places", { policy: replayState.policy, item: replayState.item, date: replayState.day }, (row) => {
    if (needs[row] > 1e-9) rows.push({ place: places[row], need: needs[row], fill: filled(needs[row], mets[row]), met: mets[row], date: dates[row] });
  });
  rows.sort((a, b) => a.fill - b.fill || b.need - a.need);
  const words = { policy: policyName(replayState.policy), what: named("item", replayState.item), date: dayText(replayState.day) };
  showDay();
  if (!rows.length) return showChart("lived_map", { summary: t("lived_map_none", words) });
  const all = filled(sum(rows.map(({ need }) => need)), sum(rows.map(({ met }) => met)));
  showChart("lived_map", {
    summary: t("lived_map_sum", { ...words, fill: share(all), place: named("place", rows[0].place), worst: share(rows[0].fill) }),
    option: hasMap ? fillMap(rows) : shareBars(rows.map(({ place }) => named("place", place)), [{ name: t("fill"), colour: ACCENT, values: rows.map(({ fill }) => fill) }]),
    height: hasMap ? mapHeight() : gridHeight(rows.length), legend: hasMap ? fillLegend() : [],
    columns: [col.text("c_place"), col.num("need"), col.share("fill", classColour)], rows: rows.map(({ place, need, fill }) => [named("place", place), need, fill]),
  });
}
const fillLegend = () => CLASSES.map((colour, i) => [colour, i === CLASSES.length - 1 ? "100%" : `< ${share(FILL_LIMITS[i] > 0.99 ? 1 : FILL_LIMITS[i])}`]);

function showDay() {
  const slider = document.getElementById("replay-day");
  slider.max = String(NUM_DAYS - 1);
  slider.value = String(replayState.day);
  slider.setAttribute("aria-valuetext", dayText(replayState.day));
  document.getElementById("replay-day-text").textContent = dayText(replayState.day);
  const button = document.getElementById("replay-play");
  button.textContent = t(replayState.timer ? "pause" : "play");
  button.setAttribute("aria-pressed", String(Boolean(replayState.timer)));
}

/** Play from the day on, or from the first when the last is shown; stop there. */
function play() {
  if (replayState.timer) return stop();
  if (replayState.day >= NUM_DAYS - 1) replayState.day = 0;
  replayState.timer = setInterval(() => {
    if (replayState.day >= NUM_DAYS - 1) return stop();
    replayState.day += 1;
    viewLivedMap();
  }, PACE);
  viewLivedMap();
}
function stop() {
  clearInterval(replayState.timer);
  replayState.timer = 0;
  showDay();
}

/** Need as it came, and as it was foreseen on each morning of decisions. */
function viewForeseen() {
  const [made, dates, foreseen, came] = column("lived_forecasts", "made_on", "date", "foreseen", "came");
  const lines = new Map();
  const real = Array(NUM_DAYS).fill(null);
  eachRow("lived_forecasts", { item: replayState.item, tier: replayState.tier }, (row) => {
    if (!lines.has(made[row])) lines.set(made[row], Array(NUM_DAYS).fill(null));
    lines.get(made[row])[dates[row]] = foreseen[row];
    real[dates[row]] = came[row];
  });
  if (!lines.size) return showChart("foreseen", { summary: t("foreseen_none") });
  const first = lines.values().next().value;
  const of = (values) => amount(sum(first.map((value, day) => (value === null ? 0 : values[day] ?? 0))));
  const unit = t("per_day", { unit: unitOf(replayState.item) });
  const series = [...lines].map(([day, values]) => ({ name: `${t("foreseen_made")} ${dayText(day)}`, colour: WAITS, values, width: 1.2 }));
  showChart("foreseen", {
    summary: t("foreseen_sum", { what: named("item", replayState.item), number: num(lines.size), first: of(first), came: of(real) }), height: 320,
    option: dayLines(unit, [...series, { name: t("foreseen_came"), colour: INK, values: real, width: 3 }]),
    legend: [[INK, t("foreseen_came")], [WAITS, t("foreseen_made")]],
    columns: [col.day("c_from_day"), col.num("foreseen_came", unit), ...series.map(({ name }) => ({ label: name, type: "num" }))],
    rows: real.map((value, day) => [day, value, ...series.map(({ values }) => values[day])]),
  });
}

function viewCalmness() {
  const [made, changed, kept] = column("replay_changes", "made_on", "changed", "kept");
  const [different, same] = [Array(NUM_DAYS).fill(0), Array(NUM_DAYS).fill(0)];
  eachRow("replay_changes", { policy: replayState.policy }, (row) => { different[made[row]] += changed[row]; same[made[row]] += kept[row]; });
  const total = sum(different) + sum(same);
  const words = { policy: policyName(replayState.policy), changed: num(sum(different)), total: num(total) };
  showChart("calmness", total === 0 ? { summary: t("calmness_none") } : {
    summary: t("calmness_sum", words), height: 260,
    option: dayBars("", [{ name: t("calmness_kept"), colour: EASES, values: same }, { name: t("calmness_changed"), colour: SHORT, values: different }]),
    legend: [[SHORT, t("calmness_changed")], [EASES, t("calmness_kept")]],
    columns: [col.day("r_made_on"), col.num("r_changed"), col.num("r_kept")], rows: different.map((n, day) => [day, n, same[day]]).filter(([, n, m]) => n + m > 0),
  });
  const [short] = column("replay_cuts", "short_of");
  const often = new Map();
  eachRow("replay_cuts", { policy: replayState.policy }, (row) => often.set(short[row], (often.get(short[row]) ?? 0) + 1));
  showTable(put("replay_short"), [col.text("r_short_of"), col.num("r_number")], [...often].sort((a, b) => b[1] - a[1]).map(([name, n]) => [named("resource", name), n]),
    { name: "cuts", caption: t("cuts_title"), shown: 10 });
}

function viewWorth() {
  const fields = ["measure", "worth", "without", "vital", "cost"];
  const rows = column("replay_worth", ...fields);
  const names = rows[0].map((measure) => known(measure, "rm_"));
  showChart("worth", names.length === 0 ? { summary: t("worth_none") } : {
    summary: t("worth_sum", { what: names[0], worth: num(rows[1][0]) }), height: gridHeight(names.length),
    option: namedBars(names, rows[1].map((value) => ({ value, itemStyle: { color: ACCENT } })), num),
    columns: [col.text("r_measure"), col.num("r_worth"), col.num("r_without"), col.share("r_vital"), col.num("r_cost")],
    rows: names.map((name, row) => [name, ...rows.slice(1).map((values) => values[row])]),
  });
}

/** Any table of the replay, with the names of its codes. */
function viewReplayTable() {
  const names = Object.keys(DATA.columns).filter((name) => name.startsWith("replay_"));
  fillReplaySelect("table", names.map((name) => [name, `${plain(name.slice(7))} (${num(table(name).total)})`]));
  const rows = table(replayState.table);
  const kinds = { number: "num", integer: "num", date: "day" };
  const columns = DATA.columns[replayState.table].map(([name, type, text, text_zh, unit]) => ({ name, label: state.lang === "zh" ? text_zh || plain(name) : plain(name), title: unit ? `${text} [${unit}]` : text, type: kinds[type] ?? "text" }));
  const word = (name, value) => (name === "policy" ? policyName(value) : name === "measure" ? known(value, "rm_") : named(name === "short_of" ? "resource" : name, value));
  const read = columns.map(({ name, type }) => (type === "text" ? rows.column(name).map((value) => (value === null ? "" : word(name, value))) : rows.column(name)));
  showTable(put("replay_any"), columns, Array.from({ length: rows.rows }, (_, row) => read.map((values) => values[row])), { name: replayState.table, shown: 20, caption: plain(replayState.table.slice(7)) });
}

function fillReplaySelect(key, options) {
  for (const select of document.querySelectorAll(`select[data-replay="${key}"]`)) {
    select.replaceChildren(...options.map(([value, words]) => make("option", { value }, words)));
    select.value = replayState[key];
  }
}

/** What can be chosen, in the language of the page. */
function viewReplayChoices() {
  fillReplaySelect("policy", LIVES.map((code) => [code, policyName(code)]));
  fillReplaySelect("item", domain("lived_days", "item").map((code) => [code, named("item", code)]));
  fillReplaySelect("tier", DATA.tiers.map((code) => [code, t(code)]));
}

if (DATA.replay) {
  /** Begin with the item of the first tier that was met least over all policies. */
  const [tiers, items, needs, mets] = column("lived_days", "tier", "item", "need", "met");
  const fills = new Map();
  items.forEach((item, row) => {
    if (tiers[row] !== replayState.tier) return;
    const [need, met] = fills.get(item) ?? [0, 0];
    fills.set(item, [need + needs[row], met + mets[row]]);
  });
  replayState.item = [...fills].sort(([, a], [, b]) => a[1] / a[0] - b[1] / b[0])[0]?.[0] ?? "";
  const depends = { policy: ["lived_map", "calmness"], item: ["lived", "lived_map", "foreseen"], tier: ["lived", "foreseen"], table: ["replay_tables"] };
  for (const select of document.querySelectorAll("select[data-replay]")) {
    select.addEventListener("input", () => {
      const key = select.dataset.replay;
      replayState[key] = select.value;
      viewReplayChoices();
      for (const [view, , section] of viewsHere()) if (depends[key].includes(section)) view();
    });
  }
  document.getElementById("replay-day").addEventListener("input", ({ target }) => { replayState.day = Number(target.value); stop(); viewLivedMap(); });
  document.getElementById("replay-play").addEventListener("click", play);
  VIEWS.push([viewReplayChoices, [], "lived"], [viewLived, [], "lived"], [viewLivedMap, [], "lived_map"], [viewForeseen, [], "foreseen"],
    [viewCalmness, [], "calmness"], [viewWorth, [], "worth"], [viewReplayTable, [], "replay_tables"]);
}
