import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Persistence } from '../persistence';
import { SAMPLE_TIME } from '../test/sample-response';
import { openPersistence } from './open-persistence';
import type { Sample } from './test/disk-under-test';
import { afterKill, binary, bodyOf, idOf, opened, sample, temporaryFolder } from './test/disk-under-test';

const paths = (persistence: Persistence) =>
  persistence.restored().map(({ stored }) => new URL(stored.url).pathname);

async function kept(folder: string, ...samples: Sample[]): Promise<Persistence> {
  const persistence = await opened(folder);
  for (const { record, kept } of samples) expect(persistence.put(record, kept)).toBe(true);
  return persistence;
}

describe('what was put', () => {
  it('is there after a restart, in the order in which it was stored, body and metadata as they were', async () => {
    const folder = await temporaryFolder();
    const samples = [await sample('/a', binary(5000)), await sample('/b', ''), await sample('/c', 'c')];
    await (await kept(folder, ...samples)).close();
    const again = await opened(folder);
    expect(again.restored()).toEqual(samples.map(({ record }) => record));
    for (const { record, kept } of samples) {
      expect(again.has(record.stored.id, record.body.version)).toBe(true);
      expect(Buffer.from((await bodyOf(again, record))!).equals(kept)).toBe(true);
    }
  });

  it('is there after a kill, once it was written', async () => {
    const folder = await temporaryFolder();
    const persistence = await kept(folder, await sample('/a'), await sample('/b'));
    await persistence.flushed();
    expect(paths(await afterKill(folder))).toEqual(['/a', '/b']);
  });

  it('has its body before it is written', async () => {
    const a = await sample('/a', 'body');
    const persistence = await kept(await temporaryFolder(), a);
    expect(Buffer.from((await bodyOf(persistence, a.record))!).toString()).toBe('body');
    await persistence.flushed();
    expect(Buffer.from((await bodyOf(persistence, a.record))!).toString()).toBe('body');
    expect(persistence.has(idOf(a), 'another')).toBe(false);
    expect(await persistence.body(idOf(a), 'another')).toBeNull();
  });

  it('is replaced by another of the same id, also while the first waits', async () => {
    const folder = await temporaryFolder();
    const [first, second, third] = [
      await sample('/a', '1'),
      await sample('/a', '2'),
      await sample('/a', '3'),
    ];
    const persistence = await kept(folder, first);
    await persistence.flushed();
    persistence.put(second.record, second.kept);
    persistence.put(third.record, third.kept);
    await persistence.close();
    const again = await opened(folder);
    expect(again.restored()).toEqual([third.record]);
    expect(again.has(idOf(first), first.record.body.version)).toBe(false);
    expect(Buffer.from((await bodyOf(again, third.record))!).toString()).toBe('3');
  });

  it('is left out once its time is over, and does not come back when the clock goes back', async () => {
    const folder = await temporaryFolder();
    const short = await sample('/short', 's', { keepUntil: SAMPLE_TIME + 10 });
    await (await kept(folder, short, await sample('/long'))).close();
    const later = await opened(folder, { now: SAMPLE_TIME + 11 });
    expect(paths(later)).toEqual(['/long']);
    await later.close();
    expect(paths(await opened(folder))).toEqual(['/long']);
  });

  it('may have any id, key and fields', async () => {
    const folder = await temporaryFolder();
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 30 }), 10_000);
    const persistence = await opened(folder, { budgetBytes: 64 * 1024 * 1024 });
    const all = new Map<string, Sample>();
    for (const [at, text] of texts.entries()) {
      const id = `${text}${at % 3 === 0 ? '\n' : ''}`;
      const one = await sample('/odd', `${at}`, { id, key: text, fields: ['X', text] });
      all.set(id, one);
      expect(persistence.put(one.record, one.kept)).toBe(true);
    }
    await persistence.close();
    const again = await opened(folder, { budgetBytes: 64 * 1024 * 1024 });
    const restored = again.restored();
    expect(restored).toHaveLength(all.size);
    expect(all.size).toBeGreaterThan(5000);
    for (const record of restored) expect(record).toEqual(all.get(record.stored.id)!.record);
    const last = restored.at(-1)!;
    expect(Buffer.from((await bodyOf(again, last))!)).toEqual(Buffer.from(all.get(last.stored.id)!.kept));
  });

  it('is left out where no more may wait, and then an older one is not on disk either', async () => {
    const folder = await temporaryFolder();
    const old = await sample('/a', 'old');
    const persistence = await opened(folder, { maxWaitingBytes: 100_000 });
    persistence.put(old.record, old.kept);
    await persistence.flushed();
    const [large, next] = [await sample('/large', binary(90_000)), await sample('/a', binary(50_000))];
    expect(persistence.put(large.record, large.kept)).toBe(true);
    expect(persistence.put(next.record, next.kept)).toBe(false);
    expect(persistence.has(idOf(next), next.record.body.version)).toBe(false);
    await persistence.close();
    expect(paths(await opened(folder))).toEqual(['/large']);
  });
});

describe('what was freshened', () => {
  it('has its new metadata and its old body, written or not', async () => {
    const folder = await temporaryFolder();
    const [a, b] = [await sample('/a', 'A'), await sample('/b', 'B')];
    const persistence = await kept(folder, a);
    await persistence.flushed();
    persistence.put(b.record, b.kept);
    for (const { record } of [a, b]) {
      const stored = { ...record.stored, lifetimeSeconds: 77 };
      expect(persistence.freshen({ ...record, stored })).toBe(true);
    }
    await persistence.close();
    const again = await opened(folder);
    const restored = again.restored();
    expect(restored.map(({ stored }) => stored.lifetimeSeconds)).toEqual([77, 77]);
    const bodies = await Promise.all(restored.map((record) => bodyOf(again, record)));
    expect(bodies.map((body) => Buffer.from(body!).toString())).toEqual(['A', 'B']);
  });

  it('must be the same body version', async () => {
    const folder = await temporaryFolder();
    const [a, other] = [await sample('/a', 'A'), await sample('/a', 'A')];
    const persistence = await kept(folder, a);
    expect(persistence.freshen(other.record)).toBe(false);
    expect(persistence.freshen((await sample('/never')).record)).toBe(false);
  });
});

describe('what was removed', () => {
  it('stays away, written or waiting', async () => {
    const folder = await temporaryFolder();
    const samples = [await sample('/a'), await sample('/b'), await sample('/c')];
    const persistence = await kept(folder, samples[0]!);
    await persistence.flushed();
    persistence.put(samples[1]!.record, samples[1]!.kept);
    persistence.put(samples[2]!.record, samples[2]!.kept);
    persistence.remove([idOf(samples[0]!), idOf(samples[1]!), 'never there']);
    expect(persistence.has(idOf(samples[0]!), samples[0]!.record.body.version)).toBe(false);
    await persistence.close();
    expect(paths(await opened(folder))).toEqual(['/c']);
  });

  it('is everything after clear, what waited too; what comes after it stays', async () => {
    const folder = await temporaryFolder();
    const [a, b, c] = [await sample('/a'), await sample('/b'), await sample('/c')];
    const persistence = await kept(folder, a);
    await persistence.flushed();
    persistence.put(b.record, b.kept);
    persistence.clear();
    persistence.put(c.record, c.kept);
    await persistence.flushed();
    expect(paths(await afterKill(folder))).toEqual(['/c']);
    expect((await readdir(folder)).filter((name) => name.endsWith('.index'))).toHaveLength(1);
  });
});

describe('the folder', () => {
  it('and its files can be read by their owner only', async () => {
    const folder = join(await temporaryFolder(), 'made', 'cache');
    await (await kept(folder, await sample('/a'))).close();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of (await readdir(folder)).filter((each) => !each.startsWith('lock-'))) {
      expect([name, (await stat(join(folder, name))).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  it('keeps the secret over restarts and clear', async () => {
    const folder = await temporaryFolder();
    const first = await opened(folder);
    first.clear();
    await first.close();
    const second = await opened(folder);
    expect(Buffer.from(second.secret).equals(first.secret)).toBe(true);
    expect(second.secret).toHaveLength(32);
  });

  it('with a damaged secret gets a new one, and loses for good what was stored for one user', async () => {
    const folder = await temporaryFolder();
    const first = await kept(folder, await sample('/all'), await sample('/mine', 'm', { partition: 'p' }));
    await first.close();
    const text = await readFile(join(folder, 'secret'), 'latin1');
    await writeFile(join(folder, 'secret'), (text.startsWith('0') ? '1' : '0') + text.slice(1));
    const second = await opened(folder);
    expect(paths(second)).toEqual(['/all']);
    expect(Buffer.from(second.secret).equals(first.secret)).toBe(false);
    await second.close();
    await writeFile(join(folder, 'secret'), text);
    expect(paths(await opened(folder))).toEqual(['/all']);
  });

  it('of a newer format is set aside, at most once, with a word', async () => {
    const folder = join(await temporaryFolder(), 'cache');
    for (const time of [1, 2]) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'format'), 'larder disk cache 99\n');
      await writeFile(join(folder, '00000001.index'), 'from the future');
      const persistence = await opened(folder, { now: SAMPLE_TIME + time });
      expect(persistence.status()).toMatchObject({
        state: 'on',
        message: expect.stringContaining('set aside'),
      });
      const [a] = [await sample('/a')];
      persistence.put(a.record, a.kept);
      await persistence.close();
      const again = await opened(folder);
      expect(paths(again)).toEqual(['/a']);
      await again.close();
    }
    const aside = `cache.bad-${SAMPLE_TIME + 2}`;
    expect((await readdir(dirname(folder))).sort()).toEqual(['cache', aside]);
    expect(await readFile(join(dirname(folder), aside, '00000001.index'), 'utf8')).toBe('from the future');
  });

  it('that another has says so and keeps nothing', async () => {
    const folder = await temporaryFolder();
    const first = await opened(folder);
    const second = await opened(folder);
    const a = await sample('/a');
    expect(second.status().state).toBe('in-use');
    expect(second.status().message).toBe(
      `Another Larder keeps its cache in ${folder}; this one keeps its cache in memory only.`,
    );
    expect(second.put(a.record, a.kept)).toBe(false);
    second.clear();
    await second.close();
    expect(first.put(a.record, a.kept)).toBe(true);
    await first.close();
    expect(paths(await opened(folder))).toEqual(['/a']);
  });

  it('with a path too long for a socket is locked all the same', async () => {
    const folder = join(await temporaryFolder(), 'x'.repeat(120));
    expect((await opened(folder)).status().state).toBe('on');
    expect((await opened(folder)).status().state).toBe('in-use');
  });

  it('that cannot be made is said, and used as soon as it can be', async () => {
    const parent = join(await temporaryFolder(), 'file');
    await writeFile(parent, 'not a folder');
    const persistence = await opened(join(parent, 'cache'));
    const a = await sample('/a');
    expect(persistence.status()).toMatchObject({ state: 'failing' });
    expect(persistence.status().message).toContain(join(parent, 'cache'));
    expect(persistence.put(a.record, a.kept)).toBe(false);
    persistence.remove([idOf(a)]);
    const isOn = new Promise<void>((resolve) => {
      persistence.onStatus(({ state }) => state === 'on' && resolve());
    });
    await rm(parent);
    await isOn;
    expect(persistence.status().message).toBeNull();
    expect(persistence.put(a.record, a.kept)).toBe(true);
    await persistence.close();
    const again = await opened(join(parent, 'cache'));
    expect(paths(again)).toEqual(['/a']);
    expect(Buffer.from(again.secret).equals(persistence.secret)).toBe(true);
  });

  it('is let go by close, which may be called twice', async () => {
    const folder = await temporaryFolder();
    const first = await openPersistence({ folder, budgetBytes: 1e6, now: () => SAMPLE_TIME });
    await Promise.all([first.close(), first.close()]);
    expect((await opened(folder)).status().state).toBe('on');
    expect(first.put((await sample('/a')).record, new Uint8Array(1))).toBe(false);
  });
});
