/** A chart with its name, what its colours mean, and the table behind it. */
import { ChartColumn, Table } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { ChartModel } from './chart-model';
import { ChartPlot } from './chart-plot';
import { ChartTable } from './chart-table';

interface ChartCardProps {
  readonly model: ChartModel;
  /** Below the picture. */
  readonly children?: ReactNode;
}

export function ChartCard({ model, children }: ChartCardProps) {
  const [asTable, setAsTable] = useState(false);
  const [point, setPoint] = useState<number | null>(null);
  const place = point === null ? undefined : model.xLabels[point];
  const Icon = asTable ? ChartColumn : Table;
  const words = asTable ? 'Show as chart' : 'Show as table';
  return (
    <section className="chart-card" aria-label={model.title}>
      <header className="chart-head">
        <h2>{model.title}</h2>
        {place !== undefined && <span className="chart-place">{place}</span>}
        <button
          type="button"
          className="btn ghost icon small"
          aria-label={`${words}: ${model.title}`}
          title={words}
          onClick={() => {
            setAsTable(!asTable);
            setPoint(null);
          }}
        >
          <Icon aria-hidden />
        </button>
      </header>
      <Legend model={model} point={place === undefined ? null : point} />
      {asTable ? (
        <ChartTable model={model} />
      ) : (
        // Other series are another plot.
        <ChartPlot key={model.series.map(({ name }) => name).join()} model={model} onPoint={setPoint} />
      )}
      {children}
    </section>
  );
}

interface LegendProps {
  readonly model: ChartModel;
  /** Index of what is pointed at. */
  readonly point: number | null;
}

/** What each colour means, with its total, or with its value where someone points. */
function Legend({ model, point }: LegendProps) {
  return (
    <p className="chart-legend" data-wide={model.axis === 'duration' || undefined}>
      {model.series.map(({ name, colour, values, total }) => (
        <span key={name}>
          <i aria-hidden style={{ background: `var(${colour})` }} />
          {name} <b>{point === null ? total : valueText(model, values[point])}</b>
        </span>
      ))}
    </p>
  );
}

function valueText({ format }: ChartModel, value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : format(value);
}
