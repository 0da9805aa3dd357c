/** The figures of a chart as a table, newest first where they are of a time. */
import type { ChartModel } from './chart-model';

export function ChartTable({ model }: { readonly model: ChartModel }) {
  const { title, summary, axis, xLabels, series, format } = model;
  const rows = xLabels.map((label, index) => ({ label, index }));
  if (axis === 'time') rows.reverse();
  return (
    <div className="chart-plot">
      <div className="chart-table" role="region" aria-label={`Table: ${title}`} tabIndex={0}>
        <table className="insight-table">
          <caption className="sr-only">{summary}</caption>
          <thead>
            <tr>
              <th scope="col">{axis === 'time' ? 'From' : 'Duration'}</th>
              {series.map(({ name }) => (
                <th key={name} scope="col" className="num">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ label, index }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {series.map(({ name, values }) => (
                  <td key={name} className="num">
                    {cellText(values[index], format)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function cellText(value: number | null | undefined, format: ChartModel['format']): string {
  return value === null || value === undefined ? '–' : format(value);
}
