/**
 * The JSON Schema of the project file, for editors: made from the schemas that check its values, with a sentence for
 * each key. resources/larder.schema.json is this, written down.
 */
import { z } from 'zod';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { PROJECT_KEYS, PROJECT_SECTIONS } from './project-file';
import type { SectionField, SettingField } from './read-setting';
import { schemaOfSetting } from './read-setting';
import { sectionKeys, type SectionName } from './settings-section';

export const PROJECT_SCHEMA_FILE = 'larder.schema.json';

type JsonSchema = Readonly<Record<string, unknown>>;

const KEY_WORDS: Readonly<Record<string, string>> = {
  origin: 'Upstream server, http or https; may carry a path prefix.',
  port: 'Port to listen on; 0 takes a free one.',
  host: 'Address to listen on. Without it: this machine only.',
  ttl: 'Time to live of stored responses in seconds. Without it 300; with the policy respect none.',
  policy: 'override: the TTL rules. respect: HTTP caching as the origin asks for it.',
  store: 'Where responses are kept.',
  'max-memory': 'Budget of the memory store: a number of bytes, or a size such as "64m".',
  persist: 'The memory store outlives the process.',
  demo: 'The built-in demo API is the origin.',
  json: 'The command line prints one JSON object per line.',
  quiet: 'The command line prints only errors.',
  'error-ttl':
    'Time to live of stored errors (4xx, 5xx) in seconds, with the policy override. Without it none are stored.',
  'compression-level': 'gzip level of what is kept of compressible bodies; 0 keeps them as they came.',
  'max-disk': 'Budget of what is kept on disk: a number of bytes, or a size such as "1g".',
  'max-body': 'Largest body that is stored: a number of bytes, or a size such as "32m".',
  'credential-cookies':
    'Patterns of cookie names that tell users apart; ! excludes, and the last that matches decides.',
  'allowed-hosts': 'Host names besides loopback under which Larder’s own endpoints answer.',
  redis: 'Which Redis. The password is never here: set REDIS_PASSWORD.',
  'fast-path':
    'Hits are answered on a shorter way where that gives the same answer; false: all requests go one way.',
  upstream: 'How Larder talks to the origin.',
  limits: 'What a client may send and hold at most.',
};

const SECTION_WORDS: Readonly<Record<SectionField, string>> = {
  'redis.mode': 'One server, or how several are found.',
  'redis.url':
    'redis://, rediss:// or unix:, without a password. Wins over host, port, user name, database and TLS.',
  'redis.host': 'Name or address of the server.',
  'redis.port': 'Port of the server.',
  'redis.nodes': 'host:port of the sentinels, or of nodes of the cluster.',
  'redis.masterName': 'What the sentinels call the master.',
  'redis.username': 'Without it: the default user.',
  'redis.database': 'Number of the database; a cluster has only 0.',
  'redis.tls': 'Connect with TLS.',
  'redis.acceptSelfSigned': 'Accept a certificate of the Redis’s own making.',
  'redis.keyPrefix': 'All keys start with it.',
  'redis.poolSize': 'Connections; with a cluster to each node.',
  'redis.connectTimeoutMs': 'Time to connect, in milliseconds.',
  'redis.commandTimeoutMs': 'How long a request waits for Redis, in milliseconds.',
  'redis.writeTimeoutMs': 'For storing, listing and clearing, in milliseconds.',
  'redis.retryMinMs': 'Shortest pause before a lost connection is made anew, in milliseconds.',
  'redis.retryMaxMs': 'Longest pause before a lost connection is made anew, in milliseconds.',
  'redis.nearCacheBytes':
    'What of Redis is also held in memory: a number of bytes, or a size such as "32m"; 0 is nothing.',
  'upstream.connectTimeoutMs': 'Time to connect, in milliseconds.',
  'upstream.headTimeoutMs': 'Time until the response’s head is there, in milliseconds.',
  'upstream.bodyTimeoutMs': 'Longest pause within a body, in milliseconds.',
  'upstream.acceptSelfSigned': 'Accept a certificate of the origin’s own making.',
  'limits.headBytes': 'Request line and fields together: a number of bytes, or a size such as "16k".',
  'limits.targetBytes': 'The request target: a number of bytes, or a size such as "8k".',
  'limits.fields': 'Fields of a request.',
  'limits.requestBodyBytes': 'Body of a request: a number of bytes, or a size such as "64m".',
  'limits.connections': 'Connections at a time; the newest is refused with 503.',
  'limits.headTimeoutMs': 'How long a client may take to send a request’s head, in milliseconds.',
  'limits.bodyTimeoutMs': 'Longest pause within a request’s body, in milliseconds.',
  'limits.idleTimeoutMs': 'How long a connection may wait between requests, in milliseconds.',
  'limits.upgradeIdleMs': 'How long nothing may pass through an upgraded connection, in milliseconds.',
};

const SIZE_TEXT: JsonSchema = {
  type: 'string',
  pattern: String.raw`^\d{1,16}(\.\d{1,6})?\s*([kmgtKMGT]?[iI]?[bB]?)$`,
};

/** As readProjectText takes it: null is no value that somebody gives. */
function valueSchema(field: SettingField): JsonSchema {
  const { $schema: _dialect, ...whole } = z.toJSONSchema(schemaOfSetting(field), { io: 'input' });
  const [given = whole] = withoutNull(whole);
  const value = field.endsWith('Bytes') ? { anyOf: [given, SIZE_TEXT] } : given;
  const byDefault = defaultOf(field);
  return byDefault === null ? value : { ...value, default: byDefault };
}

function withoutNull(schema: JsonSchema): JsonSchema[] {
  const { anyOf, type } = schema;
  if (Array.isArray(anyOf)) return anyOf.filter((one: JsonSchema) => one['type'] !== 'null');
  if (!Array.isArray(type)) return [schema];
  return type.filter((one) => one !== 'null').map((one: unknown) => ({ ...schema, type: one }));
}

function defaultOf(field: SettingField): unknown {
  const [first, name] = field.split('.');
  const value: unknown = DEFAULT_SETTINGS[first as SectionName];
  return name === undefined ? value : (value as Record<string, unknown>)[name];
}

function sectionSchema(section: SectionName): JsonSchema {
  const properties = sectionKeys(section).map((name) => {
    const field = `${section}.${name}` as SectionField;
    return [name, { description: SECTION_WORDS[field], ...valueSchema(field) }];
  });
  return {
    description: KEY_WORDS[section],
    type: 'object',
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  };
}

export function projectSchema(): JsonSchema {
  const keys = PROJECT_KEYS.map(({ name, field }) => {
    const value = field === undefined ? { type: 'boolean', default: false } : valueSchema(field);
    return [name, { description: KEY_WORDS[name], ...value }];
  });
  const sections = PROJECT_SECTIONS.map((section) => [section, sectionSchema(section)]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Larder project file',
    description: 'larder.json: settings of the caching proxy Larder for everybody who works on a project.',
    type: 'object',
    properties: {
      $schema: { description: 'Where this schema lies.', type: 'string' },
      ...Object.fromEntries([...keys, ...sections]),
    },
    additionalProperties: false,
  };
}

export function projectSchemaText(): string {
  return `${JSON.stringify(projectSchema(), null, 2)}\n`;
}
