import type { Random } from '../differential/random.ts';
import type { Kind } from './shapes.ts';

/** A value that a server may stumble over. */
export type HostileValue = {
  /** Its description for a report. */
  label: string;
  /** The value as JSON text, or as text that only looks like JSON. */
  json: string;
};

/** How large values may become. */
export type Sizes = {
  /** The chance of a value of `large` bytes. */
  largeChance: number;
  /** The most bytes of a value. */
  large: number;
};

/** Pieces that an expression or a loop may read repeatedly when they are repeated. */
const pieces: readonly string[] = [
  ...[
    '[',
    ']',
    '{',
    '}',
    '{{',
    '}}',
    '{{a ',
    '{{ a }}',
    '{{ {{',
    '(',
    '((a+)+',
    '(a|a)*',
    '[^',
    '.*',
    '\\',
    '\\\\',
  ],
  ...[
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\u00a0',
    '\u2003',
    '\u0000',
    '\u0001',
    '\u007f',
    '\u2028',
    '\ufeff',
    '\ufffd',
  ],
  ...[
    ',',
    ', ',
    '0,',
    ';',
    ':',
    '::',
    '=',
    '"',
    "'",
    '`',
    '/',
    '//',
    '../',
    '-',
    '--',
    '+',
    '*',
    '*/',
    '?',
    '#',
    '@',
  ],
  ...[
    '%',
    '%%',
    '%25',
    '%zz',
    '%00',
    '_',
    '%_',
    'a',
    'aA',
    'é',
    'e\u0301',
    'ß',
    'İ',
    '😀',
    '\ud800',
    '\udc00',
    '漢',
  ],
  ...[
    '0',
    '1',
    '9',
    '1_',
    '1.',
    '1e',
    '0x',
    'T',
    'Z',
    'P1',
    'P1D',
    'PT',
    '+00',
    '12:',
    '-1 ',
    'x{',
    'a.',
    '.a',
    'a@',
  ],
  ...[
    '* ',
    '0 ',
    '*/1,',
    '0-59/1,',
    '1-2,',
    'L',
    'W',
    'mon-',
    '? ',
    'MO,',
    'BYDAY=',
    'FREQ=DAILY;',
    'RDATE:',
  ],
  ...[
    'DTSTART:20200101T000000\n',
    'RRULE:FREQ=SECONDLY\n',
    '{flow_name}',
    '{flow_name:',
    '{0}',
    '$ref',
    '<a>',
    '&amp;',
  ],
];

/** Ends that prevent a repeated piece from matching at the very end. */
const ends: readonly string[] = ['', 'x', '!', '"', '}', '\n', '\u0000', ' '];

/** Names that JavaScript, Python, SQL and file systems treat in their own way. */
const names: readonly string[] = [
  ...[
    '',
    ' ',
    '.',
    '..',
    '/',
    '\\',
    'null',
    'undefined',
    'true',
    '0',
    '-0',
    'NaN',
    'None',
    'nan',
    'inf',
    '-infinity',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'toJSON',
    'then',
    'length',
  ],
  ...[
    '__class__',
    '__init__',
    '{}',
    '[]',
    '""',
    '$where',
    '${jndi:x}',
    '{{7*7}}',
    "' OR 1=1 --",
    '"; DROP TABLE flow; --',
  ],
  ...[
    '../../etc/passwd',
    'C:\\con',
    'a\u0000b',
    '\ud800',
    '\udfff\ud800',
    '\u202e',
    '\uffff',
    '\u{10ffff}',
    'ﬃ',
    'a/b',
    'a%2Fb',
  ],
  ...[
    '%',
    '%5',
    '%zz',
    '%ff',
    '%E0%A4%A',
    '%ED%A0%80',
    '+',
    'a b',
    '\r\nx-injected: 1',
    '<script>',
    'filter',
    'count',
    'name',
  ],
];

/** Cron expressions, real and false. */
const crons: readonly string[] = [
  ...[
    '* * * * *',
    '* * * * * *',
    '0 0 31 2 *',
    '0 0 30 2 *',
    '0 0 29 2 1',
    '0 0 29 2 1#5',
    '59 23 31 12 7',
    '0 0 L * *',
  ],
  ...[
    '0 0 * * 5L',
    '*/59 */23 */31 */12 */7',
    '0-59/1 0-23/1 1-31/1 1-12/1 0-7/1',
    '60 24 32 13 8',
    '-1 -1 -1 -1 -1',
  ],
  ...[
    '@yearly',
    '@reboot',
    '__proto__ * * * *',
    '* * * constructor *',
    'r r r r r',
    'h h h h h',
    '0 0 1 1 * 9999',
  ],
  ...[
    '1e3 * * * *',
    '999999999999 * * * *',
    '*/0 * * * *',
    '5-1 * * * *',
    '1,,2 * * * *',
    '０ 0 * * *',
    '? ? ? ? ?',
  ],
];

/** Valid and invalid recurrences: those that never match are the most expensive. */
const recurrences: readonly string[] = [
  'FREQ=SECONDLY',
  'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYSETPOS=366',
  'FREQ=YEARLY;BYYEARDAY=366;BYEASTER=0',
  'FREQ=DAILY;COUNT=1000000000',
  'FREQ=DAILY;COUNT=0',
  'FREQ=MINUTELY;INTERVAL=999999999',
  'FREQ=HOURLY;INTERVAL=0',
  'FREQ=DAILY;INTERVAL=99999999999999999999',
  'FREQ=WEEKLY;WKST=XX',
  'FREQ=MONTHLY;BYDAY=+5MO,-5MO;BYSETPOS=1,-1',
  'FREQ=DAILY;UNTIL=00010101T000000Z',
  'FREQ=DAILY;UNTIL=99991231T235959Z',
  'RRULE:FREQ=SECONDLY\nEXRULE:FREQ=SECONDLY',
  'DTSTART:99991231T235959Z\nRRULE:FREQ=YEARLY',
  'DTSTART:00010101T000000Z\nRRULE:FREQ=SECONDLY',
  'DTSTART:20200101T000000\nRRULE:FREQ=SECONDLY;INTERVAL=59;BYSECOND=58',
  'DTSTART;TZID=Europe/Nowhere:20200101T000000\nRRULE:FREQ=DAILY',
  'RDATE:20300101T000000Z\nEXDATE:20300101T000000Z',
  'FREQ=__proto__',
  'constructor=DAILY',
  'FREQ=DAILY;FREQ=DAILY',
];

/** Extreme date-times and durations, or texts that look like some. */
const moments: readonly string[] = [
  ...[
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999999Z',
    '0001-01-01T00:00:00+23:59',
    '9999-12-31T23:59:59-23:59',
  ],
  ...[
    '0000-01-01T00:00:00Z',
    '10000-01-01T00:00:00Z',
    '-0001-01-01T00:00:00Z',
    '+002026-01-01',
    '2026-02-30T00:00:00Z',
  ],
  ...[
    '2026-01-01T24:00:00Z',
    '2016-12-31T23:59:60Z',
    '2026-W53-7',
    '2026-366',
    '2026-01',
    '2026',
    '20260101T000000Z',
  ],
  ...[
    '2026-01-01T00:00:00.9999999Z',
    '1582-10-10T00:00:00Z',
    '1969-12-31T23:59:59.999999Z',
    '2038-01-19T03:14:08Z',
  ],
  ...[
    '2026-03-29T02:30:00',
    '2026-01-01T00:00:00+99:99',
    '2026-01-01T00:00:00Europe/Paris',
    'now',
    'today',
    'epoch',
  ],
  ...[
    'infinity',
    '-infinity',
    '1e308',
    '-1e308',
    '1e-400',
    '253402300800',
    '-62135596801',
    '1577836800000000000',
    'NaN',
  ],
  ...[
    'PT1H',
    'P1Y',
    'P999999999D',
    'P999999999DT86399S',
    '-P1D',
    'PT0.0000001S',
    '999999999 days, 23:59:59',
    '99:99:99',
  ],
];

/** Names of time zones, real and false. */
const zones: readonly string[] = [
  ...[
    'UTC',
    'Europe/Paris',
    'Pacific/Apia',
    'Africa/Monrovia',
    'Etc/GMT+12',
    'EST5EDT',
    '+23:59',
    '-99:99',
    'Z',
    'posixrules',
  ],
  ...[
    '__proto__',
    'constructor',
    '../../etc/localtime',
    'europe/paris',
    'Europe/Paris\u0000',
    'US/Pacific-New',
    'Factory',
  ],
];

/** Templates of messages. */
const templates: readonly string[] = [
  ...[
    '{flow_run_name}',
    '{flow_name:>100000}',
    '{flow_name:>500000000}',
    '{flow_name!r:^99}',
    '{{{{',
    '}}}}',
    '{',
    '}',
  ],
  ...[
    '{flow_run_name.__class__}',
    '{flow_run_name[0]}',
    '{0}',
    '{}',
    '{flow_run_state_name:{flow_name}}',
    '{__proto__}',
  ],
  ...[
    '{flow_run_id!a}{flow_run_url}{flow_run_state_message}{flow_run_state_timestamp}',
    '{constructor}',
    '{flow_id:d}',
  ],
];

/** Addresses. */
const addresses: readonly string[] = [
  ...[
    'http://',
    'https://a',
    'http://127.0.0.1:99999/',
    'http://[::1]/',
    'http://[::::::::]/',
    'javascript:alert(1)',
  ],
  ...[
    'http://a@b@c/',
    'http://user:pa%zzss@host/',
    'http://xn--a/',
    `http://${'a.'.repeat(900)}com/`,
    'file:///etc/passwd',
  ],
];

/** Numbers in the forms that a body may contain. */
const numbers: readonly string[] = [
  ...[
    '0',
    '-0',
    '-1',
    '1',
    '2',
    '200',
    '201',
    '-2147483648',
    '2147483647',
    '2147483648',
    '-2147483649',
    '4294967296',
  ],
  ...[
    '9007199254740991',
    '9007199254740993',
    '-9007199254740993',
    '9223372036854775807',
    '9223372036854775808',
  ],
  ...[
    '-9223372036854775809',
    '18446744073709551616',
    '1e5',
    '1E+5',
    '1e18',
    '1e19',
    '1e21',
    '1e100',
    '1e308',
    '-1e308',
  ],
  ...[
    '1e309',
    '-1e309',
    '1e-307',
    '5e-324',
    '1e-400',
    '1e-5',
    '0.1',
    '1.0',
    '1.5',
    '-0.0',
    '0.30000000000000004',
  ],
  ...[
    '123456789012345678901234567890',
    '0.000000000000000000000000000001',
    '1e131071',
    '86399999999999',
    '999999999e9',
  ],
];

/** Objects that code could confuse with its own. */
const objects: readonly string[] = [
  '{}',
  '{"__proto__":{"limit":1,"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"valueOf":2,"toJSON":3,"then":4,"length":-1}',
  '{"":1," ":2,"a.b":3,"a/b":4,"\\u0000":5,"\\ud800":6,"$ref":7}',
  '{"a":1,"a":2,"a":{"a":3}}',
  '{"$ref":"#"}',
  '{"$ref":{"block_document_id":"00000000-0000-4000-8000-000000000000"}}',
  '{"rawJSON":"1e999"}',
  '{"job_configuration":{"command":"{{ a }}","env":"{{ __proto__ }}"},"variables":{"type":"object","properties":{"a":{"type":"string","pattern":"^(a+)+$"},"__proto__":{"type":"object"}},"required":["a"]}}',
  '{"job_configuration":{"a":"{{ a }}"},"variables":{"properties":{"a":{"$ref":"#/definitions/a"}},"definitions":{"a":{"$ref":"#/definitions/a"}}}}',
  '{"job_configuration":{"a":"{{ a }}"},"variables":{"properties":{"a":{"type":"array","uniqueItems":true,"items":{"anyOf":[{},{},{}]}}},"required":["toString"]}}',
  '{"type":"object","title":"x","properties":{"a":{"$ref":"#/definitions/b"}},"definitions":{"b":{"properties":{"c":{"$ref":"#/definitions/b"}}}},"secret_fields":["*","*.*","a.*.b","__proto__"],"block_schema_references":{"a":{"block_schema_checksum":"sha256:0","block_type_slug":"known"}}}',
  '{"title":"x","properties":{},"secret_fields":["a","a.b","constructor"],"block_type_slug":"constructor","block_schema_references":{"__proto__":{}}}',
  '{"url":"http://127.0.0.1:1/%","method":"\\r\\n","headers":{"a\\r\\nb":"c"},"json_data":{"a":"{{ b }}"},"message":"x"}',
  '{"x":[{"input_type":"task_run","id":"00000000-0000-4000-8000-000000000000"},{"input_type":"constant","type":"__proto__"}]}',
];

/** Lists. */
const lists: readonly string[] = [
  ...[
    '[]',
    '[null]',
    '[[]]',
    '[{}]',
    '[[],{},null,true,0,"",1.5]',
    '["a","a","a"]',
    '[["a",1],["b",2]]',
    '["ab","cd"]',
  ],
  ...[
    '[1,1.0,true,"1"]',
    '["__proto__","constructor","toString"]',
    '["\\u0000","\\ud800",""]',
    '[1e308,1e-400,-1e400]',
  ],
];

/** Invalid JSON in place of a value. */
const broken: readonly string[] = [
  '',
  '-',
  '01',
  '1.',
  '.5',
  'NaN',
  'Infinity',
  'undefined',
  "'a'",
  '"a',
  '"\\x"',
  '{"a"}',
  '[1,]',
  '"\u0001"',
];

const words: readonly string[] = ['null', 'true', 'false'];

/** How often a piece is repeated: at and beyond the server's limits, and far beyond them. */
const counts: readonly number[] = [
  2, 10, 99, 199, 200, 201, 999, 1000, 1001, 2083, 6499, 6500, 6501, 20_000, 65_536,
];

const depths: readonly number[] = [10, 100, 101, 500, 990, 999, 1001, 20_000];

type Maker = (random: Random, sizes: Sizes) => HostileValue;

const oneOf =
  (what: string, texts: readonly string[], asText: boolean): Maker =>
  (random) => {
    const text = random.pick(texts);
    return { label: what, json: asText ? JSON.stringify(text) : text };
  };

const repeated: Maker = (random, sizes) => {
  const piece = random.chance(0.8) ? random.pick(pieces) : random.pick(pieces) + random.pick(pieces);
  const isLarge = random.chance(sizes.largeChance);
  const bytes = JSON.stringify(piece).length - 2;
  const count = isLarge ? Math.floor(sizes.large / bytes) : random.pick(counts);
  const text = random.pick(['', 'a', '{{', '"', '(']) + piece.repeat(count) + random.pick(ends);
  return { label: `${JSON.stringify(piece)} ${count} times`, json: JSON.stringify(text) };
};

const nested: Maker = (random, sizes) => {
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"__proto__":', '}]'],
    ['[0,[],', ']'],
  ] as const);
  const depth = random.chance(sizes.largeChance)
    ? Math.floor(sizes.large / (open.length + close.length))
    : random.pick(depths);
  return {
    label: `${depth} levels of ${open}${close}`,
    json: `${open.repeat(depth)}0${close.repeat(depth)}`,
  };
};

const many: Maker = (random, sizes) => {
  const item = random.pick([
    ...numbers,
    ...words,
    '""',
    '"a"',
    '[]',
    '{}',
    '"__proto__"',
    '[0]',
    '{"a":0}',
    '"\\ud800"',
  ]);
  const isObject = random.chance(0.4);
  const isLarge = random.chance(sizes.largeChance);
  const count = isLarge
    ? Math.floor(sizes.large / (item.length + (isObject ? 12 : 1)))
    : random.pick([2, 20, 200, 1001, 5000]);
  const items = isObject
    ? Array.from({ length: count }, (_, index) => `"k${index}":${item}`)
    : Array.from({ length: count }, () => item);
  return {
    label: `${count} ${isObject ? 'members' : 'items'} ${item}`,
    json: isObject ? `{${items.join(',')}}` : `[${items.join(',')}]`,
  };
};

const wrapped: Maker = (random, sizes) => {
  const inner = anyValue(random, sizes);
  const key = JSON.stringify(random.pick([...names, 'a', 'command', 'env', 'data']));
  return random.chance(0.5)
    ? { label: `${inner.label}, in an object`, json: `{${key}:${inner.json}}` }
    : { label: `${inner.label}, in a list`, json: `[${inner.json},${inner.json}]` };
};

const texts: readonly Maker[] = [
  repeated,
  repeated,
  oneOf('a strange name', names, true),
  oneOf('a strange name', names, true),
  oneOf('a cron expression', crons, true),
  oneOf('a recurrence', recurrences, true),
  oneOf('a moment', moments, true),
  oneOf('a time zone', zones, true),
  oneOf('a template', templates, true),
  oneOf('an address', addresses, true),
  oneOf('a number in a text', numbers, true),
  oneOf('JSON in a text', [...objects, ...lists], true),
];
const ofMoments: readonly Maker[] = [
  oneOf('a moment', moments, true),
  oneOf('a moment', moments, true),
  repeated,
];
const ofNumbers: readonly Maker[] = [
  oneOf('a number', numbers, false),
  oneOf('a number', numbers, false),
  oneOf('a number in a text', numbers, true),
];
const ofLists: readonly Maker[] = [oneOf('a list', lists, false), many, wrapped];
const ofObjects: readonly Maker[] = [
  oneOf('an object', objects, false),
  oneOf('an object', objects, false),
  many,
  nested,
  wrapped,
];
const ofWords: readonly Maker[] = [oneOf('a word', words, false)];
const ofBroken: readonly Maker[] = [oneOf('no JSON', broken, false)];

const everything: readonly Maker[] = [
  ...[...texts, ...ofMoments, ...ofNumbers, ...ofLists, ...ofObjects, ...ofWords],
];

/** Fields with a special meaning beyond their kind. */
const ofFields: ReadonlyMap<string, readonly Maker[]> = new Map([
  ['cron', [oneOf('a cron expression', crons, true)]],
  ['rrule', [oneOf('a recurrence', recurrences, true)]],
  ['timezone', [oneOf('a time zone', zones, true)]],
  ['message_template', [oneOf('a template', templates, true)]],
  ['logo_url', [oneOf('an address', addresses, true)]],
  ['documentation_url', [oneOf('an address', addresses, true)]],
]);

function makersOf(kind: Kind): readonly Maker[] {
  switch (kind) {
    case 'text':
    case 'id':
    case 'choice':
      return texts;
    case 'number':
      return ofNumbers;
    case 'boolean':
      return ofWords;
    case 'moment':
      return ofMoments;
    case 'duration':
      return [...ofNumbers, ...ofMoments];
    case 'list':
      return ofLists;
    case 'fields':
      return [...ofObjects, ...ofLists];
    case 'free':
      return ofObjects;
    case 'any':
      return everything;
  }
}

function anyValue(random: Random, sizes: Sizes): HostileValue {
  return random.pick(everything)(random, sizes);
}

/** A hostile value for a field: usually one of its kind, so that it is stored; sometimes another kind, or not JSON. */
export function hostileValue(kind: Kind, field: string, random: Random, sizes: Sizes): HostileValue {
  const own = ofFields.get(field);
  if (own !== undefined && random.chance(0.5)) return random.pick(own)(random, sizes);
  const lot = random.fraction();
  if (lot < 0.75) return random.pick(makersOf(kind))(random, sizes);
  if (lot < 0.97) return anyValue(random, sizes);
  return random.pick(ofBroken)(random, sizes);
}

/** A hostile string for a path, a query or a header. */
export function hostileText(random: Random, sizes: Sizes): string {
  const made = random.pick(texts)(random, sizes);
  return String(JSON.parse(made.json));
}
