// Maps without boundaries of our own: the world's coast lines, and the case's own areas when it brings them.

const MAP = DATA.map;
const hasMap = Boolean(MAP.box);

if (hasMap) {
  const polygons = MAP.land.map((ring) => [ring]);
  echarts.registerMap("land", { type: "FeatureCollection", features: [
    { type: "Feature", properties: { name: "land" }, geometry: { type: "MultiPolygon", coordinates: polygons.length ? polygons : [[[[0, 0], [0, 0.01], [0.01, 0], [0, 0]]]] } }] });
  if (MAP.areas) echarts.registerMap("areas", MAP.areas);
}

/** The part of the world that holds all places, in about its true proportions. */
function backdrop() {
  const [west, south, east, north] = MAP.box;
  return {
    map: "land", roam: false, silent: true, left: 0, right: 0, top: 0, bottom: 0, clip: true,
    boundingCoords: [[west, north], [east, south]], aspectScale: Math.cos(((south + north) / 2) * Math.PI / 180),
    itemStyle: { areaColor: "#eef2f4", borderColor: "#b9c5cc", borderWidth: 0.8 },
    emphasis: { disabled: true }, label: { show: false },
  };
}
function mapHeight() {
  const [west, south, east, north] = MAP.box;
  const shape = (north - south) / ((east - west) * Math.cos(((south + north) / 2) * Math.PI / 180));
  const width = Math.min(isNarrow() ? window.innerWidth - 32 : 730, 900);
  return Math.round(Math.max(240, Math.min(620, width * shape)));
}
/** Names of the places furthest east stand to their left, so that the edge does not cut them. */
function nameSide(lon) {
  const [west, , east] = MAP.box;
  return lon > west + (east - west) * (isNarrow() ? 0.72 : 0.82) ? "left" : "right";
}
const classColour = (fill) => CLASSES[FILL_LIMITS.findIndex((limit) => fill < limit)];
const FILL_LIMITS = [0.5, 0.8, 0.95, 0.999, Infinity];

/** Areas by their share met: bubbles, or the case's own shapes. rows: [{place, need, fill}] */
function fillMap(rows) {
  const most = Math.max(...rows.map((row) => row.need), 1e-9);
  const words = ({ place, need, fill }) => `<b>${named("place", place)}</b><br>${t("fill")}: ${share(fill)}<br>${t("need")}: ${num(need)}`;
  const common = { geo: backdrop(), tooltip: tooltip({ formatter: ({ data }) => (data?.row ? words(data.row) : "") }) };
  if (MAP.areas) {
    const data = rows.map((row) => ({ name: row.place, row, value: row.fill, itemStyle: { areaColor: classColour(row.fill) }, label: { show: !isNarrow(), formatter: named("place", row.place) } }));
    const [west, south, east, north] = MAP.box;
    return { ...common, series: [{
      type: "map", map: "areas", nameProperty: "place", data, left: 0, right: 0, top: 0, bottom: 0, roam: false, selectedMode: false,
      boundingCoords: [[west, north], [east, south]], aspectScale: backdrop().aspectScale,
      itemStyle: { areaColor: "#eef2f4", borderColor: "#fff" }, label: { color: INK, textBorderColor: "#fff", textBorderWidth: 2 },
      emphasis: { itemStyle: { borderColor: INK, areaColor: undefined } } }] };
  }
  const scale = isNarrow() ? 26 : 46;
  const data = rows.filter(({ place }) => PLACES.get(place)?.lat != null)
    .sort((a, b) => b.need - a.need)
    .map((row) => ({
      row, value: [PLACES.get(row.place).lon, PLACES.get(row.place).lat], symbolSize: Math.max(7, scale * Math.sqrt(row.need / most)),
      label: { position: nameSide(PLACES.get(row.place).lon) },
      itemStyle: { color: classColour(row.fill), borderColor: row.fill < 0.8 ? "#4a1802" : "#5b6f7b", borderWidth: 1 },
    }));
  return { ...common, series: [{
    type: "scatter", coordinateSystem: "geo", data, z: 4,
    label: { show: true, position: "right", distance: 3, color: INK, fontSize: isNarrow() ? 10 : 12, textBorderColor: "#fff", textBorderWidth: 2, formatter: ({ data: { row } }) => named("place", row.place) },
    labelLayout: { hideOverlap: true }, emphasis: { itemStyle: { borderColor: INK, borderWidth: 2 } } }] };
}

/** Shipments as arrows. rows: [{origin, destination, mode, quantity}], the largest first. */
function flowMap(rows) {
  const point = (place) => [PLACES.get(place).lon, PLACES.get(place).lat];
  const placed = rows.filter(({ origin, destination }) => PLACES.get(origin)?.lat != null && PLACES.get(destination)?.lat != null).slice(0, 60);
  const most = Math.max(...placed.map((row) => row.quantity), 1e-9);
  const ends = [...new Set(placed.flatMap(({ origin, destination }) => [origin, destination]))];
  const dash = { air: "dashed", sea: "dotted" };
  const lines = placed.map((row) => ({
    row, coords: [point(row.origin), point(row.destination)],
    lineStyle: { width: 0.8 + 6 * Math.sqrt(row.quantity / most), opacity: 0.35 + 0.5 * (row.quantity / most), type: dash[row.mode] ?? "solid" },
  }));
  const words = (row) => `<b>${named("place", row.origin)} → ${named("place", row.destination)}</b><br>${t(row.mode)}: ${num(row.quantity)}`;
  return {
    geo: backdrop(), tooltip: tooltip({ formatter: ({ data }) => (data.row ? words(data.row) : data.name) }),
    series: [
      { type: "lines", coordinateSystem: "geo", data: lines, z: 3, symbol: ["none", "arrow"], symbolSize: 7, lineStyle: { color: ACCENT, curveness: 0.22 } },
      { type: "scatter", coordinateSystem: "geo", z: 4, symbolSize: 5, itemStyle: { color: INK }, labelLayout: { hideOverlap: true },
        data: ends.map((place) => ({ name: named("place", place), value: point(place), label: { position: nameSide(point(place)[0]) } })),
        label: { show: true, position: "right", distance: 3, color: INK, fontSize: isNarrow() ? 10 : 12, textBorderColor: "#fff", textBorderWidth: 2, formatter: "{b}" } },
    ],
  };
}
