/** What a chart shows, whoever draws it: the plot, the table behind it and the sentence for those who see neither. */

export interface ChartSeries {
  readonly name: string;
  /** A colour of tokens.css, such as `--hit-dot`. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
  /** Beside the name while nothing is pointed at. */
  readonly total: string;
}

export interface ChartModel {
  readonly title: string;
  readonly summary: string;
  /** `time`: x in seconds since the epoch. `duration`: x is the binary logarithm of milliseconds. */
  readonly axis: 'time' | 'duration';
  readonly x: readonly number[];
  readonly xLabels: readonly string[];
  readonly xRange: readonly [from: number, to: number];
  /** `side-bars`: two series, left and right of x. In time a bar or a step reaches from its x to the next. */
  readonly shape: 'line' | 'bars' | 'side-bars';
  /** First series lowest. */
  readonly series: readonly ChartSeries[];
  /** Where the scale ends; null: a little above the highest value. */
  readonly yMax: number | null;
  readonly format: (value: number) => string;
}
