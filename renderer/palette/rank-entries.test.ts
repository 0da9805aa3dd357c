import { describe, expect, it } from 'vitest';
import { rankEntries, type PaletteEntry } from './rank-entries';

const entry = (group: string, title: string, more: Partial<PaletteEntry> = {}): PaletteEntry => ({
  id: title,
  group,
  title,
  kind: 'command',
  run: () => {},
  ...more,
});

const ENTRIES = [
  entry('Go to', 'Go to Live', { alsoKnownAs: 'log requests' }),
  entry('Cache', 'Clear cache', { alsoKnownAs: 'purge' }),
  entry('Requests', 'Clear log'),
  entry('Settings', 'TTL (seconds)', { shown: 'only-searched' }),
  entry('Stored', 'Open stored /v2/me', { shown: 'searched' }),
];

const titles = (query: string) =>
  rankEntries(ENTRIES, query).flatMap(({ entries }) => entries.map(({ title }) => title));

describe('rankEntries', () => {
  it('lists all but what only helps a search while nothing is typed', () => {
    expect(titles('')).toEqual(['Go to Live', 'Clear cache', 'Clear log', 'Open stored /v2/me']);
  });

  it('puts the best match first, and what does not fit nowhere', () => {
    expect(titles('ttl')).toEqual(['TTL (seconds)', 'Open stored /v2/me']);
    expect(titles('cache')[0]).toBe('Clear cache');
    expect(titles('log')).toEqual(['Clear log', 'Open stored /v2/me', 'Go to Live']);
  });

  it('knows what people call it as well', () => {
    expect(titles('purge')).toContain('Clear cache');
  });

  it('wants every word, in any order', () => {
    expect(titles('log clear')).toEqual(['Open stored /v2/me', 'Clear log'].reverse());
    expect(titles('clear nothing')).toEqual(['Open stored /v2/me']);
  });

  it('takes an abbreviation whose letters lie near each other', () => {
    expect(titles('clc')).toContain('Clear cache');
    expect(titles('gle')).not.toContain('Clear cache');
  });
});
