// Stress: what each loss costs, how long it is survived, the smallest blow.

const MOST_BARS = 20;
const stressState = { kind: "", chosen: "", table: "stress_exposures" };

/** All disruptions as records, the heaviest first. */
function disruptions() {
  const rows = table("stress_exposures");
  const names = ["disruption", "kind", "label", "label_zh", "place", "loss", "loss_share", "index", "fill_rate", "survive_days", "recover_days", "is_exposed", "text", "text_zh"];
  const columns = names.map((name) => rows.column(name));
  return Array.from({ length: rows.rows }, (_, row) => Object.fromEntries(names.map((name, i) => [name, columns[i][row]])));
}
const labelOf = (each) => (state.lang === "zh" ? each.label_zh : each.label);
const wordsOf = (each) => (state.lang === "zh" ? each.text_zh : each.text);
const ofKind = () => disruptions().filter(({ kind }) => !stressState.kind || kind === stressState.kind);
const stressColour = ({ is_exposed }) => (is_exposed ? SHORT : ACCENT);
const stressLegend = () => [[SHORT, t("stress_exposed")], [ACCENT, t("stress_covered")]];

function viewStress() {
  const kinds = [...new Set(disruptions().map(({ kind }) => kind))];
  fillStressSelect("kind", [["", t("stress_any")], ...kinds.map((kind) => [kind, t(`sk_${kind}`)])]);
  const all = ofKind();
  const harmful = all.filter(({ loss }) => loss > 0);
  const first = harmful.slice(0, MOST_BARS);
  if (!harmful.some(({ disruption }) => disruption === stressState.chosen)) stressState.chosen = first[0]?.disruption ?? "";
  showChart("stress_rank", first.length === 0 ? { summary: t("stress_none", { total: num(all.length) }) } : {
    summary: t("stress_sum", { number: num(harmful.length), total: num(all.length), label: labelOf(first[0]), share: share(first[0].loss_share) }),
    option: namedBars(first.map(labelOf), first.map((each) => ({ value: each.loss_share, itemStyle: { color: stressColour(each) } })), shareFine),
    height: gridHeight(first.length), legend: stressLegend(),
    columns: stressColumns(), rows: harmful.map(stressRow), click: ({ dataIndex }) => chooseDisruption(first[dataIndex].disruption),
  });
  showChart("stress_map", stressMap(harmful));
  viewChosen();
}

function stressMap(harmful) {
  const placed = new Map();
  for (const each of harmful) {
    if (each.place && PLACES.get(each.place)?.lat != null && !placed.has(each.place)) placed.set(each.place, each);
  }
  if (!hasMap || !placed.size) return { summary: "" };
  const worst = Math.max(...[...placed.values()].map(({ loss }) => loss));
  const data = [...placed].map(([place, each]) => ({
    each, value: [PLACES.get(place).lon, PLACES.get(place).lat], symbolSize: Math.max(7, (isNarrow() ? 26 : 44) * Math.sqrt(each.loss / worst)),
    itemStyle: { color: stressColour(each), opacity: 0.85, borderColor: "#fff", borderWidth: 1 }, label: { position: nameSide(PLACES.get(place).lon) },
  }));
  return {
    summary: t("stress_map_sum"), height: mapHeight(), legend: stressLegend(),
    option: {
      geo: backdrop(), tooltip: tooltip({ formatter: ({ data: { each } }) => `<b>${labelOf(each)}</b><br>${shareFine(each.loss_share)}` }),
      series: [{ type: "scatter", coordinateSystem: "geo", data, z: 4, labelLayout: { hideOverlap: true },
        label: { show: true, position: "right", distance: 3, color: INK, fontSize: isNarrow() ? 10 : 12, textBorderColor: "#fff", textBorderWidth: 2, formatter: ({ data: { each } }) => named("place", each.place) } }],
    },
    click: ({ data: { each } }) => chooseDisruption(each.disruption),
  };
}

function chooseDisruption(name) {
  stressState.chosen = name;
  viewChosen();
}

/** What the chosen disruption loses, in words and by item and place. */
function viewChosen() {
  const each = disruptions().find(({ disruption }) => disruption === stressState.chosen);
  const words = document.getElementById("stress-chosen");
  words.textContent = each ? `${labelOf(each)}: ${wordsOf(each)}` : t("stress_choose");
  const rows = [];
  const columns = ["item", "place", "tier", "lost", "need"].map(table("stress_losses").column);
  eachRow("stress_losses", { disruption: stressState.chosen || "-" }, (row) => rows.push(columns.map((values) => values[row])));
  rows.sort((a, b) => b[3] / b[4] - a[3] / a[4]);
  showTable(put("stress_lost"), [col.text("c_item"), col.text("c_place"), col.text("tier"), col.num("s_lost"), col.num("s_need"), col.share("c_share", () => SHORT)],
    rows.map(([item, place, tier, lost, need]) => [named("item", item), named("place", place), t(tier), lost, need, need > 0 ? lost / need : null]),
    { name: "stress_losses", shown: 10, caption: each ? labelOf(each) : "", none: t("stress_choose") });
}

function viewSurvive() {
  const limited = ofKind().filter(({ survive_days }) => survive_days !== null && survive_days !== undefined && !Number.isNaN(survive_days))
    .sort((a, b) => a.survive_days - b.survive_days || b.loss - a.loss);
  const first = limited.slice(0, MOST_BARS);
  const days = (value) => num(value);
  showChart("stress_time", first.length === 0 ? { summary: t("survive_none") } : {
    summary: t("survive_sum", { label: labelOf(first[0]), days: num(first[0].survive_days) }),
    option: namedBars(first.map(labelOf), first.map((each) => ({ value: each.survive_days, itemStyle: { color: stressColour(each) } })), days, [
      { type: "scatter", data: first.map(({ recover_days }) => recover_days), symbol: "rect", symbolSize: [3, 16], itemStyle: { color: INK }, tooltip: { show: false } }]),
    height: gridHeight(first.length), legend: [...stressLegend(), [INK, t("recover_days")]],
    columns: stressColumns(), rows: limited.map(stressRow), click: ({ dataIndex }) => chooseDisruption(first[dataIndex].disruption),
  });
}
const stressColumns = () => [col.text("s_label"), col.text("s_kind"), col.share("s_loss"), col.share("s_index", () => SHORT), col.share("s_fill"), col.num("s_survive"), col.num("s_recover"), col.words("s_text")];
const stressRow = (each) => [labelOf(each), t(`sk_${each.kind}`), each.loss_share, each.index, each.fill_rate, each.survive_days, each.recover_days, wordsOf(each)];

function viewBlow() {
  const zh = state.lang === "zh";
  const lost = table("stress_blow");
  const [kinds, labels, weights] = ["kind", zh ? "label_zh" : "label", "weight"].map(lost.column);
  const rows = (held, read) => Array.from({ length: held.rows }, (_, row) => read(row));
  put("stress_blow").hidden = lost.rows === 0;
  showTable(put("stress_blow"), [col.text("s_label"), col.text("s_kind"), col.num("s_weight")], rows(lost, (row) => [labels[row], t(`sk_${kinds[row]}`), weights[row]]), { name: "blow", caption: t("blow") });
  const ready = table("stress_hardening");
  const [texts, quantities, costs] = [zh ? "text_zh" : "text", "quantity", "cost"].map(ready.column);
  document.getElementById("stress-harden").hidden = ready.rows === 0;
  showTable(put("stress_harden"), [col.words("s_text"), col.num("s_quantity"), col.num("s_cost")], rows(ready, (row) => [texts[row], quantities[row], costs[row]]), { name: "hardening", caption: t("harden_title") });
}

/** Any table of stress, with the names of its codes. */
function viewStressTable() {
  fillStressSelect("table", tableOptions("stress_"));
  const rows = table(stressState.table);
  const said = (name) => (state.lang === "zh" ? !["label", "text"].includes(name) : !name.endsWith("_zh"));
  const columns = declared(stressState.table, said);
  const [codes, labels] = ["disruption", state.lang === "zh" ? "label_zh" : "label"].map(table("stress_exposures").column);
  const labelOf = new Map(codes.map((code, row) => [code, labels[row]]));
  const word = (name, value) => (value === null || typeof value === "boolean" ? (value ? "✓" : "") : name === "kind" ? t(`sk_${value}`) : name === "disruption" ? labelOf.get(value) ?? plain(value) : named({ worst_item: "item", worst_place: "place" }[name] ?? name, value));
  const read = columns.map(({ name, type }) => (type === "text" ? rows.column(name).map((value) => word(name, value)) : rows.column(name)));
  showTable(put("stress_any"), columns, Array.from({ length: rows.rows }, (_, row) => read.map((values) => values[row])), { name: stressState.table, shown: 20, caption: named("table", stressState.table) });
}

function fillStressSelect(key, options) {
  for (const select of document.querySelectorAll(`select[data-stress="${key}"]`)) {
    select.replaceChildren(...options.map(([value, words]) => make("option", { value }, words)));
    select.value = stressState[key];
  }
}

if (DATA.stress) {
  for (const select of document.querySelectorAll("select[data-stress]")) {
    select.addEventListener("input", () => {
      stressState[select.dataset.stress] = select.value;
      for (const [view, , section] of viewsHere()) if (["stress", "survive", "stress_tables"].includes(section)) view();
    });
  }
  VIEWS.push([viewStress, [], "stress"], [viewSurvive, [], "survive"], [viewBlow, [], "blow"], [viewStressTable, [], "stress_tables"]);
}
