import fc from 'fast-check';

// Everything here is a text that stands for bytes (latin1), as they go over the wire.

const utf8 = (text: string) => Buffer.from(text).toString('latin1');

/** In a response it would be a header or an element of its own. */
export const CANARY = 'canary-4711';
const SPLITTER = `x\r\nX-Injected: ${CANARY}\r\n\r\n<b>`;
const MARKUP = [`<script>${CANARY}</script>`, `"><svg/onload=${CANARY}>`, `'-${CANARY}-'`];

const WRONG_ENCODINGS = [
  ...['%', '%0', '%zz', '%00', '%FF', '%C0%AF', '%E0%A4%A', '%ED%A0%80', '%F4%90%80%80', '%u0041'],
  ...[
    '+',
    '%2B',
    '%252F',
    '\xff\xfe',
    '\xc3',
    '&#x41;',
    '=',
    '==',
    ';',
    '#',
    '?',
    '[',
    ']',
    '{{7*7}}',
  ],
];
const AWKWARD = [
  ...['', '0', '-1', '1e9', 'NaN', 'null', 'undefined', 'true', '[object Object]', '__proto__'],
  ...[
    'constructor',
    'toString',
    '//evil.example/',
    '/\\evil.example',
    '/.//evil.example',
    'javascript:1',
  ],
  ...[
    'http://evil.example/',
    "' or 1=1 --",
    '$(id)',
    '#{7*7}',
    '../../etc/passwd',
    '\u202eabc',
    '\ufeff',
  ],
  ...['\u0000', '\u001b[2J', '\u009b2J', '\u2028', '\ud83d\ude00', 'e\u0301', '1'.repeat(400)],
];
/** What the app's own parameters look like, so that a case gets past the first check now and then. */
const FITTING = [
  ...[
    '2026-02-29',
    '2026-03-01',
    '2026-03-10',
    '7',
    '30',
    '50',
    'completed',
    'busy',
    '+15551234567',
  ],
  ...['unauthorized_client', 'client:ann', `PACA${'0'.repeat(32)}`, `PBCA${'f'.repeat(32)}`],
  ...[
    `AC${'5'.repeat(32)}`,
    `ac${'5'.repeat(32)}`,
    `CN${'5'.repeat(32)}`,
    'x'.repeat(43),
    '/calls',
  ],
];
const KB = 1024;

/**
 * A value as it may stand in a query or a form. `known` are values that only a running app can tell, such as the state
 * of a session.
 */
export function hostileValue(known: readonly string[] = []): fc.Arbitrary<string> {
  const encoded = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom(SPLITTER, ...MARKUP, ...AWKWARD),
  );
  return fc.oneof(
    { weight: 6, arbitrary: encoded.map(encodeURIComponent) },
    { weight: 6, arbitrary: fc.constantFrom(...FITTING, ...known).map(encodeURIComponent) },
    { weight: 3, arbitrary: fc.constantFrom(...WRONG_ENCODINGS) },
    {
      weight: 2,
      arbitrary: fc.string({
        unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)),
        maxLength: 20,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(5 * KB, 17 * KB, 100 * KB).map((length) => 'A'.repeat(length)),
    },
  );
}

/** A query or a form of those names: left out, repeated, as arrays and objects, with strange ones between. */
export function hostileQuery(
  names: readonly string[],
  value: fc.Arbitrary<string> = hostileValue(),
): fc.Arbitrary<string> {
  const name = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...names) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fc.constantFrom(...names),
          fc.constantFrom('[]', '[a]', '[0][b]', '[__proto__]', '.x', '%00', ' '),
        )
        .map(([known, ending]) => known + ending),
    },
    { weight: 1, arbitrary: hostileValue() },
  );
  const pair = fc.tuple(name, value).map((parts) => parts.join('='));
  const few = fc.array(pair, { maxLength: 6 });
  const many = fc.array(pair, { minLength: 200, maxLength: 200 });
  return fc
    .oneof({ weight: 40, arbitrary: few }, { weight: 1, arbitrary: many })
    .map((pairs) => pairs.join('&'));
}

const HEADERS = [
  ...[
    'Host',
    'Cookie',
    'Origin',
    'Referer',
    'Sec-Fetch-Site',
    'X-Forwarded-For',
    'X-Forwarded-Host',
  ],
  ...['X-Forwarded-Proto', 'Forwarded', 'X-Twilio-Signature', 'Content-Type', 'Content-Encoding'],
  ...['Accept', 'Accept-Language', 'Range', 'If-None-Match', 'If-Modified-Since', 'Authorization'],
  ...['X-HTTP-Method-Override', 'Expect', 'Upgrade', 'Purpose', 'User-Agent', 'Proxy', 'TE', 'Via'],
];
const HEADER_VALUES = [
  ...['same-origin', 'none', 'cross-site', 'null', 'https://evil.example', 'application/json'],
  ...[
    'application/x-www-form-urlencoded; charset=utf-7',
    'application/x-www-form-urlencoded;charset',
  ],
  ...['multipart/form-data; boundary=x', 'text/plain', 'gzip', 'br', 'deflate, gzip', 'identity'],
  ...['bytes=0-', 'bytes=9-1', '127.0.0.1', '::1', '1.1.1.1, 2.2.2.2', 'unknown', '100-continue'],
  ...[
    'notice=connected',
    'notice=__proto__',
    'what-happened=x; notice=toString',
    'session=s%3Aa.b',
  ],
  ...['session=%', 'session=j:{}', 'Basic Og==', 'for=evil;host=evil.example', 'DELETE'],
];

/** Lines of a request's head. Neither its length nor its connection: a client that lies there waits for itself. */
export const hostileHeaders: fc.Arbitrary<string[]> = fc.array(
  fc
    .tuple(
      fc.constantFrom(...HEADERS),
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...HEADER_VALUES) },
        { weight: 4, arbitrary: fc.constantFrom(...MARKUP, ...AWKWARD).map(utf8) },
        { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }).map(utf8) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(2 * KB, 100 * KB).map((length) => 'A'.repeat(length)),
        },
      ),
    )
    // A line that ends begins another header: that is no value any more.
    .map(([name, value]) => `${name}: ${value.replace(/[\r\n]/g, '\t')}`),
  { maxLength: 5 },
);

/** Without CONNECT, at which Node itself hangs up. */
export const hostileMethod = fc.constantFrom(
  ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE'],
  ...['SEARCH', 'LINK', 'M-SEARCH', 'get', 'GETS', '\xc9'],
);

/** The same path in other words, and some that are none. */
export function hostileTarget(paths: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...paths), hostileValue())
    .chain(([path, value]) =>
      fc.constantFrom(
        ...[
          path,
          `${path}/`,
          path.toUpperCase(),
          `/${path}`,
          `//evil.example${path}`,
          `${path}/..`,
        ],
        ...[
          `/.${path}`,
          `/%2e%2e${path}`,
          `${path};x=1`,
          `${path}%00`,
          `${path}?${value}`,
          `/${value}`,
        ],
        ...[`http://evil.example${path}`, `a://${path}`, '*', 'evil.example:80'],
        ...[
          `/assets${path}`,
          'http://evil.example/assets',
          `/assets/../src${path}`,
          '/assets/%2e%2e/%2e%2e/package.json',
          `\\${path}`,
        ],
      ),
    );
}
