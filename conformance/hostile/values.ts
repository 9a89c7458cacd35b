import type { Random } from '../differential/random.ts';
import type { Kind } from './shapes.ts';
import {
  addresses,
  broken,
  counts,
  crons,
  depths,
  ends,
  lists,
  moments,
  names,
  numbers,
  objects,
  pieces,
  recurrences,
  templates,
  words,
  zones,
} from './vocabulary.ts';

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
