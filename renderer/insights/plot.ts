/** Draws a chart with uPlot: loaded when Insights is first opened. Colours come from the tokens, also after a change of theme. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatClock, formatDateTime } from '../../shared/format';
import type { ChartModel, ChartSeries } from './chart-model';

export interface Plot {
  show(model: ChartModel): void;
  dispose(): void;
}

/** Fills `host`, which has a size of its own, and follows it. `onPoint`: index of what is pointed at, or null. */
export function createPlot(
  host: HTMLElement,
  model: ChartModel,
  onPoint: (index: number | null) => void,
): Plot {
  let current = model;
  const plot = new uPlot(
    optionsFor(host, () => current, onPoint),
    dataOf(model),
    host,
  );
  const size = new ResizeObserver(() => plot.setSize(sizeOf(host)));
  size.observe(host);
  const theme = new MutationObserver(() => plot.redraw(false));
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return {
    show: (next) => {
      current = next;
      plot.setData(dataOf(next));
    },
    dispose: () => {
      size.disconnect();
      theme.disconnect();
      plot.destroy();
    },
  };
}

function sizeOf(host: HTMLElement): { width: number; height: number } {
  return { width: Math.max(1, host.clientWidth), height: Math.max(1, host.clientHeight) };
}

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const TIME_SYNC = 'insights-time';

function optionsFor(
  host: HTMLElement,
  model: () => ChartModel,
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const { axis, shape, series } = model();
  const font = `11px ${getComputedStyle(host).fontFamily}`;
  const isTime = axis === 'time';
  return {
    ...sizeOf(host),
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      points: { show: shape === 'line', size: 6 },
      dataIdx: (plot, _series, closest, x) => (isTime ? reached(plot, closest, x) : closest),
      ...(isTime ? { sync: { key: TIME_SYNC, scales: ['x', null] } } : {}),
    },
    scales: {
      x: { time: false, range: () => [...model().xRange] as uPlot.Range.MinMax },
      y: { range: () => [0, model().yMax ?? highestOf(model()) * 1.08] },
    },
    axes: [xAxis(isTime, font), yAxis(() => model().format, font)],
    series: [{}, ...drawn(shape, series).map((one, place) => seriesOptions(shape, one, place))],
    hooks: {
      setCursor: [({ cursor }) => onPoint((cursor.left ?? -1) < 0 ? null : (cursor.idxs?.[1] ?? null))],
    },
  };
}

/** What happened at a time belongs to the point that began before it. */
function reached(plot: uPlot, closest: number, x: number): number {
  const at = plot.data[0][closest] ?? x;
  return at > x ? Math.max(0, closest - 1) : closest;
}

/** Bars stand on each other: the highest sum is drawn first, and what is below it over it. */
function drawn(shape: ChartModel['shape'], series: readonly ChartSeries[]): ChartSeries[] {
  return shape === 'bars' ? [...series].reverse() : [...series];
}

function dataOf({ shape, x, series }: ChartModel): uPlot.AlignedData {
  if (shape !== 'bars') return [[...x], ...series.map(({ values }) => [...values])];
  let below = x.map(() => 0);
  const sums = series.map(({ values }) => (below = below.map((sum, index) => sum + (values[index] ?? 0))));
  return [[...x], ...sums.reverse()];
}

function highestOf(model: ChartModel): number {
  let highest = 0;
  const [, ...columns] = dataOf(model);
  for (const column of columns) for (const value of column) highest = Math.max(highest, value ?? 0);
  return highest === 0 ? 1 : highest;
}

const MOST_BAR_PX = 48;

function seriesOptions(shape: ChartModel['shape'], { colour }: ChartSeries, place: number): uPlot.Series {
  const stroke = () => token(colour);
  if (shape === 'line') {
    return {
      stroke,
      width: 1.5,
      spanGaps: true,
      // Tokens of six digits: two more make them see-through.
      fill: () => `${token(colour)}1f`,
      points: { size: 5, fill: stroke, show: (plot, place) => countKnown(plot.data[place]) <= FEW_POINTS },
    };
  }
  return { fill: stroke, width: 0, points: { show: false }, ...barPaths(shape, place) };
}

/** So few that a line alone may be missed. */
const FEW_POINTS = 8;

function countKnown(values: ArrayLike<number | null | undefined> | undefined): number {
  return Array.from(values ?? []).filter((value) => typeof value === 'number').length;
}

/** In time from x to the next; of two, one left and one right of x. */
function barPaths(shape: 'bars' | 'side-bars', place: number): Pick<uPlot.Series, 'paths'> {
  const { bars } = uPlot.paths;
  if (bars === undefined) return {};
  if (shape === 'bars') return { paths: bars({ size: [0.8, MOST_BAR_PX], align: 1 }) };
  return { paths: bars({ size: [0.42, MOST_BAR_PX], align: place === 0 ? -1 : 1 }) };
}

function xAxis(isTime: boolean, font: string): uPlot.Axis {
  return {
    stroke: () => token('--faint'),
    font,
    size: 24,
    gap: 4,
    grid: { show: false },
    ticks: { show: false },
    ...(isTime
      ? {
          space: 72,
          incrs: TIME_STEPS,
          values: timeLabels,
        }
      : {
          splits: (_plot, _axis, from, to) => durationSplits(from, to),
          values: (_plot, splits) => splits.map(durationLabel),
        }),
  };
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  ...[1, MINUTE].flatMap((unit) => [1, 2, 5, 10, 15, 30].map((count) => count * unit)),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 30].map((days) => days * DAY),
];

const HALF_LABEL_PX = 26;

/** None that would be cut off at the right edge. */
function timeLabels(plot: uPlot, splits: readonly number[]): string[] {
  const step = (splits[1] ?? 0) - (splits[0] ?? 0);
  const room = plot.valToPos(plot.scales['x']?.max ?? 0, 'x') - HALF_LABEL_PX;
  return splits.map((seconds) => {
    if (plot.valToPos(seconds, 'x') > room) return '';
    if (step >= DAY) return formatDateTime(seconds * 1000).slice(5, 10);
    const clock = formatClock(seconds * 1000);
    return step < MINUTE ? clock : clock.slice(0, 5);
  });
}

/** Powers of ten of a millisecond, and between them where there is room. */
function durationSplits(from: number, to: number): number[] {
  const decades = (to - from) / Math.log2(10);
  const steps = decades > 3 ? [1] : decades > 1.5 ? [1, 3] : [1, 2, 5];
  const splits: number[] = [];
  for (let decade = 0.01; decade < 1e6; decade *= 10) {
    for (const step of steps) {
      const at = Math.log2(decade * step);
      if (at >= from - 1e-9 && at <= to + 1e-9) splits.push(at);
    }
  }
  return splits;
}

function durationLabel(log2Ms: number): string {
  const ms = Number((2 ** log2Ms).toPrecision(2));
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}

const LABEL_PX = 6.2;

function yAxis(format: () => (value: number) => string, font: string): uPlot.Axis {
  return {
    stroke: () => token('--faint'),
    font,
    gap: 6,
    space: 36,
    size: (_plot, values) => 14 + LABEL_PX * Math.max(4, ...(values ?? []).map((value) => value.length)),
    grid: { stroke: () => token('--line'), width: 1 },
    ticks: { show: false },
    values: (_plot, splits) => splits.map((value) => format()(value)),
  };
}
