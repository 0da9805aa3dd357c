/** Which row a key leads to in a grid whose rows are walked with the arrow keys. */

export interface GridPlace {
  /** Row the keys stand on; -1: none yet. */
  readonly index: number;
  readonly rows: number;
  /** Rows that fit on the screen. */
  readonly page: number;
}

/** The new row for a key; null where the key does not move. */
export function gridStep(key: string, { index, rows, page }: GridPlace): number | null {
  if (rows === 0) return null;
  const within = (next: number) => Math.min(rows - 1, Math.max(0, next));
  switch (key) {
    case 'ArrowDown':
      return within(index + 1);
    case 'ArrowUp':
      return within(index - 1);
    case 'PageDown':
      return within(Math.max(0, index) + Math.max(1, page - 1));
    case 'PageUp':
      return within(index - Math.max(1, page - 1));
    case 'Home':
      return 0;
    case 'End':
      return rows - 1;
    default:
      return null;
  }
}
