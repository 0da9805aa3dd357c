import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectionProblem, hopByHopNames, withoutHopByHop } from './hop-by-hop';
import { anyText, MANY } from './test/arbitraries';

describe('RFC 9110 §7.6.1: withoutHopByHop', () => {
  it.each([
    'Connection',
    'Keep-Alive',
    'Proxy-Authenticate',
    'Proxy-Authentication-Info',
    'Proxy-Authorization',
    'Proxy-Connection',
    'TE',
    'Transfer-Encoding',
    'Upgrade',
  ])('takes off %s', (name) => {
    expect(withoutHopByHop([name, 'x', 'A', '1'])).toEqual(['A', '1']);
  });

  it('takes off what Connection names, in any case, on several lines', () => {
    const fields = ['Connection', 'A, close', 'a', '1', 'B', '2', 'C', '3', 'connection', 'b'];
    expect(withoutHopByHop(fields)).toEqual(['C', '3']);
  });

  it('keeps order, repetition and case of the others, Trailer too', () => {
    const fields = ['X-b', '1', 'trailer', 'T', 'X-A', '2', 'x-B', '3'];
    expect(withoutHopByHop(['Connection', 'keep-alive', ...fields])).toEqual(fields);
  });

  it.each(['cookie', 'authorization', 'set-cookie', 'cache-control', 'host', 'content-length'])(
    'keeps %s, although Connection names it',
    (name) => {
      expect(withoutHopByHop(['Connection', name, name, 'x'])).toEqual([name, 'x']);
    },
  );

  it('makes no set of its own for the usual Connection', () => {
    expect(hopByHopNames(['Connection', 'keep-alive'])).toBe(hopByHopNames([]));
    expect(hopByHopNames(['Connection', 'Upgrade'])).toBe(hopByHopNames([]));
    expect(hopByHopNames(['Connection', 'x']).has('x')).toBe(true);
  });

  it('never throws, never leaves a Connection field, and leaves what everybody needs (10,000 runs)', () => {
    const fields = ['Cache-Control', 'private', 'Cookie', 'a=1', 'Content-Length', '5', 'Vary', 'a'];
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        const kept = withoutHopByHop(['Connection', one, ...fields, 'connection', other]);
        return kept.join() === fields.join() && connectionProblem(['Connection', one]) !== '';
      }),
      MANY,
    );
  });
});

describe('RFC 9110 §7.6.1: connectionProblem', () => {
  it.each(['host', 'Content-Length', 'close, cache-control', 'Vary'])('refuses %s', (value) => {
    expect(connectionProblem(['Connection', value])).toContain('Connection names');
  });

  it('names each field that is wrong', () => {
    expect(connectionProblem(['Connection', 'Host, x', 'Connection', 'content-length'])).toContain(
      'host, content-length',
    );
  });

  it.each(['', 'close', 'keep-alive, Upgrade', 'cookie', 'x-forwarded-for', 'TE, HTTP2-Settings'])(
    'takes %j',
    (value) => {
      expect(connectionProblem(['Connection', value])).toBeNull();
    },
  );
});
