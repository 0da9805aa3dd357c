import { describe, expect, it } from 'vitest';
import { findInJson, findInText, markedParts, MOST_MATCHES } from './body-search';
import { createBodySearch } from './body-search-store';
import { indexJson } from './json-index';

describe('findInText', () => {
  it('finds what is typed, as it is typed, without regard to case', () => {
    expect([...findInText('Jam, jam (jam.)', 'jam')]).toEqual([0, 5, 10]);
    expect([...findInText('Jam, jam (jam.)', 'jam.)')]).toEqual([10]);
    expect([...findInText('İstanbul ÉTÉ', 'été')]).toEqual([9]);
    expect([...findInText('jam', '')]).toEqual([]);
  });

  it('stops counting at some point', () => {
    expect(findInText('a'.repeat(MOST_MATCHES + 5), 'a')).toHaveLength(MOST_MATCHES);
  });
});

describe('findInJson', () => {
  const text = String.raw`{"name":"Plum jam","tags":["JAM","a\u0062c"],"jam":{"x":120},"n":12}`;
  const find = (query: string) => [...findInJson(text, indexJson(text), query)];

  it('finds keys and values, and neither punctuation nor what only holds a match', () => {
    expect(find('jam')).toEqual([1, 3, 5]);
    expect(find('12')).toEqual([6, 7]);
    expect(find('{')).toEqual([]);
  });

  it('finds what an escape means, not how it is written', () => {
    expect(find('abc')).toEqual([4]);
    expect(find('u0062')).toEqual([]);
  });
});

describe('markedParts', () => {
  it('gives the text back, marked where it matches', () => {
    expect(
      markedParts('a jam, a JAM', 'jam').map(({ text, marked }) => (marked ? `[${text}]` : text)),
    ).toEqual(['a ', '[jam]', ', a ', '[JAM]']);
    expect(markedParts('plain', '')).toEqual([{ text: 'plain', marked: false }]);
  });
});

describe('createBodySearch', () => {
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const setUp = (text: string) => {
    const asked: string[] = [];
    const search = createBodySearch((query) => {
      asked.push(query);
      return query === 'broken' ? Promise.reject(new Error('no')) : Promise.resolve(findInText(text, query));
    });
    return { search, asked, place: () => search.store.getState().found[search.store.getState().current] };
  };

  it('goes to the first match, steps around, and goes on from there with a longer query', async () => {
    const { search, place } = setUp('ja jam ja jam jar');
    search.change('ja');
    await settled();
    expect(place()).toBe(0);
    search.step(1);
    search.step(1);
    expect(place()).toBe(7);
    search.change('jam');
    await settled();
    expect(place()).toBe(10);
    search.step(1);
    expect(place()).toBe(3);
    search.step(-1);
    expect(place()).toBe(10);
  });

  it('asks one question at a time, and the newest last', async () => {
    const { search, asked } = setUp('jam');
    for (const query of ['j', 'ja', 'jam']) search.change(query);
    await settled();
    expect(asked).toEqual(['j', 'jam']);
    expect(search.store.getState()).toMatchObject({ query: 'jam', current: 0, busy: false });
  });

  it('finds nothing where the search fails, and can be emptied', async () => {
    const { search } = setUp('jam');
    search.change('broken');
    await settled();
    expect(search.store.getState()).toMatchObject({ current: -1, busy: false });
    search.change('');
    await settled();
    expect(search.store.getState()).toMatchObject({ query: '', current: -1, busy: false });
  });
});
