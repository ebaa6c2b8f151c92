// Charts: one frame for all of them, with a summary in words and the figures as a table beside.

const INK = "#1b2932";
const SOFT = "#4d5f6b";
const LINE = "#d5dde2";
const ACCENT = "#0a5f80";
const SHORT = "#b8440a";
const WAITS = "#f0c987";
const EASES = "#9fc3b4";
/** From bad to good; told apart by lightness too, and by readers who do not see red or green. */
const CLASSES = ["#8c2d04", "#d9711c", "#f3b26b", "#fbe3c0", "#bcd9e6"];
/** From idle to fully used. */
const USES = ["#f1f5f7", "#d3e4ec", "#a3c8d9", "#5599b8", "#8c2d04"];
const SERIES = ["#0a5f80", "#e69f00", "#56a8d6", "#4f8a5b", "#b565a7", "#8c2d04", "#7a8790", "#c9d1d6"];
/** Bands of nine tenths and of half of the sample paths. */
const [MOST, HALF] = ["#d3e4ec", "#86b8cd"];
const FONT = getComputedStyle(document.body).fontFamily;
const PRINT_WIDTH = 680;

const charts = new Map();

/** What each section shows: views, the choices that they depend on, and the section; a page may hold some of them. */
const VIEWS = [];
const viewsHere = () => VIEWS.filter(([, , section]) => document.getElementById(section));

/**
 * Draw a chart into its figure.
 * drawing: {option: of ECharts, summary: in words, columns and rows: of the table beside, height, legend: [[colour, words]], click}
 */
function showChart(name, drawing) {
  const figure = document.querySelector(`figure[data-chart="${name}"]`);
  let held = charts.get(name);
  if (!held) {
    const caption = make("figcaption", { id: `${name}-words` });
    const box = make("div", { class: "chart", role: "img", "aria-labelledby": `${name}-words` });
    const legend = make("ul", { class: "legend", "aria-hidden": "true" });
    const details = make("details", {}, make("summary"), make("div"));
    figure.replaceChildren(caption, box, legend, details);
    held = { caption, box, legend, details, chart: null, drawing: null };
    details.addEventListener("toggle", () => fillDetails(held, name));
    charts.set(name, held);
  }
  held.drawing = drawing;
  held.caption.textContent = drawing.summary;
  held.details.firstChild.textContent = t("as_table");
  fillDetails(held, name);
  held.legend.replaceChildren(...(drawing.legend ?? []).map(([colour, words]) => {
    const patch = make("i");
    patch.style.background = colour;
    return make("li", {}, patch, words);
  }));
  const empty = !drawing.option;
  held.box.hidden = held.legend.hidden = empty;
  held.details.hidden = empty || !drawing.columns;
  if (empty) return;
  held.box.style.height = `${drawing.height ?? 320}px`;
  if (!held.chart) held.chart = echarts.init(held.box, null, { renderer: "svg" });
  held.chart.off("click");
  if (drawing.click) held.chart.on("click", drawing.click);
  held.chart.resize();
  held.chart.setOption({ animation: false, textStyle: { fontFamily: FONT, color: INK }, ...drawing.option }, { notMerge: true });
}

function fillDetails(held, name) {
  const { columns, rows } = held.drawing;
  if (held.details.open && columns) showTable(held.details.lastChild, columns, rows, { name, caption: held.drawing.summary, shown: 60 });
}

const isNarrow = () => window.innerWidth < 600;

/** The axis of days, its labels in words. */
function dayAxis(extra = {}) {
  return {
    type: "category", data: Array.from({ length: NUM_DAYS }, (_, day) => dayText(day)),
    axisLine: { lineStyle: { color: "#8a9aa5" } }, axisTick: { alignWithLabel: true }, axisLabel: { color: SOFT, hideOverlap: true }, ...extra,
  };
}
function valueAxis(name) {
  return {
    type: "value", name, nameLocation: "end", nameTextStyle: { color: SOFT, align: "left", padding: [0, 0, 4, 0] },
    axisLabel: { color: SOFT, formatter: axisNumber }, splitLine: { lineStyle: { color: LINE } },
  };
}
const tooltip = (extra = {}) => ({ confine: true, appendTo: undefined, textStyle: { color: INK, fontSize: 13 }, borderColor: LINE, ...extra });

/** Bars by day, one upon the other, and lines over them. series: [{name, colour, values, line?}] */
function dayBars(unit, series) {
  return {
    grid: { left: 8, right: 14, top: 34, bottom: 6, containLabel: true },
    tooltip: tooltip({
      trigger: "axis",
      formatter: (points) => [`<b>${points[0].name}</b>`, ...points.map((p) => `${p.marker}${p.seriesName}: ${num(p.value)}`), unit].join("<br>"),
    }),
    xAxis: dayAxis(), yAxis: valueAxis(unit),
    series: series.map(({ name, colour, values, line }) => line
      ? { name, type: "line", step: "middle", data: values, showSymbol: false, lineStyle: { color: colour, width: 2 }, itemStyle: { color: colour }, z: 5 }
      : { name, type: "bar", stack: "all", data: values, barCategoryGap: "12%", itemStyle: { color: colour } }),
  };
}

/** A median over days with its bands: half of the paths, and nine tenths. bands: {days, q05, q25, q50, q75, q95} */
function dayBands(unit, { days, ...levels }) {
  const less = (high, low) => high.map((value, i) => value - low[i]);
  const layer = (values, colour, opacity = 1) => ({
    type: "line", stack: "bands", data: values.map((value, i) => [days[i], value]), symbol: "none", silent: true, emphasis: { disabled: true },
    lineStyle: { width: 0 }, itemStyle: { color: colour }, areaStyle: { color: colour, opacity },
  });
  const { q05, q25, q50, q75, q95 } = levels;
  const words = (i) => [
    `<b>${dayText(days[i])}</b>`, `${t("median")}: ${num(q50[i])}`, `${t("band_half")}: ${num(q25[i])} – ${num(q75[i])}`,
    `${t("band_most")}: ${num(q05[i])} – ${num(q95[i])}`, unit];
  return {
    grid: { left: 8, right: 14, top: 34, bottom: 6, containLabel: true },
    tooltip: tooltip({ trigger: "axis", axisPointer: { snap: true }, formatter: ([{ dataIndex }]) => words(dataIndex).join("<br>") }),
    xAxis: {
      ...dayAxis(), type: "value", data: undefined, min: 0, max: Math.max(1, NUM_DAYS - 1), interval: NUM_DAYS > 10 ? 7 : 1,
      splitLine: { show: false }, axisLabel: { color: SOFT, hideOverlap: true, formatter: dayText },
    },
    yAxis: valueAxis(unit),
    series: [
      layer(q05, MOST, 0), layer(less(q25, q05), MOST), layer(less(q75, q25), HALF), layer(less(q95, q75), MOST),
      { type: "line", data: q50.map((value, i) => [days[i], value]), showSymbol: days.length < 2, symbol: "circle", lineStyle: { color: ACCENT, width: 2 }, itemStyle: { color: ACCENT }, z: 5 },
    ],
  };
}

/** Bars that show how a whole is made up, one for each name. series: [{name, colour, values: shares}] */
function shareBars(names, series) {
  return {
    grid: { left: 4, right: 20, top: 6, bottom: 4, containLabel: true },
    tooltip: tooltip({
      trigger: "axis", axisPointer: { type: "shadow" },
      formatter: (points) => [`<b>${points[0].name}</b>`, ...points.filter((p) => p.value > 0).map((p) => `${p.marker}${p.seriesName}: ${share(p.value)}`)].join("<br>"),
    }),
    xAxis: { ...valueAxis(""), max: 1, axisLabel: { color: SOFT, formatter: share } },
    yAxis: { type: "category", inverse: true, data: names, axisTick: { show: false }, axisLabel: { color: INK, width: isNarrow() ? 96 : 190, overflow: "truncate", interval: 0 } },
    series: series.map(({ name, colour, values }) => ({ name, type: "bar", stack: "all", data: values, barMaxWidth: 16, itemStyle: { color: colour, borderColor: "#fff", borderWidth: 0.5 } })),
  };
}

/** Bars with a name each, the first at the top. */
function namedBars(names, values, format, extra = []) {
  return {
    grid: { left: 4, right: 24, top: 6, bottom: 4, containLabel: true },
    tooltip: tooltip({ trigger: "axis", axisPointer: { type: "shadow" }, formatter: ([{ dataIndex }]) => `<b>${names[dataIndex]}</b><br>${format(values[dataIndex].value)}` }),
    xAxis: { ...valueAxis(""), axisLabel: { color: SOFT, hideOverlap: true, formatter: format } },
    yAxis: { type: "category", inverse: true, data: names, axisTick: { show: false }, axisLabel: { color: INK, width: isNarrow() ? 110 : 260, overflow: "truncate", interval: 0 } },
    series: [{ type: "bar", data: values, barMaxWidth: 15 }, ...extra],
  };
}

/** A grid of coloured cells by day: rows [{name, values per day, or null}], classes by upper limits. */
function dayGrid(rows, limits, colours, words) {
  const classOf = (value) => limits.findIndex((limit) => value < limit);
  const data = rows.flatMap(({ values }, y) => values.flatMap((value, x) => (value === null ? [] : [[x, y, classOf(value), value]])));
  return {
    grid: { left: 4, right: 14, top: 6, bottom: 4, containLabel: true },
    tooltip: tooltip({ formatter: ({ value: [x, y, , value] }) => `<b>${rows[y].name}</b><br>${dayText(x)}: ${words(value)}` }),
    xAxis: dayAxis({ splitArea: { show: false } }),
    yAxis: {
      type: "category", inverse: true, data: rows.map((row) => row.name), axisTick: { show: false }, axisLine: { show: false },
      axisLabel: { color: INK, width: isNarrow() ? 96 : 190, overflow: "truncate", interval: 0 },
    },
    visualMap: {
      type: "piecewise", show: false, dimension: 2, seriesIndex: 0,
      pieces: colours.map((color, value) => ({ value, color })),
    },
    series: [{ type: "heatmap", data, itemStyle: { borderColor: "#fff", borderWidth: isNarrow() ? 0.3 : 1 }, emphasis: { itemStyle: { borderColor: INK } } }],
  };
}
const gridHeight = (rows) => 44 + rows * 24;

/** On paper every chart takes the width of the page; drawn at once, for the printer does not wait. */
const printCharts = () => resizeCharts(PRINT_WIDTH);
const screenCharts = () => resizeCharts("auto");

function resizeCharts(width) {
  for (const { chart, box } of charts.values()) {
    if (!chart || box.hidden) continue;
    chart.resize({ width });
    chart.getZr().flush();
  }
}

/** A share with the digits that small ones need. */
const shareFine = (value) => (value > 0 && value < 0.001 ? `${Number((100 * value).toPrecision(2))}%` : share(value));

/** Bars with a name each, the first at the top. */
function namedBars(names, values, format, extra = []) {
  return {
    grid: { left: 4, right: 24, top: 6, bottom: 4, containLabel: true },
    tooltip: tooltip({ trigger: "axis", axisPointer: { type: "shadow" }, formatter: ([{ dataIndex }]) => `<b>${names[dataIndex]}</b><br>${format(values[dataIndex].value)}` }),
    xAxis: { ...valueAxis(""), axisLabel: { color: SOFT, hideOverlap: true, formatter: format } },
    yAxis: { type: "category", inverse: true, data: names, axisTick: { show: false }, axisLabel: { color: INK, width: isNarrow() ? 110 : 260, overflow: "truncate", interval: 0 } },
    series: [{ type: "bar", data: values, barMaxWidth: 15 }, ...extra],
  };
}
