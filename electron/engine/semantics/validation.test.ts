import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldLines, fieldValue } from '../http/raw-fields';
import { formatHttpDate } from './http-date';
import { anyText, MANY } from './test/arbitraries';
import { NOW, stored } from './test/responses';
import { confirmedBy, isFreshenedWith, validationFor, withConditions } from './validation';
import { entityTag, entityTags } from './validator';

const yesterday = formatHttpDate(NOW - 86_400_000);
const tagged = (tag: string, id = tag) => stored({ id, fields: ['ETag', tag] });

describe('RFC 9111 §4.3.1: validationFor the response that the request would get', () => {
  it.each<[string[], string[] | null]>([
    [[], null],
    [
      ['etag', 'W/"a"'],
      ['If-None-Match', 'W/"a"'],
    ],
    [
      ['Last-Modified', yesterday],
      ['If-Modified-Since', yesterday],
    ],
    [['Last-Modified', 'garbage'], null],
    [['ETag', '*'], null],
    [
      ['ETag', '"a"', 'Last-Modified', yesterday],
      ['If-None-Match', '"a"', 'If-Modified-Since', yesterday],
    ],
  ])('with %j', (fields, conditions) => {
    const one = stored({ fields });
    const validation = validationFor(one, []);
    expect(validation?.conditions ?? null).toEqual(conditions);
    if (validation !== null) expect(validation.asked).toEqual([one]);
  });
});

describe('RFC 9111 §4.3.1: validationFor with the tags of other variants', () => {
  const selected = stored({ id: 's', fields: ['ETag', '"s"', 'Last-Modified', yesterday] });

  it('names them after its own, each once', () => {
    const others = [tagged('"b"'), selected, tagged('"s"', 'same'), tagged('W/"c"')];
    const validation = validationFor(selected, others);
    expect(validation?.conditions).toEqual([
      'If-None-Match',
      '"s", "b", W/"c"',
      'If-Modified-Since',
      yesterday,
    ]);
    expect(validation?.asked.map(({ id }) => id)).toEqual(['s', '"b"', 'same', 'W/"c"']);
  });

  it('asks about them alone where the request would get none of them', () => {
    expect(validationFor(null, [tagged('"b"'), stored(), tagged('"c"')])).toEqual({
      conditions: ['If-None-Match', '"b", "c"'],
      asked: [tagged('"b"'), tagged('"c"')],
    });
    expect(validationFor(null, [])).toBeNull();
    expect(validationFor(null, [stored({ fields: ['Last-Modified', yesterday] })])).toBeNull();
  });

  it('names none where its own validator is a date, which they would set aside (RFC 9110 §13.1.3)', () => {
    const dated = stored({ fields: ['Last-Modified', yesterday] });
    expect(validationFor(dated, [tagged('"b"')])).toEqual({
      conditions: ['If-Modified-Since', yesterday],
      asked: [dated],
    });
    expect(validationFor(stored(), [tagged('"b"')])).toBeNull();
  });

  it('names sixteen at most, and no long ones but its own', () => {
    const long = `"${'x'.repeat(511)}"`;
    const others = Array.from({ length: 20 }, (_, index) => tagged(`"${index}"`));
    const own = tagged(long);
    const validation = validationFor(own, [tagged(`"${'y'.repeat(511)}"`), ...others]);
    const tags = entityTags(fieldValue(validation?.conditions ?? [], 'if-none-match') ?? '');
    expect(tags).toEqual([long, ...others.slice(0, 15).map(({ id }) => id)]);
    expect(validationFor(null, [own])).toBeNull();
    expect(validationFor(null, [tagged(`"${'x'.repeat(510)}"`)])).not.toBeNull();
  });

  it('every tag asked with is the tag of what is asked about, and none of them is * (10,000 runs)', () => {
    const some = anyText.map((text) => stored({ id: text, fields: ['ETag', text] }));
    fc.assert(
      fc.property(fc.option(some), fc.array(some, { maxLength: 5 }), (first, others) => {
        const validation = validationFor(first, others);
        if (validation === null) return true;
        const value = fieldValue(validation.conditions, 'if-none-match') ?? '';
        const known = validation.asked.map(({ fields }) => entityTag(fields)?.trim());
        return (
          validation.asked.length > 0 &&
          entityTags(value).every((tag) => tag !== '*' && known.includes(tag)) &&
          known.every((tag) => tag === undefined || entityTags(value).includes(tag))
        );
      }),
      MANY,
    );
  });
});

describe('the conditions of a validation', () => {
  it("take the place of the client's own, and everything else stays", () => {
    const request = ['If-None-Match', '"old"', 'Accept', '*/*', 'if-modified-since', yesterday, 'Range', 'a'];
    expect(withConditions(request, ['If-None-Match', '"a"'])).toEqual([
      'Accept',
      '*/*',
      'Range',
      'a',
      'If-None-Match',
      '"a"',
    ]);
    expect(withConditions(['If-None-Match', '"old"'], [])).toEqual([]);
  });

  it('are the only ones, whatever the request says', () => {
    const lines = fc.array(
      fc.tuple(fc.constantFrom('If-None-Match', 'IF-NONE-MATCH', 'If-Modified-Since', 'A'), fc.string()),
    );
    fc.assert(
      fc.property(lines, (request) => {
        const fields = withConditions(request.flat(), ['If-None-Match', '"a"']);
        expect(fieldLines(fields, 'if-none-match')).toEqual(['"a"']);
        expect(fieldLines(fields, 'if-modified-since')).toEqual([]);
      }),
    );
  });
});

describe('RFC 9111 §4.3.4: what a 304 confirms', () => {
  const [a, weak, c, untagged] = [tagged('"a"'), tagged('W/"b"'), tagged('"c"'), stored({ id: 'untagged' })];

  it.each<[string, string | null, (typeof a)[], string | null]>([
    ['the one with its strong tag', '"c"', [a, weak, c], '"c"'],
    ['the one with its weak tag', 'W/"b"', [a, weak, c], 'W/"b"'],
    ['of a weak tag, one with the strong form', 'W/"c"', [a, weak, c], '"c"'],
    ['of a strong tag, not one with the weak form', '"b"', [a, weak, c], null],
    ['none with another tag', '"x"', [a, weak, c], null],
    ['none of several, where it has no tag', null, [a, weak], null],
    ['none without a tag of its own', '"x"', [untagged, a], null],
    ['the first of several with one tag', '"a"', [a, tagged('"a"', 'second')], '"a"'],
    ['the only one, without a tag', null, [a], '"a"'],
    ['the only one, with the tag of another form', '"a-gzip"', [a], '"a"'],
    ['the only one, which has no tag', '"x"', [untagged], 'untagged'],
    ['nothing where nothing was asked about', '"a"', [], null],
  ])('%s', (_what, tag, asked, id) => {
    expect(confirmedBy(tag === null ? [] : ['ETag', tag], asked)?.id ?? null).toBe(id);
  });

  it('two lines of ETag are no tag', () => {
    expect(confirmedBy(['ETag', '"a"', 'ETag', '"a"'], [a, c])).toBeNull();
  });
});

describe('RFC 9111 §4.3.4: what is freshened with it', () => {
  it.each<[string, string | null, string | null, boolean]>([
    ['one with the same strong tag', '"a"', '"a"', true],
    ['not one with the same weak tag', 'W/"a"', 'W/"a"', false],
    ['not one with the weak form', 'W/"a"', '"a"', false],
    ['not one with another', '"b"', '"a"', false],
    ['not one without', null, '"a"', false],
    ['not where what was confirmed has none', '"a"', null, false],
  ])('%s', (_what, tag, confirmedTag, freshened) => {
    const fieldsOf = (value: string | null) => (value === null ? [] : ['ETag', value]);
    const [other, confirmed] = [
      stored({ id: 'other', fields: fieldsOf(tag) }),
      stored({ id: 'confirmed', fields: fieldsOf(confirmedTag) }),
    ];
    expect(isFreshenedWith(other, confirmed)).toBe(freshened);
  });

  it('not itself once more', () => {
    expect(isFreshenedWith(tagged('"a"'), tagged('"a"'))).toBe(false);
  });
});
