import { describe, expect, it } from 'vitest';
import { zoomedBy } from './zoom';

describe('zoomedBy', () => {
  it('goes a step up and down, and back to the middle', () => {
    expect(zoomedBy(1, 'zoom-in')).toBe(1.1);
    expect(zoomedBy(1.1, 'zoom-out')).toBe(1);
    expect(zoomedBy(2.5, 'zoom-reset')).toBe(1);
  });

  it('stays at the ends, and finds the next step from between two', () => {
    expect(zoomedBy(3, 'zoom-in')).toBe(3);
    expect(zoomedBy(0.5, 'zoom-out')).toBe(0.5);
    expect(zoomedBy(1.2, 'zoom-in')).toBe(1.25);
  });
});
