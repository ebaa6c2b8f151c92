// The parts of ECharts that the report uses, and nothing else.
import { init, registerMap, use } from "echarts/core";
import { BarChart, HeatmapChart, LineChart, LinesChart, MapChart, ScatterChart } from "echarts/charts";
import {
  GeoComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapPiecewiseComponent,
} from "echarts/components";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart, HeatmapChart, LineChart, LinesChart, MapChart, ScatterChart,
  GeoComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapPiecewiseComponent,
  LabelLayout, SVGRenderer,
]);

export { init, registerMap };
