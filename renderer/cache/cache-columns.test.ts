import { describe, expect, it } from 'vitest';
import { listingOrder } from './cache-columns';

describe('listingOrder', () => {
  it('shows the newest first where nothing is chosen', () => {
    expect(listingOrder(null)).toEqual({ sort: 'storedAt', descending: true });
  });

  it('takes the lowest age for what was stored last', () => {
    expect(listingOrder({ column: 'age', descending: false })).toEqual({
      sort: 'storedAt',
      descending: true,
    });
    expect(listingOrder({ column: 'stored', descending: false })).toEqual({
      sort: 'storedAt',
      descending: false,
    });
  });

  it('sorts what is left by when it expires', () => {
    expect(listingOrder({ column: 'left', descending: true })).toEqual({
      sort: 'expiresAt',
      descending: true,
    });
  });
});
