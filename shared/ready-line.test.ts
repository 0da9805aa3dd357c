import { describe, expect, it } from 'vitest';
import { readyJson, readyLine } from './ready-line';

const status = {
  listen: { kind: 'listening', url: 'http://127.0.0.1:3000', port: 3000 },
  origin: 'https://api.example.com',
  store: { kind: 'memory' },
  ttlSeconds: 300,
} as const;

describe('readyLine', () => {
  it('has the form that scripts wait for', () => {
    expect(readyLine(status)).toBe(
      'larder: listening on http://127.0.0.1:3000 -> https://api.example.com (store memory, ttl 300 s)',
    );
  });

  it("says that the TTL is the origin's where none is set", () => {
    expect(readyLine({ ...status, ttlSeconds: null })).toMatch(/\(store memory, ttl from origin\)$/);
  });
});

describe('readyJson', () => {
  it('says the same as one JSON object', () => {
    expect(readyJson(status)).toBe(
      '{"type":"listening","url":"http://127.0.0.1:3000","origin":"https://api.example.com","store":"memory","ttl":300}',
    );
    expect(JSON.parse(readyJson({ ...status, listen: { kind: 'stopped' }, ttlSeconds: null }))).toMatchObject(
      {
        url: '',
        ttl: null,
      },
    );
  });
});
