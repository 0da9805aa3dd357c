/** The stores' contract: whatever a response is made of comes back as it was. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StoredResponse } from '../../semantics/stored-response';
import { bodyFor, put, store } from './contract-store';
import { bodyText, sampleAt, sampleResponse, textBody } from './sample-response';

export function describeRoundTrip(): void {
  it('keeps an empty body', async () => {
    const stored = await put('/empty', '', { status: 204, statusText: 'No Content' });
    expect(await store.lookup(stored.key)).toEqual([stored]);
    expect(await bodyFor(stored.key)).toBe('');
    expect(bodyText(await store.bodyOf(stored.id))).toBe('');
  });

  it('keeps every byte value, also in what can be compressed', async () => {
    const bytes = Uint8Array.from({ length: 65_536 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
    for (const type of ['text/plain', 'application/octet-stream']) {
      const stored = sampleAt(`/bytes/${type}`, { fields: ['Content-Type', type], bodyBytes: bytes.length });
      await store.put(stored, bytes);
      const [found] = await store.lookup(stored.key);
      expect(found && Buffer.compare((await store.body(found)) ?? Buffer.alloc(0), bytes)).toBe(0);
    }
  });

  it('keeps a body of 16 MiB', async () => {
    const bytes = Buffer.alloc(16 * 1024 * 1024, 'larder ');
    const stored = sampleAt('/large', { fields: ['Content-Type', 'text/plain'], bodyBytes: bytes.length });
    expect(await store.put(stored, bytes)).toBe(true);
    const [found] = await store.lookup(stored.key);
    expect(found && Buffer.compare((await store.body(found)) ?? Buffer.alloc(0), bytes)).toBe(0);
  });

  it('keeps order, repetition, case and bytes of fields and trailers', async () => {
    const fields = [
      'X-B',
      '1',
      'x-a',
      '',
      'X-B',
      '2',
      'SET-Thing',
      'caf\u00e9 \u0080\u00ff',
      '__proto__',
      'x',
      'a',
      '"\\,;',
    ];
    const stored = await put('/fields', 'x', { fields, trailers: ['Digest', 'x', 'digest', 'y'] });
    expect(await store.lookup(stored.key)).toEqual([stored]);
    expect((await store.lookup(stored.key))[0]?.fields).toEqual(fields);
  });

  it.each([
    ['__proto__'],
    ['constructor'],
    [''],
    ['a\nb\r\n\0c'],
    ['larder:v1:{x}:*?[]\\'],
    ['\u{1F980} \u00e9 \ud800'],
    [`https://api.example.com/${'long/'.repeat(4000)}`],
  ])('keeps a response under the key %j', async (key) => {
    const stored = sampleResponse({ key, url: 'https://api.example.com/odd' });
    await store.put(stored, textBody('odd'));
    expect(await store.lookup(key)).toEqual([stored]);
    expect(await bodyFor(key)).toBe('odd');
    expect(await store.lookup(`${key} `)).toEqual([]);
    expect(await store.invalidate([key])).toBe(1);
  });

  it('keeps whatever it is given', async () => {
    await fc.assert(
      fc.asyncProperty(anyResponse, fc.uint8Array({ maxLength: 3000 }), async (response, body) => {
        const stored = { ...response, bodyBytes: body.length };
        await store.put(stored, body);
        const found = (await store.lookup(stored.key)).find((each) => each.id === stored.id);
        expect(found).toEqual(stored);
        expect(found && Buffer.from((await store.body(found)) ?? [])).toEqual(Buffer.from(body));
      }),
      { numRuns: 60 },
    );
  });
}

const anyText = fc.string({ unit: 'binary', maxLength: 30 });
const anyLatin1 = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 30,
});
const anyFields = fc
  .array(fc.tuple(fc.constantFrom('Content-Type', 'x', 'X', '__proto__'), anyLatin1), { maxLength: 5 })
  .map((lines) => lines.flat());

const anyResponse: fc.Arbitrary<StoredResponse> = fc
  .record({
    key: anyText,
    vary: fc.array(fc.tuple(anyText, fc.option(anyText)), { maxLength: 3 }),
    method: fc.constantFrom('GET' as const, 'HEAD' as const),
    partition: anyText,
    status: fc.integer({ min: 100, max: 599 }),
    statusText: anyLatin1,
    fields: anyFields,
    trailers: anyFields,
    requestTime: fc.nat(),
    lifetimeSeconds: fc.nat(),
    mustValidate: fc.boolean(),
    forOneUser: fc.boolean(),
  })
  .map((parts) => sampleResponse({ url: 'https://api.example.com/any', ...parts }));
