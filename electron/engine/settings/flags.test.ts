import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MEBIBYTE } from '../../../shared/settings';
import { FLAGS, flagHelp, parseFlags } from './flags';

const assigned = (argv: readonly string[]): readonly (readonly [string, unknown])[] =>
  parseFlags(argv).assignments.map(({ field, value }) => [field, value] as const);

describe('parseFlags', () => {
  it.each([
    [['--origin', 'https://api.example.com/v2'], 'origin', 'https://api.example.com/v2'],
    [['--origin=http://localhost:8080'], 'origin', 'http://localhost:8080'],
    [['--port', '0'], 'port', 0],
    [['--port', '65535'], 'port', 65_535],
    [['--host', '0.0.0.0'], 'host', '0.0.0.0'],
    [['--host', '[::1]'], 'host', '::1'],
    [['--host', 'localhost'], 'host', 'localhost'],
    [['--ttl', '0'], 'ttlSeconds', 0],
    [['--ttl', '86400'], 'ttlSeconds', 86_400],
    [['--policy', 'respect'], 'policy', 'respect'],
    [['--store', 'redis'], 'store', 'redis'],
    [['--max-memory', '64m'], 'maxMemoryBytes', 64 * MEBIBYTE],
    [['--max-memory', '1g'], 'maxMemoryBytes', 1024 * MEBIBYTE],
    [['--max-memory', '256MiB'], 'maxMemoryBytes', 256 * MEBIBYTE],
    [['--max-memory', '1.5 GiB'], 'maxMemoryBytes', 1536 * MEBIBYTE],
    [['--max-memory', '2048k'], 'maxMemoryBytes', 2 * MEBIBYTE],
    [['--max-memory', '1048576'], 'maxMemoryBytes', MEBIBYTE],
    [['--demo'], 'origin', null],
    [['--persist'], 'persist', true],
  ])('reads %j', (argv, field, value) => {
    expect(assigned(argv)).toEqual([[field, value]]);
  });

  it('takes the last of a repeated flag', () => {
    expect(assigned(['--port', '1', '--port', '2'])).toEqual([['port', 2]]);
  });

  it('names itself as the source', () => {
    expect(parseFlags(['--max-memory', '1g']).assignments[0]?.source).toBe('--max-memory');
  });

  it.each([['--json'], ['--quiet'], ['--clear-cache'], ['--demo'], ['--help'], ['--version']])(
    'reads the switch %s',
    (flag) => {
      expect([...parseFlags([flag]).switches]).toEqual([flag.slice(2)]);
    },
  );

  it.each([
    ['-h', 'help'],
    ['-v', 'version'],
  ])('reads %s', (flag, name) => {
    expect([...parseFlags([flag]).switches]).toEqual([name]);
  });

  it('keeps the file of --config as given', () => {
    expect(parseFlags(['--config', 'a/b.json']).config).toBe('a/b.json');
  });

  it('helps whatever else is wrong', () => {
    expect(parseFlags(['--port', 'abc', '--help']).switches.has('help')).toBe(true);
  });
});

describe('parseFlags, wrong values', () => {
  it.each([
    [['--origin', 'api'], '--origin: "api" is not a URL; give one such as https://api.example.com'],
    [['--origin', 'ftp://a'], '--origin: "ftp://a" must start with http:// or https://, not ftp://'],
    [['--origin', ''], '--origin: "" is not a URL; give one such as https://api.example.com'],
    [['--port', 'abc'], '--port: "abc" must be a whole number from 0 to 65535'],
    [['--port', '65536'], '--port: "65536" must be a whole number from 0 to 65535'],
    [['--port', '-1'], '--port: "-1" must be a whole number from 0 to 65535'],
    [['--port', '3e3'], '--port: "3e3" must be a whole number from 0 to 65535'],
    [['--port=', ''], '--port: "" must be a whole number from 0 to 65535'],
    [['--ttl', '1.5'], '--ttl: "1.5" must be a whole number from 0 to 315360000 (seconds)'],
    [['--ttl', '5m'], '--ttl: "5m" must be a whole number from 0 to 315360000 (seconds)'],
    [['--ttl', '0x10'], '--ttl: "0x10" must be a whole number from 0 to 315360000 (seconds)'],
    [['--policy', 'both'], '--policy: "both" must be override or respect'],
    [['--store', 'disk'], '--store: "disk" must be memory or redis'],
    [['--host', 'a b'], '--host: "a b" must be an IP address or a host name, without scheme and port'],
    [
      ['--host', '::1]:80'],
      '--host: "::1]:80" must be an IP address or a host name, without scheme and port',
    ],
    [
      ['--host', 'http://a'],
      '--host: "http://a" must be an IP address or a host name, without scheme and port',
    ],
    [
      ['--max-memory', '10x'],
      '--max-memory: "10x" must be a size of at least 1 MiB, such as 64m, 1g, 256MiB or a number of bytes',
    ],
    [
      ['--max-memory', '1k'],
      '--max-memory: "1k" must be a size of at least 1 MiB, such as 64m, 1g, 256MiB or a number of bytes',
    ],
    [['--prot', '1'], 'unknown flag "--prot"; did you mean --port?'],
    [['--max-mem', '1'], 'unknown flag "--max-mem"; did you mean --max-memory?'],
    [['--redis-password', 'x'], 'unknown flag "--redis-password"; --help lists the flags'],
    [['-p', '1'], 'unknown flag "-p"; --help lists the flags'],
    [
      ['https://api.example.com'],
      'unexpected argument "https://api.example.com"; give the upstream server with --origin URL',
    ],
    [['start'], 'unexpected argument "start"; --help lists the flags'],
    [['--port'], '--port needs a value: --port N'],
    [['--origin', '--port', '1'], '--origin needs a value: --origin URL'],
    [['--json=yes'], '--json takes no value, but was given "yes"'],
    [['--persist=no'], '--persist takes no value, but was given "no"'],
    [['--demo', '--origin', 'http://a'], '--demo and --origin exclude each other: the demo API is an origin'],
    [['--__proto__', '1'], 'unknown flag "--__proto__"; --help lists the flags'],
  ])('refuses %j', (argv, message) => {
    const wrong = (): unknown =>
      parseFlags(argv.filter((argument) => argument !== '' || argv[0] === '--origin'));
    expect(wrong).toThrow(expect.objectContaining({ code: 'settings_invalid', message }));
  });

  it('never repeats what may be a secret', () => {
    for (const origin of ['http://ada:CANARY@a', 'http://a?token=CANARY', 'x CANARY@a', 'http://a#CANARY']) {
      expect(() => parseFlags(['--origin', origin])).toThrow(/^--origin: "(?!.*CANARY)/);
    }
  });

  it('escapes control characters of what it repeats', () => {
    expect(() => parseFlags(['--port', '\u001b[31m\r\n'])).toThrow('"\\u001b[31m\\r\\n"');
  });
});

describe('parseFlags among the arguments of others', () => {
  it('ignores switches of Chromium, Electron and macOS, and file names', () => {
    const argv = [
      '--no-sandbox',
      '--remote-debugging-port=0',
      '-psn_0_12345',
      '-vh',
      '/some/file',
      '--port',
      '0',
      '--inspect',
    ];
    const { assignments, switches } = parseFlags(argv, { allowUnknown: true });
    expect(assignments).toEqual([{ field: 'port', value: 0, source: '--port' }]);
    expect(switches.size).toBe(0);
  });

  it('still refuses a wrong value of its own', () => {
    expect(() => parseFlags(['--no-sandbox', '--port', 'x'], { allowUnknown: true })).toThrow('--port: "x"');
  });
});

describe('flagHelp', () => {
  it('shows every flag, within 110 columns', () => {
    const help = flagHelp();
    for (const { name } of FLAGS) expect(help).toContain(`--${name}`);
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
  });
});

describe('the documents', () => {
  it.each(['README.md', 'docs/configuration.md'])('%s lists every flag', (name) => {
    const text = readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
    const documented = new Set([...text.matchAll(/--([a-z][a-z-]+)/g)].map(([, flag]) => flag));
    expect(FLAGS.map((flag) => flag.name).filter((flag) => !documented.has(flag))).toEqual([]);
  });
});
