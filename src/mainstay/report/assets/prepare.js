// What should stand ready: where and in which form, cost against risk, what it prevents.

const MOST_FUTURES = 20;
const MOST_SCORED = 20;

/** Sums of a figure by a column, the largest first. */
function summed(rows, key, value) {
  const sums = new Map();
  for (const row of rows) if (row[key]) sums.set(row[key], (sums.get(row[key]) ?? 0) + row[value]);
  return [...sums].sort((a, b) => b[1] - a[1]);
}
const three = (value) => String(Number((value ?? 0).toPrecision(3)));
const formName = (form) => t(`pf_${form}`);
const ruleName = (rule) => t(`rule_${rule.replaceAll(" ", "_")}`);

function viewReady() {
  const all = records("designs");
  const forms = summed(all, "form", "cost");
  const total = forms.reduce((sum, [, cost]) => sum + cost, 0);
  showChart("ready_map", readyMap(all));
  showChart("ready_forms", forms.length === 0 ? { summary: t("ready_nothing") } : {
    summary: t("ready_forms_sum", { form: formName(forms[0][0]), share: share(forms[0][1] / total) }),
    option: namedBars(forms.map(([form]) => formName(form)), forms.map(([, cost]) => ({ value: cost, itemStyle: { color: ACCENT } })), num),
    height: gridHeight(forms.length), columns: [col.text("p_form"), col.num("p_cost")], rows: forms.map(([form, cost]) => [formName(form), cost]),
  });
  showTable(put("ready_list"), [col.words("p_text"), col.text("p_form"), col.text("p_place"), col.num("p_quantity"), col.num("p_most"), col.num("p_cost")],
    all.map((row) => [state.lang === "zh" ? row.text_zh : row.text, formName(row.form), row.place ? named("place", row.place) : "", row.quantity, row.most, row.cost]),
    { name: "designs", caption: t("ready_list"), none: t("ready_nothing") });
}

function readyMap(all) {
  const placed = summed(all, "place", "cost").filter(([place]) => PLACES.get(place)?.lat != null);
  if (!hasMap || !placed.length) return { summary: "" };
  const most = placed[0][1];
  const data = placed.map(([place, cost]) => ({
    place, cost, value: [PLACES.get(place).lon, PLACES.get(place).lat], symbolSize: Math.max(7, (isNarrow() ? 26 : 44) * Math.sqrt(cost / most)),
    itemStyle: { color: ACCENT, opacity: 0.85, borderColor: "#fff", borderWidth: 1 }, label: { position: nameSide(PLACES.get(place).lon) },
  }));
  return {
    summary: t("ready_map_sum"), height: mapHeight(),
    option: {
      geo: backdrop(), tooltip: tooltip({ formatter: ({ data: { place, cost } }) => `<b>${named("place", place)}</b><br>${num(cost)}` }),
      series: [{ type: "scatter", coordinateSystem: "geo", data, z: 4, labelLayout: { hideOverlap: true },
        label: { show: true, position: "right", distance: 3, color: INK, fontSize: isNarrow() ? 10 : 12, textBorderColor: "#fff", textBorderWidth: 2, formatter: ({ data: { place } }) => named("place", place) } }],
    },
    columns: [col.text("p_place"), col.num("p_cost")], rows: placed.map(([place, cost]) => [named("place", place), cost]),
  };
}

function viewFrontier() {
  const points = records("frontier");
  const knee = points.find(({ is_knee }) => is_knee);
  const line = (key, colour, name) => ({
    name, type: "line", symbolSize: 6, itemStyle: { color: colour }, lineStyle: { color: colour },
    data: points.map((point) => ({ value: [point.cost, point[key]], symbolSize: point.is_knee ? 14 : 6 })),
  });
  showChart("frontier", points.length === 0 ? { summary: t("frontier_none") } : {
    summary: knee ? t("frontier_sum", { cost: num(knee.cost), mean: three(knee.mean), worst: three(knee.worst) }) : t("frontier_flat"),
    option: {
      grid: { left: 8, right: 24, top: 24, bottom: 28, containLabel: true },
      tooltip: tooltip({ trigger: "item", formatter: ({ seriesName, value }) => `<b>${seriesName}</b><br>${num(value[0])}: ${three(value[1])}` }),
      xAxis: { ...valueAxis(t("p_cost")), nameLocation: "middle", nameGap: 26, axisLabel: { color: SOFT, hideOverlap: true, formatter: num } },
      yAxis: { ...valueAxis("") },
      series: [line("worst", SHORT, t("p_worst")), line("mean", ACCENT, t("p_mean"))],
    },
    height: 320, legend: [[SHORT, t("p_worst")], [ACCENT, t("p_mean")]],
    columns: [col.num("p_budget"), col.num("p_cost"), col.num("p_mean"), col.num("p_worst"), col.share("p_gap"), col.text("p_knee")],
    rows: points.map(({ budget, cost, mean, worst, gap, is_knee }) => [budget, cost, mean, worst, gap, is_knee ? "✓" : ""]),
  });
}

function viewFutures() {
  const all = records("design_futures").sort((a, b) => b.loss_without - a.loss_without);
  const first = all.slice(0, MOST_FUTURES);
  const bar = (key, colour) => ({ type: "bar", barMaxWidth: 9, itemStyle: { color: colour }, data: first.map((each) => each[key]) });
  showChart("futures", {
    summary: t("futures_sum", { future: first[0].future, before: three(first[0].loss_without), after: three(first[0].loss) }),
    option: {
      ...namedBars(first.map(({ future }) => future), [], three), series: [bar("loss_without", SHORT), bar("loss", ACCENT)],
      tooltip: tooltip({ trigger: "axis", axisPointer: { type: "shadow" }, formatter: ([{ dataIndex }]) => `<b>${first[dataIndex].future}</b><br>${t("futures_without")}: ${three(first[dataIndex].loss_without)}<br>${t("futures_with")}: ${three(first[dataIndex].loss)}` }),
    },
    height: gridHeight(first.length), legend: [[SHORT, t("futures_without")], [ACCENT, t("futures_with")]],
    columns: [col.text("p_future"), col.share("p_weight"), col.num("p_loss_without"), col.num("p_loss"), col.share("p_fill")],
    rows: all.map((each) => [each.future, each.weight, each.loss_without, each.loss, each.fill_rate]),
  });
  showTable(put("trials"), [col.text("p_rule"), col.num("p_cost"), col.num("p_mean"), col.num("p_low"), col.num("p_high"), col.num("p_worst"), col.share("p_fill")],
    records("trials").map((each) => [ruleName(each.rule), each.cost, each.mean, each.mean_low, each.mean_high, each.worst, each.fill_rate]),
    { name: "trials", caption: t("trials"), none: t("trials_none") });
  showTable(put("unmet"), [col.text("c_item"), col.text("c_place"), col.text("tier"), col.num("p_need"), col.num("p_lost_without"), col.num("p_lost")],
    records("design_losses").sort((a, b) => b.lost / b.need - a.lost / a.need).map((each) => [named("item", each.item), named("place", each.place), t(each.tier), each.need, each.lost_without, each.lost]),
    { name: "design_losses", shown: 10, caption: t("unmet") });
}

function viewRotation() {
  showTable(put("rotation_plan"), [col.text("c_item"), col.text("c_place"), col.num("r_held"), col.num("r_limit"), col.num("r_usage"), col.num("r_turn"), col.num("r_scrapped")],
    records("rotation_plan").map((each) => [named("item", each.item), named("place", each.place), each.held, each.limit, each.usage_per_day, each.turn_days, each.scrapped]),
    { name: "rotation_plan", caption: t("rotation"), none: t("rotation_none") });
  showTable(put("rotation_calendar"), [col.text("r_date"), col.text("r_action"), col.text("c_item"), col.text("c_place"), col.num("r_quantity"), col.text("r_expires")],
    records("rotation_calendar").map((each) => [isoDay(each.date), t(`ra_${each.action}`), named("item", each.item), named("place", each.place), each.quantity, isoDay(each.expires)]),
    { name: "rotation_calendar", caption: t("rotation_calendar"), none: t("rotation_none") });
}

function viewPeacetime() {
  const all = records("peacetime");
  showTable(put("peacetime"), [col.text("pt_kind"), col.text("pt_name"), col.text("c_place"), col.num("pt_capacity"), col.num("pt_usage"), col.share("pt_share"), col.text("pt_idle")],
    all.map((row) => [t(`pt_${row.kind}`), named(row.kind === "stock" ? "item" : "kind", row.name), row.place ? named("place", row.place) : "", row.capacity, row.usage, row.utilisation, row.is_idle ? "✓" : row.usage == null ? t("pt_unknown") : ""]),
    { name: "peacetime", caption: t("peacetime"), none: t("peacetime_none") });
}

function viewScores() {
  const all = records("scores");
  const first = all.slice(0, MOST_SCORED);
  showChart("scores", all.length === 0 ? { summary: t("scores_none") } : {
    summary: t("scores_sum", { item: named("item", all[0].item), text: state.lang === "zh" ? all[0].text_zh : all[0].text }),
    option: namedBars(first.map(({ item }) => named("item", item)), first.map(({ score }) => ({ value: score, itemStyle: { color: ACCENT } })), three),
    height: gridHeight(first.length),
    columns: [col.num("sc_rank"), col.text("c_item"), col.num("sc_score"), col.num("sc_surge"), col.num("sc_severity"), col.num("sc_irreplaceability"), col.num("sc_recover"), col.num("sc_survive"), col.text("sc_abc"), col.text("sc_ved"), col.text("sc_category"), col.words("p_text")],
    rows: all.map((row) => [row.rank, named("item", row.item), row.score, row.surge, row.severity, row.irreplaceability, row.recover_days, row.survive_days, none(row.abc), row.ved === "none" ? "" : t(row.ved), none(row.category), state.lang === "zh" ? row.text_zh : row.text]),
  });
}
const none = (code) => (code === "none" ? "" : code);

if (DATA.prepare && DATA.columns.scores) VIEWS.push([viewScores, [], "scores"]);
if (DATA.prepare) VIEWS.push([viewPeacetime, [], "peacetime"], [viewRotation, [], "rotation"], [viewReady, [], "ready"], [viewFrontier, [], "frontier"], [viewFutures, [], "futures"]);
