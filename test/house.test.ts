import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';

// The rules of the house: which room may know which, one door for each outside thing, short files, a true README.

const ROOT = path.join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const files = (folder: string, ending: string) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => path.posix.join(folder, file.replaceAll(path.sep, '/')));

const SOURCES = files('src', '.ts');

interface Import {
  from: string;
  isType: boolean;
  /** `import(…)`, which loads nothing before it is called. */
  isLater: boolean;
}

function importsOf(file: string): Import[] {
  const imports = read(file).matchAll(
    /^(?:import|export)\s(type\s)?(?:[^;']*?from\s)?'([^']+)'/gms,
  );
  const dynamic = read(file).matchAll(/import\('([^']+)'\)/g);
  return [
    ...[...imports].map(([, type, from]) => ({
      from: String(from),
      isType: type !== undefined,
      isLater: false,
    })),
    ...[...dynamic].map(([, from]) => ({ from: String(from), isType: false, isLater: true })),
  ];
}

/** The room a file of src is in: its folder, or `src` for those at the top. */
function roomOf(file: string): string {
  const [, folder, rest] = file.split('/');
  return rest ? String(folder) : 'src';
}

// Which rooms' code a room may use. A type of another room is only a name, so the rule is for code.
const MAY_USE: Record<string, string[]> = {
  connect: [],
  twilio: [],
  database: ['src/errors.ts'],
  calls: ['connect', 'twilio', 'database', 'src/errors.ts'],
  analytics: ['connect', 'calls', 'twilio', 'database', 'src/errors.ts'],
  routes: ['connect', 'twilio', 'database', 'calls', 'analytics', 'src'],
  'what-happened': ['connect', 'twilio'],
  sandbox: [],
  doctor: ['connect', 'twilio', 'database', 'src'],
  src: ['connect', 'twilio', 'database', 'routes', 'what-happened', 'sandbox'],
};

test.each(SOURCES)('%s uses only rooms on its way', (file) => {
  const room = roomOf(file);
  for (const { from, isType } of importsOf(file)) {
    if (!from.startsWith('.') || isType) continue;
    const target = path.posix.join(path.posix.dirname(file), from);
    const targetRoom = roomOf(target);
    const allowed = [room, ...(MAY_USE[room] ?? [])];
    expect({
      file,
      target,
      allowed: allowed.includes(targetRoom) || allowed.includes(target),
    }).toEqual({
      file,
      target,
      allowed: true,
    });
  }
});

test('the pure room knows neither Express nor the SDK, not even their types', () => {
  for (const file of SOURCES.filter((source) => roomOf(source) === 'connect')) {
    for (const { from } of importsOf(file)) expect(from).toMatch(/^(\.\/|node:crypto$)/);
  }
});

test('only server.ts knows the sandbox, and the sandbox knows nobody', () => {
  const knowing = SOURCES.filter(
    (file) =>
      roomOf(file) !== 'sandbox' && importsOf(file).some(({ from }) => from.includes('/sandbox/')),
  );
  expect(knowing).toEqual(['src/server.ts']);
  for (const file of SOURCES.filter((source) => roomOf(source) === 'sandbox')) {
    for (const { from } of importsOf(file)) expect(from).not.toMatch(/^\.\.\//);
  }
});

test('only app.ts knows the panel "What just happened"', () => {
  const knowing = SOURCES.filter(
    (file) =>
      roomOf(file) !== 'what-happened' &&
      importsOf(file).some(({ from }) => from.includes('/what-happened/')),
  );
  expect(knowing).toEqual(['src/app.ts']);
});

test('nothing but server.ts knows app.ts, not even a type of it', () => {
  const knowing = SOURCES.filter((file) =>
    importsOf(file).some(({ from }) => /\/app\.ts$/.test(from)),
  );
  expect(knowing).toEqual(['src/server.ts']);
});

test('no line of the app asks whether it is the sandbox', () => {
  for (const file of SOURCES) {
    const rooms = ['routes', 'connect', 'calls', 'analytics', 'twilio', 'what-happened'];
    if (!rooms.includes(roomOf(file))) continue;
    expect(read(file)).not.toMatch(/if \([^)]*sandbox/i);
  }
});

test('the app starts without the SDK, which takes as long to load as all the rest', () => {
  const seen = new Set<string>();
  const load = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { from, isType, isLater } of importsOf(file)) {
      if (isType || isLater) continue;
      if (from.startsWith('.')) load(path.posix.join(path.posix.dirname(file), from));
      else seen.add(from);
    }
  };
  load('src/server.ts');
  expect(seen).toContain('express');
  // Two files of it need nothing else of the SDK: an error, and the check of a signature.
  expect([...seen].filter((name) => /^twilio\b/.test(name)).sort()).toEqual([
    'twilio/lib/base/RestException.js',
    'twilio/lib/webhooks/webhooks.js',
  ]);
});

describe('one door for each outside thing', () => {
  const using = (pattern: RegExp) => SOURCES.filter((file) => pattern.test(read(file)));
  const importing = (name: RegExp) =>
    SOURCES.filter((file) =>
      importsOf(file).some(({ from, isType }) => !isType && name.test(from)),
    );

  test('the environment', () => {
    expect(using(/process\.env\b/).sort()).toEqual([
      'src/doctor/doctor.ts',
      'src/doctor/setup.ts',
      'src/sandbox/serve.ts',
      'src/server.ts',
    ]);
  });
  test('the database', () => {
    expect(importing(/^better-sqlite3$/)).toEqual(['src/database/sqlite.ts']);
    expect(importing(/^pg(\/|-|$)/)).toEqual(['src/database/postgres.ts']);
    // Only where DATABASE_URL asks for it, since it need not be installed.
    expect(read('src/database/postgres.ts')).toContain("await import('pg')");
    expect(read('src/database/postgres.ts')).not.toMatch(/^import (?!type).*'pg'/m);
  });
  test('Twilio’s SDK, and its signature for those who send and check one', () => {
    for (const file of importing(/^twilio(\/|$)/)) {
      expect(file).toMatch(
        /^src\/(twilio\/|routes\/deauthorize\.ts$|sandbox\/deauthorize-request\.ts$)/,
      );
    }
  });
});

test('files are short: 150 lines at most, half of them under 60', () => {
  const lengths = SOURCES.map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }));
  expect(lengths.filter(({ lines }) => lines > 150)).toEqual([]);
  const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(60);
});

test('seven files of 400 lines teach Connect', () => {
  const lesson = [
    'src/server.ts',
    'src/app.ts',
    'src/routes/home.ts',
    'src/routes/authorize.ts',
    'src/connect/callback.ts',
    'src/twilio/customer-client.ts',
    'src/routes/calls.ts',
  ];
  const code = lesson.flatMap((file) =>
    read(file)
      .replace(/\/\*.*?\*\//gs, '')
      .split('\n')
      .filter((line) => line.trim() && !line.trim().startsWith('//')),
  );
  expect(code.length).toBeLessThanOrEqual(400);
});

test('every route file tells its story first', () => {
  for (const file of SOURCES.filter((source) => roomOf(source) === 'routes')) {
    const [, story] = /\/\*\*(.*?)\*\/\nexport function/s.exec(read(file)) ?? [];
    expect(`${file}: ${story}`).toMatch(/(GET|POST) /);
  }
});

describe.each(['README.md', 'SECURITY.md', ...files('docs', '.md')])('%s', (document) => {
  const text = read(document);

  test('names only commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...text.matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name]) => String(name));
    expect(named.length).toBeGreaterThan(0);
    for (const name of named) {
      expect([
        'install',
        'ci',
        'prune',
        'rebuild',
        'update',
        'audit',
        ...Object.keys(scripts),
      ]).toContain(name);
    }
  });

  test('names only files that exist', () => {
    const named = text.matchAll(/(?<![\w/])((?:src|views|test|docs)\/[\w./-]*\w)/g);
    const missing = [...named].filter(([, name]) => !existsSync(path.join(ROOT, String(name))));
    expect(missing.map(([, name]) => name)).toEqual([]);
  });

  test('leads only to documents that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => String(link));
    for (const link of links) expect(read(path.join(path.dirname(document), link))).not.toBe('');
  });

  test('names only variables that the app reads', () => {
    const known = read('src/environment.ts');
    const named = text.matchAll(
      /\b(TWILIO_[A-Z_]+|BASE_URL|TRUST_PROXY|[A-Z]+_(?:SECRET|LEVEL|ENV))\b/g,
    );
    for (const [, name] of named) expect(known).toContain(String(name));
  });
});

describe('the README', () => {
  const readme = read('README.md');

  test('has the two commands of the first run, and those of going live', () => {
    const first = ['npm install && npm start', 'npm install && npm test'];
    for (const command of [...first, 'npm run setup', 'npm run doctor']) {
      expect(readme).toContain(command);
    }
  });

  test('quotes only messages that the app can say', () => {
    const [, troubleshooting = ''] = readme.split('## Troubleshooting');
    const quoted = [...(troubleshooting.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)`/gm)];
    const said = [...SOURCES.map(read), ...files('views', '.ejs').map(read)].join('\n');
    expect(quoted.length).toBeGreaterThan(5);
    for (const [, message] of quoted) expect(said).toContain(String(message));
  });
});

describe('SECURITY.md', () => {
  const security = read('SECURITY.md');
  const named = [...security.matchAll(/`(test\/[\w./-]+)`/g)].map(([, file]) => String(file));

  test('names only tests that exist, and in each row one', () => {
    for (const file of named) expect(read(file)).toMatch(/\btest(\.each)?\(/);
    const rows = [...security.matchAll(/^\| (?!---|Protected).+$/gm)].map(([row]) => row);
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(row).toMatch(/\| (`test\/[\w./-]+`(, )?)+ \|$/);
  });

  test('names every test of an attack', () => {
    const attacks = files('test/attack', '.attack.ts');
    expect(attacks.length).toBeGreaterThan(2);
    expect(named).toEqual(expect.arrayContaining(attacks));
  });
});

test('.env.example has every variable, in a comment of one line each', () => {
  const example = read('.env.example');
  const [, shape = ''] =
    /schema = z\.object\(\{(.*?)\n\}\)/s.exec(read('src/environment.ts')) ?? [];
  const variables = [...shape.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => String(name));
  expect(variables.length).toBe(14);
  for (const name of variables) expect(example).toMatch(new RegExp(`^# .+\\n#? ?${name}=`, 'm'));
});
