/** The committed schema is the one that the code makes; LARDER_WRITE_SCHEMA=1 writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { PROJECT_SCHEMA_FILE, projectSchema, projectSchemaText } from './project-schema';

const COMMITTED = new URL(`../../../resources/${PROJECT_SCHEMA_FILE}`, import.meta.url);

interface Described {
  readonly description?: string;
  readonly default?: unknown;
  readonly anyOf?: readonly { readonly type?: string }[];
  readonly properties?: Readonly<Record<string, Described>>;
}

describe('the schema of the project file', () => {
  it('is the committed one', () => {
    if (process.env['LARDER_WRITE_SCHEMA'] !== undefined) writeFileSync(COMMITTED, projectSchemaText());
    expect(JSON.parse(readFileSync(COMMITTED, 'utf8'))).toEqual(projectSchema());
  });

  it('has a sentence for every key', () => {
    const { properties = {} } = projectSchema() as Described;
    const all = Object.values(properties).flatMap((one) => [one, ...Object.values(one.properties ?? {})]);
    expect(all.length).toBeGreaterThan(40);
    expect(all.filter(({ description }) => description === undefined || description === '')).toEqual([]);
  });

  it('says what the defaults are, and that a size may be a text', () => {
    const { properties = {} } = projectSchema() as Described;
    expect(properties['port']?.default).toBe(DEFAULT_SETTINGS.port);
    expect(properties['ttl']).not.toHaveProperty('default');
    expect(properties['max-memory']?.anyOf?.map(({ type }) => type)).toEqual(['integer', 'string']);
  });
});
