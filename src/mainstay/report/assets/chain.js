// The chain: a map that can be moved, searched and walked by keys, the key enterprises, and in how few hands items are.

const CHAIN = DATA.chain;
const NODES = table("chain_nodes");
const LINKS = table("chain_edges");
const fact = (name) => NODES.column(name);
const ROW = new Map(fact("node").map((node, row) => [node, row]));
const SHARES = [0.05, 0.15, 0.3, 0.5];
const TINTS = ["#eef4f7", "#f6f1e7", "#eef3ec", "#f4eef3", "#f0f0ee"];
const LEAST_LABEL = 46;
const LEAST_CELL = 7.5;
const SIZE = 12;

/** What the reader sees of the map: cells to pixels, shift, the chosen mark, and which marks are wanted. */
const mapView = { scale: 1, x: 0, y: 0, chosen: -1, near: new Set(), wanted: null };
const mapFilter = { search: "", family: "", region: "", kind: "" };
const chainState = { level: "enterprise", table: "chain_tiers" };
/** Boxes of the labels drawn last, in pixels: {words, x, y, width, height}. */
let mapLabels = [];

const nodeWords = (row) => (state.lang === "zh" ? CHAIN.labels_zh : CHAIN.labels)[row];
const familyWords = (family) => named("family", family);

/** Marks before and after each mark. */
const links = (() => {
  const before = fact("node").map(() => []);
  const after = fact("node").map(() => []);
  const ends = LINKS.column("to");
  const flows = LINKS.column("flow");
  LINKS.column("from").forEach((start, n) => {
    const [a, b] = [ROW.get(start), ROW.get(ends[n])];
    after[a].push([b, flows[n]]);
    before[b].push([a, flows[n]]);
  });
  return { before, after };
})();

/** What goes from one item into another, or to its needs, as part of the item's flow. */
const ribbons = (() => {
  const sums = new Map();
  const whole = new Map();
  const [items, kinds] = [fact("item"), LINKS.column("kind")];
  const [starts, ends, flows] = ["from", "to", "flow"].map(LINKS.column);
  starts.forEach((start, n) => {
    if (kinds[n] === "gives" || kinds[n] === "permits") return;
    const [from, to] = [ROW.get(start), ROW.get(ends[n])];
    const key = `${items[from]}>${items[to]}>${kinds[n]}`;
    const held = sums.get(key) ?? { from: items[from], to: items[to], kind: kinds[n], flow: 0, start: from, rows: new Set() };
    held.flow += flows[n];
    held.rows.add(to);
    sums.set(key, held);
    whole.set(items[from], (whole.get(items[from]) ?? 0) + flows[n]);
  });
  return [...sums.values()].map((ribbon) => ({ ...ribbon, share: whole.get(ribbon.from) > 0 ? ribbon.flow / whole.get(ribbon.from) : 0 }));
})();
const stripOf = new Map(CHAIN.strips.map((strip) => [strip[0], strip]));
const needsOfItem = new Map(CHAIN.needs.map((strip) => [strip[0], strip]));
const soleOf = (() => {
  const rows = table("chain_single_sources");
  const [items, levels, soles] = ["item", "level", "sole"].map(rows.column);
  return new Set(items.map((item, n) => (levels[n] === "enterprise" ? `${soles[n]} ${item}` : "")));
})();
const isSole = fact("node").map((node, row) => soleOf.has(`${fact("kind")[row] === "abroad" ? node : fact("enterprise")[row]} ${fact("item")[row]}`));
const rankOf = new Map(table("chain_key_enterprises").column("enterprise").map((enterprise, row) => [enterprise, table("chain_key_enterprises").column("rank")[row]]));
const coverOf = new Map(table("chain_tiers").column("item").map((item, row) => [item, table("chain_tiers").column("cover_days")[row]]));

const canvas = document.getElementById("chain-canvas");
const pen = canvas.getContext("2d");
const classed = (value, limits) => limits.filter((limit) => value >= limit).length;
const isEmpty = (row) => !fact("standing")[row] && !fact("flow")[row];

/** The fill of a mark: how far it is used or met in a plan, or its share of what stands. */
function fillOf(row) {
  const kind = fact("kind")[row];
  if (kind === "need") return CHAIN.planned ? CLASSES[classed((fact("flow")[row] ?? 0) / fact("required")[row], [0.5, 0.8, 0.95, 0.999])] : "#bcd9e6";
  if (kind === "reserve") return "#b9a76a";
  if (kind === "item") return ACCENT;
  if (isEmpty(row)) return "#fff";
  if (!CHAIN.planned) return USES[classed(fact("share")[row] ?? 0, SHARES)];
  return USES[classed(kind === "abroad" ? (fact("flow")[row] ?? 0) / fact("standing")[row] : fact("utilisation")[row] ?? 0, [0.25, 0.5, 0.75, 0.99])];
}
const fills = fact("node").map((_, row) => fillOf(row));
const radii = fact("node").map((_, row) => (fact("kind")[row] === "make" ? 0.24 + 0.22 * Math.sqrt(fact("share")[row] ?? 0) : 0.3));

/** Which marks the filters want; null: all. */
function wantedRows() {
  const { search, ...choices } = mapFilter;
  const tests = Object.entries(choices).filter(([, value]) => value).map(([column, value]) => [fact(column), value]);
  if (!tests.length && !search) return null;
  const word = search.toLowerCase();
  const found = new Set();
  fact("node").forEach((node, row) => {
    if (CHAIN.x[row] === null || !tests.every(([values, value]) => values[row] === value)) return;
    const words = [node, CHAIN.labels[row], CHAIN.labels_zh[row], named("item", fact("item")[row])];
    if (!word || words.some((each) => each.toLowerCase().includes(word))) found.add(row);
  });
  return found;
}

/** All that leads to a mark, and all that it leads to. */
function around(row) {
  const found = new Set([row]);
  for (const way of [links.before, links.after]) {
    const waiting = [row];
    const seen = new Set(waiting);
    while (waiting.length) {
      for (const [next] of way[waiting.pop()]) {
        if (!seen.has(next)) { seen.add(next); found.add(next); waiting.push(next); }
      }
    }
  }
  return found;
}

function isShown(row) {
  if (mapView.chosen >= 0 && !mapView.near.has(row)) return false;
  return !mapView.wanted || mapView.wanted.has(row);
}

function fitMap() {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const whole = Math.min(width / (CHAIN.width + 2), height / (CHAIN.height + 4));
  mapView.scale = Math.max(whole, width < 600 ? LEAST_CELL : 0);
  const room = width - CHAIN.width * mapView.scale;
  mapView.x = room >= 0 ? room / 2 : room - mapView.scale;
  mapView.y = Math.max(26, (height - CHAIN.height * mapView.scale) / 2 + 10);
}
const toX = (x) => x * mapView.scale + mapView.x;
const toY = (y) => y * mapView.scale + mapView.y;

/** Draw the whole map; on paper in the width given. */
function drawMap(width = canvas.clientWidth, height = canvas.clientHeight, ratio = window.devicePixelRatio || 1) {
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  drawFamilies();
  for (const ribbon of ribbons) drawRibbon(ribbon);
  for (let row = 0; row < NODES.rows; row += 1) if (CHAIN.x[row] !== null) drawMark(row);
  drawLabels(width, height);
}

/** Families as tinted bands, one for each column. */
const bands = (() => {
  const found = new Map();
  const tints = new Map();
  for (const [item, family, column, x, y, width, height] of [...CHAIN.strips, ...CHAIN.needs]) {
    const held = found.get(`${column} ${family}`) ?? { family, column, x, y, width, bottom: y + height, items: [] };
    held.bottom = Math.max(held.bottom, y + height);
    held.y = Math.min(held.y, y);
    held.items.push(item);
    if (!tints.has(family)) tints.set(family, TINTS[tints.size % TINTS.length]);
    found.set(`${column} ${family}`, { ...held, tint: tints.get(family) });
  }
  return [...found.values()];
})();

function drawFamilies() {
  for (const { x, y, width, bottom, tint } of bands) {
    pen.fillStyle = tint;
    pen.fillRect(toX(x - 0.6), toY(y - 1.5), (width + 1.2) * mapView.scale, (bottom - y + 1.8) * mapView.scale);
  }
}

function drawRibbon({ from, to, kind, share: part, start: first, rows }) {
  const start = stripOf.get(from);
  const end = kind === "serves" ? needsOfItem.get(to) : stripOf.get(to);
  if (!start || !end) return;
  const shown = [...rows].some(isShown) && (mapView.chosen < 0 || mapView.near.has(first));
  const [x1, y1] = [toX(start[3] + start[5]), toY(start[4] + (1.6 + start[6]) / 2)];
  const [x2, y2] = [toX(end[3] - 0.3), toY(end[4] + (1.6 + end[6]) / 2)];
  const bend = Math.max(20, Math.abs(x2 - x1) / 2);
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
  pen.lineWidth = Math.max(0.7, Math.sqrt(part) * 0.9 * mapView.scale);
  pen.setLineDash(kind === "equips" ? [4, 4] : []);
  if (kind === "equips") pen.lineWidth = 1;
  const strong = mapView.chosen >= 0 && shown;
  pen.strokeStyle = strong ? "rgb(10 95 128 / 55%)" : `rgb(90 120 138 / ${shown ? 26 : 7}%)`;
  pen.stroke();
  pen.setLineDash([]);
}

function drawMark(row) {
  const [x, y, kind] = [toX(CHAIN.x[row]), toY(CHAIN.y[row]), fact("kind")[row]];
  const size = radii[row] * mapView.scale;
  pen.globalAlpha = isShown(row) ? 1 : 0.13;
  pen.fillStyle = fills[row];
  pen.strokeStyle = isSole[row] ? SHORT : "#5b707d";
  pen.lineWidth = isSole[row] ? 2 : 0.7;
  pen.setLineDash(fact("waits")[row] ? [2, 2] : []);
  pen.beginPath();
  if (kind === "item") {
    const strip = stripOf.get(fact("item")[row]);
    const tall = ((strip?.[6] ?? 2) - 1.6) * mapView.scale;
    pen.rect(x - 0.3 * mapView.scale, y - tall / 2, 0.6 * mapView.scale, tall);
  } else if (kind === "abroad") {
    pen.moveTo(x, y - 1.3 * size); pen.lineTo(x + 1.3 * size, y); pen.lineTo(x, y + 1.3 * size); pen.lineTo(x - 1.3 * size, y); pen.closePath();
  } else if (kind === "make") pen.arc(x, y, size, 0, 2 * Math.PI);
  else if (kind === "reserve") { pen.moveTo(x, y - 1.2 * size); pen.lineTo(x + 1.2 * size, y + size); pen.lineTo(x - 1.2 * size, y + size); pen.closePath(); }
  else pen.rect(x - size, y - size, 2 * size, 2 * size);
  pen.fill();
  if (kind !== "item") pen.stroke();
  pen.setLineDash([]);
  if (row === mapView.chosen) {
    pen.strokeStyle = "#e69f00";
    pen.lineWidth = 3;
    pen.beginPath();
    pen.arc(x, y, size + 4, 0, 2 * Math.PI);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

/** Words that have room: the chosen mark first, then columns, items, families, and near by the marks themselves. */
function drawLabels(width, height) {
  mapLabels = [];
  const { scale, chosen } = mapView;
  pen.textBaseline = "middle";
  const put = (words, x, y, most, colour, weight = "") => {
    if (!words || most < 24) return;
    pen.font = `${weight} ${SIZE}px ${FONT}`;
    const shown = clipped(words, most);
    const box = { words: shown, x, y: y - SIZE * 0.6, width: pen.measureText(shown).width, height: SIZE * 1.25 };
    if (!shown || box.x > width || box.y > height || box.x + box.width < 0 || box.y + box.height < 0) return;
    if (mapLabels.some((other) => overlaps(box, other))) return;
    mapLabels.push(box);
    pen.fillStyle = colour;
    pen.fillText(shown, x, y);
  };
  if (chosen >= 0) {
    const [x, y] = [toX(CHAIN.x[chosen]) + 0.6 * scale + 4, toY(CHAIN.y[chosen])];
    pen.font = `bold ${SIZE}px ${FONT}`;
    pen.fillStyle = "rgb(255 255 255 / 88%)";
    pen.fillRect(x - 2, y - SIZE * 0.7, Math.min(240, pen.measureText(nodeWords(chosen)).width) + 4, SIZE * 1.4);
    put(nodeWords(chosen), x, y, 240, INK, "bold");
  }
  CHAIN.columns.forEach(([left, right], column) => {
    const last = CHAIN.columns.length - 1;
    const words = column === last ? t("chain_step_need") : column === last - 1 ? t("chain_step_0") : t("chain_step", { steps: last - 1 - column });
    put(words, toX(left), Math.max(12, toY(-1.2)), (right - left + 7) * scale, ACCENT, "bold");
  });
  const wide = (strip) => (strip[5] + (strip[2] === CHAIN.columns.length - 1 ? 0 : 6)) * scale;
  for (const strip of [...CHAIN.strips].sort((a, b) => b[2] - a[2] || b[6] - a[6])) put(named("item", strip[0]), toX(strip[3]), toY(strip[4] + 0.8), wide(strip), INK);
  for (const strip of CHAIN.needs) put(named("item", strip[0]), toX(strip[3]), toY(strip[4] + 0.8), wide(strip), SOFT);
  for (const { family, column, x, y, width: room } of bands) {
    if (column < CHAIN.columns.length - 1) put(familyWords(family), toX(x), toY(y - 0.9), room * scale, "#7a5b12", "italic");
  }
  if (scale < LEAST_LABEL) return;
  for (let row = 0; row < NODES.rows; row += 1) {
    if (CHAIN.x[row] !== null && fact("kind")[row] !== "item") put(nodeWords(row), toX(CHAIN.x[row] - 0.48), toY(CHAIN.y[row] + 0.42), 0.96 * scale, INK);
  }
}
const overlaps = (a, b) => a.x < b.x + b.width + 3 && b.x < a.x + a.width + 3 && a.y < b.y + b.height && b.y < a.y + a.height;

/** Words cut to a width, with an ellipsis. */
function clipped(words, most) {
  if (pen.measureText(words).width <= most) return words;
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (pen.measureText(`${words.slice(0, middle)}…`).width <= most) low = middle; else high = middle - 1;
  }
  return low > 1 ? `${words.slice(0, low).trim()}…` : "";
}

/** Choose a mark, say its facts, and bring it into sight; -1 lets go. */
function chooseMark(row) {
  mapView.chosen = row;
  mapView.near = row >= 0 ? around(row) : new Set();
  if (row >= 0) bringIntoSight(row);
  showFacts();
  drawMap();
}

function bringIntoSight(row) {
  const [x, y] = [toX(CHAIN.x[row]), toY(CHAIN.y[row])];
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (x < 20 || x > width - 20) mapView.x += width / 2 - x;
  if (y < 30 || y > height - 20) mapView.y += height / 2 - y;
}

function showFacts() {
  const box = document.getElementById("chain-facts");
  const row = mapView.chosen;
  if (row < 0) return box.replaceChildren(make("p", { class: "note" }, t("chain_choose")));
  const value = (column) => fact(column)[row];
  const unit = unitOf(value("item"));
  const quantity = (column) => (value(column) === null ? "" : `${amount(value(column))} ${unit}`);
  const rank = rankOf.get(value("enterprise"));
  const facts = [
    ["kind", t(`k_${value("kind")}`)], ["item", value("kind") === "item" ? "" : named("item", value("item"))], ["place", named("place", value("place"))],
    ["standing", quantity("standing")], ["possible", quantity("possible")], ["share", share(value("share"))], ["flow", quantity("flow")],
    ["utilisation", share(value("utilisation"))], ["required", quantity("required")], ["stock", quantity("stock")],
    ["cover", value("kind") === "item" && coverOf.get(value("item")) != null ? num(coverOf.get(value("item"))) : ""],
    ["waits", value("waits") ? "✓" : ""], ["rank", value("kind") === "make" && rank ? String(rank) : ""],
  ].filter(([, words]) => words);
  const sheet = make("dl", {}, ...facts.flatMap(([key, words]) => [make("dt", {}, t(`f_${key}`)), make("dd", {}, words)]));
  return box.replaceChildren(make("h3", {}, nodeWords(row)), sheet, ends("chain_from", links.before[row]), ends("chain_to", links.after[row]));
}

/** The marks at one side, the largest flow first, each a button that leads there. */
function ends(key, marks) {
  const shown = [...marks].filter(([row]) => CHAIN.x[row] !== null).sort((a, b) => b[1] - a[1]);
  if (!shown.length) return "";
  const buttons = shown.slice(0, 12).map(([row]) => {
    const button = make("button", { type: "button" }, nodeWords(row));
    button.addEventListener("click", () => chooseMark(row));
    return make("li", {}, button);
  });
  const more = shown.length > 12 ? [make("li", { class: "note" }, t("chain_more", { number: shown.length - 12 }))] : [];
  return make("div", {}, make("h4", {}, t(key)), make("ul", { class: "chain-ends" }, ...buttons, ...more));
}

/** The nearest shown mark to a point on the screen, within some pixels. */
function markAt(x, y, within = 14) {
  let [best, nearest] = [-1, within];
  for (let row = 0; row < NODES.rows; row += 1) {
    if (CHAIN.x[row] === null) continue;
    const far = Math.hypot(toX(CHAIN.x[row]) - x, toY(CHAIN.y[row]) - y);
    if (far < nearest) [best, nearest] = [row, far];
  }
  return best;
}

/** The next mark in a direction: near, and not far aside. */
function step(dx, dy) {
  const from = mapView.chosen;
  if (from < 0) return chooseMark(fact("kind").findIndex((kind, row) => kind === "item" && CHAIN.x[row] !== null));
  let [best, least] = [-1, Infinity];
  for (let row = 0; row < NODES.rows; row += 1) {
    if (row === from || CHAIN.x[row] === null || (mapView.wanted && !mapView.wanted.has(row))) continue;
    const [x, y] = [CHAIN.x[row] - CHAIN.x[from], CHAIN.y[row] - CHAIN.y[from]];
    const [ahead, aside] = [x * dx + y * dy, Math.abs(x * dy) + Math.abs(y * dx)];
    if (ahead > 0.2 && ahead + 3 * aside < least) [best, least] = [row, ahead + 3 * aside];
  }
  return best >= 0 ? chooseMark(best) : undefined;
}

function zoomBy(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
  const scale = Math.min(160, Math.max(2, mapView.scale * factor));
  mapView.x = x - ((x - mapView.x) * scale) / mapView.scale;
  mapView.y = y - ((y - mapView.y) * scale) / mapView.scale;
  mapView.scale = scale;
  drawMap();
}

function listen() {
  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    held = { x: event.offsetX, y: event.offsetY, moved: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held) {
      const row = markAt(event.offsetX, event.offsetY);
      canvas.title = row >= 0 ? nodeWords(row) : "";
      canvas.style.cursor = row >= 0 ? "pointer" : "grab";
      return;
    }
    const [dx, dy] = [event.offsetX - held.x, event.offsetY - held.y];
    if (!held.moved && Math.hypot(dx, dy) < 4) return;
    mapView.x += dx;
    mapView.y += dy;
    held = { x: event.offsetX, y: event.offsetY, moved: true };
    drawMap();
  });
  canvas.addEventListener("pointerup", (event) => {
    if (held && !held.moved) chooseMark(markAt(event.offsetX, event.offsetY));
    held = null;
  });
  canvas.addEventListener("pointercancel", () => { held = null; });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoomBy(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.offsetX, event.offsetY);
  }, { passive: false });
  const keys = {
    ArrowLeft: () => step(-1, 0), ArrowRight: () => step(1, 0), ArrowUp: () => step(0, -1), ArrowDown: () => step(0, 1),
    "+": () => zoomBy(1.4), "=": () => zoomBy(1.4), "-": () => zoomBy(1 / 1.4), 0: wholeMap, Escape: () => chooseMark(-1),
  };
  canvas.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => (button.dataset.zoom === "0" ? wholeMap() : zoomBy(Number(button.dataset.zoom))));
  }
  const search = document.getElementById("chain-search");
  search.addEventListener("input", () => filterMap("search", search.value.trim()));
  search.addEventListener("keydown", (event) => {
    const first = event.key === "Enter" && mapFilter.search ? [...(mapView.wanted ?? [])][0] : undefined;
    if (first !== undefined) { event.preventDefault(); chooseMark(first); }
  });
  for (const select of document.querySelectorAll("select[data-chain]")) {
    const key = select.dataset.chain;
    select.addEventListener("input", () => (key in mapFilter ? filterMap(key, select.value) : chooseChain(key, select.value)));
  }
  window.addEventListener("resize", () => { fitMap(); drawMap(); });
  window.addEventListener("beforeprint", printMap);
  window.addEventListener("afterprint", wholeMap);
}

function wholeMap() {
  canvas.style.width = canvas.style.height = "";
  fitMap();
  drawMap();
}

/** On paper the whole map, sharp, in the width of the page. */
function printMap() {
  const height = Math.round((PRINT_WIDTH * (CHAIN.height + 4)) / (CHAIN.width + 2));
  canvas.style.width = `${PRINT_WIDTH}px`;
  canvas.style.height = `${height}px`;
  [mapView.scale, mapView.x, mapView.y] = [PRINT_WIDTH / (CHAIN.width + 2), 4, 26];
  drawMap(PRINT_WIDTH, height, 3);
}

function filterMap(key, value) {
  mapFilter[key] = value;
  mapView.wanted = wantedRows();
  document.getElementById("chain-count").textContent = mapView.wanted ? t("chain_found", { number: mapView.wanted.size }) : "";
  drawMap();
}

function chooseChain(key, value) {
  chainState[key] = value;
  (key === "level" ? viewHands : viewChainTable)();
}

/** The map in the language chosen: controls, legend, facts. */
function viewMap() {
  const options = (values, words) => [["", t("chain_all")], ...values.map((value) => [value, words(value)]).sort((a, b) => a[1].localeCompare(b[1], locale()))];
  fillSelect("family", options(domain("chain_nodes", "family"), familyWords), mapFilter.family);
  fillSelect("region", options(domain("chain_nodes", "region"), (region) => named("place", region)), mapFilter.region);
  fillSelect("kind", options(domain("chain_nodes", "kind").filter((kind) => kind !== "licence"), (kind) => t(`k_${kind}`)), mapFilter.kind);
  const words = new Set(fact("node").map((_, row) => nodeWords(row)));
  document.getElementById("chain-names").replaceChildren(...[...words].slice(0, 600).map((value) => make("option", { value })));
  canvas.setAttribute("aria-label", t("chain_map_label", { nodes: num(CHAIN.x.filter((x) => x !== null).length), items: num(CHAIN.strips.length) }));
  showLegend();
  showFacts();
  drawMap();
}

function fillSelect(key, options, value) {
  for (const select of document.querySelectorAll(`select[data-chain="${key}"]`)) {
    select.replaceChildren(...options.map(([code, words]) => make("option", { value: code }, words)));
    select.value = value;
  }
}

function showLegend() {
  const patch = (colour, shape, words, border = "") => {
    const mark = make("i", { class: shape });
    mark.style.background = colour;
    if (border) mark.style.border = border;
    return make("li", {}, mark, words);
  };
  const range = (limits) => [0, ...limits].map((low, n) => {
    const high = limits[n];
    return high === undefined ? `≥ ${share(low)}` : `${share(low)}–${share(high)}`;
  });
  const scale = CHAIN.planned ? range([0.25, 0.5, 0.75, 0.99]).map((words, n) => [USES[n], t("l_use", { range: words })]) : range(SHARES).map((words, n) => [USES[n], t("l_share", { range: words })]);
  const met = CHAIN.planned ? range([0.5, 0.8, 0.95, 0.999]).map((words, n) => [CLASSES[n], t("l_met", { range: words })]) : [["#bcd9e6", t("k_need")]];
  document.getElementById("chain-legend").replaceChildren(
    patch("#fff", "round", t("k_make")), patch("#fff", "diamond", t("k_abroad")), patch("#b9a76a", "triangle", t("k_reserve")), patch(ACCENT, "bar", t("k_item")),
    ...scale.map(([colour, words]) => patch(colour, "round", words)), patch("#fff", "round", t("l_hollow")), patch("#fff", "round", t("l_sole"), `2px solid ${SHORT}`),
    patch("#fff", "round", t("l_waits"), "1px dashed #5b707d"), ...met.map(([colour, words]) => patch(colour, "", words)));
}

function viewKey() {
  const rows = table("chain_key_enterprises");
  const [ranks, codes, scores, rests, places, listed] = ["rank", "enterprise", "score", "rests", "region", "is_key"].map(rows.column);
  const words = rows.column(state.lang === "zh" ? "text_zh" : "text");
  showTable(put("key"), [{ label: t("c_rank"), type: "num" }, col.text("c_enterprise"), col.text("c_region"), col.num("c_score"), col.num("c_rests"), col.text("c_listed"), col.words("c_why")],
    ranks.map((rank, row) => [rank, named("enterprise", codes[row]), named("place", places[row]), scores[row], rests[row], listed[row] ? "✓" : "", words[row]]), { name: "key_enterprises", shown: 20, caption: t("key") });
}

/** A name of whoever holds something: a region, an enterprise, an offer abroad. */
const holder = (code) => (chainState.level === "region" ? named("place", code) : String(code).startsWith("abroad:") ? plain(code.slice(7)) : named("enterprise", code));

/** Each needed item by itself, and by the most concentrated input that it rests on. */
function viewHands() {
  fillSelect("level", ["enterprise", "owner", "region"].map((level) => [level, t(`v_${level}`)]), chainState.level);
  const rows = table("chain_concentration");
  const [items, inputs, indices, largest, shares] = ["item", "input", "hhi", "largest", "largest_share"].map(rows.column);
  const needs = new Set(CHAIN.needs.map(([item]) => item));
  const found = new Map();
  eachRow("chain_concentration", { level: chainState.level }, (row) => {
    if (!needs.has(items[row])) return;
    const held = found.get(items[row]) ?? { item: items[row], open: null, hidden: null };
    if (inputs[row] === null || inputs[row] === undefined) held.open = row;
    else if (held.hidden === null || indices[row] > indices[held.hidden]) held.hidden = row;
    found.set(items[row], held);
  });
  const index = (row) => (row === null ? 0 : indices[row]);
  const ranked = [...found.values()].sort((a, b) => Math.max(index(b.open), index(b.hidden)) - Math.max(index(a.open), index(a.hidden)));
  const first = ranked.filter(({ hidden }) => hidden !== null).sort((a, b) => index(b.hidden) - index(a.hidden))[0];
  const bars = (name, colour, pick) => ({ name, type: "bar", data: ranked.map((held) => Math.round(index(pick(held)))), barMaxWidth: 11, itemStyle: { color: colour } });
  showChart("hands", {
    summary: first ? t("hands_sum", { item: named("item", first.item), input: named("item", inputs[first.hidden]), share: share(shares[first.hidden]), largest: holder(largest[first.hidden]), hhi: num(Math.round(index(first.hidden))) }) : t("hands_none"),
    height: 60 + 34 * ranked.length, legend: [[ACCENT, t("hands_open")], [SHORT, t("hands_hidden")]],
    option: {
      grid: { left: 4, right: 30, top: 6, bottom: 4, containLabel: true }, tooltip: tooltip({ trigger: "axis", axisPointer: { type: "shadow" } }),
      xAxis: { ...valueAxis(""), max: 10000 },
      yAxis: { type: "category", inverse: true, data: ranked.map(({ item }) => named("item", item)), axisTick: { show: false }, axisLabel: { color: INK, width: isNarrow() ? 96 : 190, overflow: "truncate", interval: 0 } },
      series: [bars(t("hands_open"), ACCENT, ({ open }) => open), bars(t("hands_hidden"), SHORT, ({ hidden }) => hidden)],
    },
    columns: [col.text("c_item"), col.num("c_hhi"), col.text("c_input"), col.num("c_hidden_hhi"), col.text("c_largest"), col.share("c_share", () => ACCENT)],
    rows: ranked.map(({ item, open, hidden }) => [named("item", item), index(open), hidden === null ? "" : named("item", inputs[hidden]), hidden === null ? null : index(hidden), hidden === null ? "" : holder(largest[hidden]), hidden === null ? null : shares[hidden]]),
  });
}

/** Any table of the chain, with the names of its codes. */
function viewChainTable() {
  fillSelect("table", tableOptions("chain_"), chainState.table);
  const rows = table(chainState.table);
  const columns = declared(chainState.table);
  const read = columns.map(({ name, type }) => (type === "text" ? rows.column(name).map((value) => namedInChain(name, value)) : rows.column(name)));
  showTable(put("chain"), columns, Array.from({ length: rows.rows }, (_, row) => read.map((values) => values[row])), { name: chainState.table, shown: 20, caption: named("table", chainState.table) });
}
const CHAIN_COLUMNS = { input: "item", via: "item", makes: "item", region: "place", supplier: "enterprise", agent: "enterprise", largest: "enterprise", sole: "enterprise", owner: "enterprise" };
function namedInChain(column, code) {
  if (code === null || code === undefined || typeof code === "boolean") return code ? "✓" : "";
  if (DATA.texts[`v_${code}`]) return t(`v_${code}`);
  const words = named(CHAIN_COLUMNS[column] ?? column, code);
  return words === plain(code) && DATA.names.place[code] && column !== "item" ? named("place", code) : words;
}

listen();
fitMap();
VIEWS.push([viewMap, [], "chain"], [viewKey, [], "key"], [viewHands, [], "hands"], [viewChainTable, [], "chain_tables"]);
