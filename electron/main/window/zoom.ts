/** The steps of the window's zoom, those of a browser. */

const ZOOM_FACTORS = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;

export type ZoomStep = 'zoom-in' | 'zoom-out' | 'zoom-reset';

/** The factor after one step from this one; stays at the ends. */
export function zoomedBy(factor: number, step: ZoomStep): number {
  switch (step) {
    case 'zoom-in':
      return ZOOM_FACTORS.find((other) => other > factor + 0.001) ?? 3;
    case 'zoom-out':
      return ZOOM_FACTORS.filter((other) => other < factor - 0.001).pop() ?? 0.5;
    case 'zoom-reset':
      return 1;
    default:
      return step satisfies never;
  }
}
