import { useEffect, useState } from 'react';
import { listen } from '../bridge/larder-api';

const SHOWN_MS = 1200;

/** How large the window is drawn, for a moment after that was changed. */
export function ZoomNote() {
  const [percent, setPercent] = useState<number | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unlisten = listen('events.zoom', (zoom) => {
      setPercent(zoom.percent);
      clearTimeout(timer);
      timer = setTimeout(() => setPercent(null), SHOWN_MS);
    });
    return () => {
      unlisten();
      clearTimeout(timer);
    };
  }, []);
  if (percent === null) return null;
  return (
    <output className="zoom-note" aria-label="Zoom">
      {percent} %
    </output>
  );
}
