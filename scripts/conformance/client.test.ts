import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runClient } from './client.mjs';
import { testsForProxies } from './suite.mjs';

/** A suite of the same layout, whose tests are requests and whose results are what came back. */
const RUNNER = `
  const results = {};
  export async function runTests(groups, fetch, browserCache, base) {
    for (const { id, init, dump } of groups.flatMap((group) => group.tests)) {
      try {
        const response = await fetch(base + '/' + id, init);
        results[id] = ['Assertion', response.status + ' ' + (dump === true) + ' ' + base];
      } catch (error) {
        results[id] = [error.name, error.message];
      }
    }
  }
  export const getResults = () => results;
`;

const groups = [
  {
    tests: [
      { id: 'conditional', init: { headers: [['If-None-Match', '"a"']], cache: 'no-store' } },
      {
        id: 'plain',
        init: {
          headers: [
            ['Pragma', 'foo'],
            ['Cache-Control', 'nothing-to-see-here'],
          ],
        },
      },
      { id: 'redirect', init: undefined },
      { id: 'broken', init: {}, depends_on: ['redirect'], kind: 'optimal' },
      { id: 'browser', init: {}, browser_only: true },
    ],
  },
];

const seen = new Map<string, IncomingMessage>();
const server = createServer((request, response) => {
  const id = request.url?.slice(1) ?? '';
  seen.set(id, request);
  if (id === 'broken') request.socket.destroy();
  else response.writeHead(id === 'redirect' ? 302 : 200, { Location: '/elsewhere' }).end();
});
let base: string;

/** The runner keeps its results, as the suite's does: each run has a folder of its own. */
const folder = mkdtempSync(join(tmpdir(), 'larder-suite-'));

function suite(name: string) {
  mkdirSync(join(folder, name, 'client'), { recursive: true });
  writeFileSync(join(folder, name, 'client', 'runner.mjs'), RUNNER);
  return { folder: join(folder, name), name, version: '1', tests: testsForProxies(groups), groups };
}

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  base = `http://127.0.0.1:${address.port}`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

describe('runClient', () => {
  it('adds no cache directive of its own, follows no redirect and says why a request failed', async () => {
    const results = await runClient(suite('whole'), base, undefined);
    expect(seen.get('conditional')?.headers).toMatchObject({ 'if-none-match': '"a"' });
    expect(seen.get('conditional')?.headers).not.toHaveProperty('cache-control');
    expect(seen.get('conditional')?.headers).not.toHaveProperty('pragma');
    expect(seen.has('elsewhere')).toBe(false);
    expect(results['redirect']).toEqual(['Assertion', '302 false http://127.0.0.1:PORT']);
    expect(results['broken']).toEqual(['TypeError', expect.stringMatching(/^fetch failed: \w+/)]);
  });

  it('asks on a connection of its own each time, without what the suite sends to keep a fetch quiet', async () => {
    await runClient(suite('alone'), base, undefined);
    expect(seen.get('conditional')?.headers['connection']).toBe('close');
    expect(seen.get('plain')?.headers['connection']).toBe('close');
    expect(seen.get('plain')?.headers).not.toHaveProperty('pragma');
    expect(seen.get('plain')?.headers).not.toHaveProperty('cache-control');
  });

  it.each([true, false])('runs only the tests it is told, their requests printed: %s', async (dump) => {
    const results = await runClient(suite(`part-${dump}`), base, { ids: ['redirect'], dump });
    expect(results).toEqual({ redirect: ['Assertion', `302 ${dump} http://127.0.0.1:PORT`] });
  });
});

describe('testsForProxies', () => {
  it('leaves out tests for browsers, and takes a test without a kind as required', () => {
    expect(testsForProxies(groups)).toMatchObject([
      { id: 'conditional', kind: 'required', dependsOn: [] },
      { id: 'plain', kind: 'required', dependsOn: [] },
      { id: 'redirect', kind: 'required', dependsOn: [] },
      { id: 'broken', kind: 'optimal', dependsOn: ['redirect'] },
    ]);
  });
});
