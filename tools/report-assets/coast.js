// World coast lines (Natural Earth 1:50m land, by way of world-atlas) -> rings of whole hundredths of a degree.
import { readFileSync, writeFileSync } from "node:fs";
import { feature } from "topojson-client";
import { presimplify, quantile, simplify } from "topojson-simplify";

const SCALE = 100;
const world = JSON.parse(readFileSync(new URL("./node_modules/world-atlas/land-50m.json", import.meta.url)));
const weighted = presimplify(world);
const simple = simplify(weighted, quantile(weighted, 0.6));
const land = feature(simple, simple.objects.land);
const shapes = land.type === "FeatureCollection" ? land.features : [land];
const polygons = shapes.flatMap(({ geometry }) =>
  geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates]);

/** First point, then the steps from point to point: short numbers make a short file. */
function steps(ring) {
  const out = [];
  let [x, y] = [0, 0];
  for (const [lon, lat] of ring) {
    const [a, b] = [Math.round(lon * SCALE), Math.round(lat * SCALE)];
    if (out.length && a === x && b === y) continue;
    out.push(a - x, b - y);
    [x, y] = [a, b];
  }
  return out;
}

const rings = polygons.map(([outer]) => steps(outer)).filter((ring) => ring.length >= 8);
writeFileSync(process.argv[2], JSON.stringify({ scale: SCALE, rings }));
console.log(`${rings.length} rings, ${rings.reduce((n, r) => n + r.length / 2, 0)} points`);
