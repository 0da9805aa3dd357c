import { describe, expect, it } from 'vitest';
import { currentAge } from './age';
import { withEditedTtl } from './edited-ttl';
import { sampleAt, SAMPLE_TIME } from '../store/test/sample-response';

const NOW = SAMPLE_TIME + 120_500;
const STORED = sampleAt('/a', { initialAgeSeconds: 7.25, lifetimeSeconds: 60, mustValidate: true });

describe('a TTL that is edited', () => {
  it.each([0, 1, 300, 86_400])('leaves %d seconds of freshness, whatever the age', (ttlSeconds) => {
    const edited = withEditedTtl(STORED, ttlSeconds, NOW);
    expect(edited.lifetimeSeconds - currentAge(edited, NOW)).toBeCloseTo(ttlSeconds, 6);
    expect(edited.lifetimeSource).toBe('edited');
  });

  it('lets it be reused without validation, unless it is stale', () => {
    expect(withEditedTtl(STORED, 1, NOW).mustValidate).toBe(false);
    expect(withEditedTtl(STORED, 0, NOW).mustValidate).toBe(true);
    expect(withEditedTtl({ ...STORED, mustValidate: false }, 0, NOW).mustValidate).toBe(false);
  });

  it('changes nothing else', () => {
    const { lifetimeSeconds, lifetimeSource, mustValidate, ...others } = withEditedTtl(STORED, 9, NOW);
    expect(STORED).toMatchObject(others);
    expect([lifetimeSeconds, lifetimeSource, mustValidate]).toEqual([136.75, 'edited', false]);
  });
});
