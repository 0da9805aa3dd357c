/** The picture of a chart: for assistive technology one image with a sentence; the table has the figures. */
import { useEffect, useRef, useState } from 'react';
import type { ChartModel } from './chart-model';
import type { Plot } from './plot';

interface ChartPlotProps {
  readonly model: ChartModel;
  /** Has to be the same function from one rendering to the next. */
  readonly onPoint: (index: number | null) => void;
}

export function ChartPlot({ model, onPoint }: ChartPlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const latest = useRef(model);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    latest.current = model;
    plot.current?.show(model);
  }, [model]);
  useEffect(() => {
    let left = false;
    import('./plot').then(
      ({ createPlot }) => {
        if (left || host.current === null) return;
        plot.current = createPlot(host.current, latest.current, onPoint);
      },
      () => setFailed(true),
    );
    return () => {
      left = true;
      plot.current?.dispose();
      plot.current = null;
    };
  }, [onPoint]);
  if (failed) return <p className="text-muted">The chart cannot be drawn. Show it as a table instead.</p>;
  return (
    <div role="img" aria-label={model.summary} className="chart-plot">
      <div ref={host} className="chart-canvas" />
    </div>
  );
}
