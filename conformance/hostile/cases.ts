import { type Operation, operations } from '@mintaka/contract';
import { createRandom, type Random } from '../differential/random.ts';
import type { WireRequest } from './send.ts';
import {
  type Filler,
  type Part,
  type Place,
  parts,
  placesOf,
  type Shape,
  shapeOf,
  writeShape,
} from './shapes.ts';
import { hostileText, hostileValue, type Sizes } from './values.ts';
import { idFor, parameterFor, type World } from './world.ts';

/** An operation with the shapes of its parts. */
export type Target = {
  /** Its resource and name, such as `flows.create`. */
  name: string;
  resource: string;
  operation: Operation;
  shapes: ReadonlyMap<Part, Shape>;
  places: readonly Place[];
};

/** Every operation of the API. */
export function allTargets(): Target[] {
  return Object.entries(operations).flatMap(([resource, table]) =>
    Object.entries<Operation>(table).map(([name, operation]) => {
      const shapes = new Map<Part, Shape>();
      for (const part of parts) {
        const shape = shapeOf(operation, part);
        if (shape !== undefined) shapes.set(part, shape);
      }
      const places = [...shapes].flatMap(([part, shape]) => placesOf(part, shape));
      return { name: `${resource}.${name}`, resource, operation, shapes, places };
    }),
  );
}

/** Whether an operation clears, drops or creates the whole database. */
export function isAboutDatabase({ operation }: Target): boolean {
  return operation.path.startsWith('/admin/database/');
}

/** The target of a case: a field, the transport of the body, or a header that any operation can have. */
export type Aim = { target: Target; spoils: Place | 'transport' | 'header' };

/** All targets, each once, in an order that the seed determines. */
export function aimsOf(targets: readonly Target[], seed: number): Aim[] {
  const aims = targets.flatMap((target): Aim[] => [
    ...target.places.map((place) => ({ target, spoils: place })),
    { target, spoils: 'header' },
    ...(target.operation.method === 'GET' ? [] : [{ target, spoils: 'transport' as const }]),
  ]);
  const random = createRandom(seed);
  return aims
    .map((aim) => ({ aim, order: random.fraction() }))
    .sort((a, b) => a.order - b.order)
    .map(({ aim }) => aim);
}

/** One hostile request. */
export type HostileCase = {
  number: number;
  target: Target;
  /** The part, the path of the field, and the value, shortened. */
  about: string;
  wire: WireRequest;
  /** Whether the path may match another operation than the target. */
  mayStray: boolean;
};

/** Creates the case of a number: the same one for the same number, seed and world. */
export function makeCase(aim: Aim, number: number, seed: number, world: World, sizes: Sizes): HostileCase {
  const random = createRandom(seed * 1_000_003 + number);
  const { target, spoils } = aim;
  const draft = draftOf(target, random, world);
  if (spoils === 'transport') return finish(number, target, spoilTransport(draft, random, sizes));
  if (spoils === 'header') return finish(number, target, spoilHeader(draft, random, sizes));
  if (spoils.part === 'body') {
    const { about, body } = spoiledBody(target, spoils, random, world, sizes);
    return finish(number, target, { ...draft, about, body });
  }
  return finish(number, target, spoilText(draft, spoils, random, sizes));
}

/** A request that is still to be put together. */
type Draft = {
  about: string;
  params: Map<string, string>;
  query: [name: string, value: string][];
  headers: Record<string, string>;
  body: Buffer | string | undefined;
  mayStray: boolean;
};

function draftOf(target: Target, random: Random, world: World): Draft {
  const params = new Map<string, string>();
  for (const [, parameter = ''] of target.operation.path.matchAll(/:(\w+)/g)) {
    params.set(parameter, encodeURIComponent(parameterFor(world, target.resource, parameter)));
  }
  return {
    about: '',
    params,
    query: readPairs(target, 'query', random, world).map(([name, value]) => [
      name,
      encodeURIComponent(value),
    ]),
    headers: {
      ...(target.shapes.has('body') ? { 'content-type': 'application/json' } : {}),
      ...Object.fromEntries(readPairs(target, 'headers', random, world)),
    },
    body: writtenBody(target, new Map(), random, world),
    mayStray: false,
  };
}

function readPairs(target: Target, part: Part, random: Random, world: World): [string, string][] {
  const shape = target.shapes.get(part);
  if (shape === undefined) return [];
  const values: object = JSON.parse(writeShape(shape, new Map(), fillerOf(target, random, world)));
  return Object.entries(values).map(([name, value]) => [name, String(value)]);
}

function writtenBody(
  target: Target,
  replacements: ReadonlyMap<string, string>,
  random: Random,
  world: World,
): string | undefined {
  const shape = target.shapes.get('body');
  return shape === undefined ? undefined : writeShape(shape, replacements, fillerOf(target, random, world));
}

function fillerOf(target: Target, random: Random, world: World): Filler {
  return {
    random,
    idFor: (way) => idFor(world, target.resource, way),
    textFor: (field) => textFor(field, random, world),
  };
}

function textFor(field: string, random: Random, world: World): string {
  switch (field) {
    case 'cron':
      return '0 0 * * *';
    case 'rrule':
      return 'FREQ=DAILY';
    case 'timezone':
      return 'Europe/Paris';
    case 'logo_url':
    case 'documentation_url':
      return 'https://example.com/a';
    case 'message_template':
      return '{flow_run_name}';
    case 'work_pool_name':
      return String(world.get('workPools')?.name);
    case 'work_queue_name':
      return 'default';
    default:
      return `text ${random.below(1_000_000)}`;
  }
}

/** Sometimes other fields of the body are hostile too, because values that are stored together reach more code. */
function spoiledBody(
  target: Target,
  first: Place,
  random: Random,
  world: World,
  sizes: Sizes,
): { about: string; body: string } {
  const others = random.chance(0.25)
    ? target.places.filter(
        ({ part, way }) =>
          part === 'body' &&
          way !== '' &&
          !isWithin(way, first.way) &&
          !isWithin(first.way, way) &&
          random.chance(0.2),
      )
    : [];
  const replacements = new Map<string, string>();
  const told: string[] = [];
  for (const place of [first, ...others]) {
    if ([...replacements.keys()].some((way) => isWithin(way, place.way) || isWithin(place.way, way)))
      continue;
    const { label, json } = hostileValue(place.kind, place.field, random, sizes);
    replacements.set(place.way, json);
    told.push(`body${place.way}: ${label}, ${shortened(json)}`);
  }
  const body = writtenBody(target, replacements, random, world) ?? '';
  return { about: told.join('; '), body: random.chance(0.05) ? withRepeatedKey(body) : body };
}

function isWithin(way: string, outer: string): boolean {
  return way === outer || way.startsWith(`${outer}/`);
}

/** An object that has all its keys twice. */
function withRepeatedKey(body: string): string {
  return body.startsWith('{') && body.length > 2 ? `${body.slice(0, -1)},${body.slice(1)}` : body;
}

function spoilText(draft: Draft, place: Place, random: Random, sizes: Sizes): Draft {
  const { part, way, field } = place;
  // Node's parser accepts at most 16 KiB of path and headers.
  const text = hostileText(random, { ...sizes, largeChance: 0 }).slice(0, random.chance(0.1) ? 20_000 : 3000);
  const about = `${part}${way}: ${shortened(JSON.stringify(text))}`;
  if (part === 'headers') {
    return field === ''
      ? draft
      : { ...draft, about, headers: { ...draft.headers, [field]: headerText(text) } };
  }
  const encoded = random.chance(0.8) ? encodedText(text) : rawPathText(text);
  if (part === 'query') {
    const kept = draft.query.filter(([name]) => name !== field || random.chance(0.3));
    return { ...draft, about, query: [...kept, [field === '' ? encoded : field, encoded]] };
  }
  if (field === '') {
    const spoiled = new Map([...draft.params].map(([name]) => [name, encoded] as const));
    return { ...draft, about, params: spoiled, mayStray: true };
  }
  return { ...draft, about, params: new Map([...draft.params, [field, encoded]]), mayStray: true };
}

function encodedText(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Characters that are allowed in a request line, with percent signs unchanged. */
function rawPathText(text: string): string {
  return text.replace(/[^!$-~]|[?#]/g, '');
}

function headerText(text: string): string {
  return text.replace(/[^\t -~\u0080-\u00ff]/g, '?');
}

const anyHeaders = [
  ...['x-prefect-api-version', 'idempotency-key', 'x-request-id', 'accept', 'accept-encoding', 'user-agent'],
  ...[
    'if-none-match',
    'range',
    'traceparent',
    'cookie',
    'forwarded',
    'x-forwarded-proto',
    'x-forwarded-prefix',
    'authorization',
  ],
] as const;

function spoilHeader(draft: Draft, random: Random, sizes: Sizes): Draft {
  const name = random.pick(anyHeaders);
  const text = headerText(hostileText(random, { ...sizes, largeChance: 0 })).slice(0, 12_000);
  return {
    ...draft,
    about: `header ${name}: ${shortened(JSON.stringify(text))}`,
    headers: { ...draft.headers, [name]: text },
  };
}

const contentTypes = [
  ...[
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
  ],
  ...[
    'application/json; charset=utf-16',
    'application/json; charset=',
    'APPLICATION/JSON',
    'application/json;;',
    '*/*',
    'x',
  ],
  ...[
    'application/vnd.api+json',
    'application/json, text/plain',
    ';',
    `application/json; ${'a=b; '.repeat(500)}`,
  ],
] as const;

function spoilTransport(draft: Draft, random: Random, sizes: Sizes): Draft {
  const text = String(draft.body ?? '{}');
  const spoilt = (about: string, body: Buffer | string | undefined): Draft => ({ ...draft, about, body });
  switch (random.below(9)) {
    case 0: {
      const type = random.pick(contentTypes);
      return {
        ...draft,
        about: `content type ${shortened(type)}`,
        headers: { ...draft.headers, 'content-type': type },
      };
    }
    case 1:
      return spoilt('truncated JSON', text.slice(0, random.below(text.length)));
    case 2:
      return spoilt('something behind the JSON', `${text}${random.pick(['}', ' x', text, '\u0000', ','])}`);
    case 3:
      return spoilt('a byte order mark', `\ufeff${text}`);
    case 4: {
      const bytes = Buffer.from(text);
      const at = random.below(bytes.length);
      return spoilt(
        `a byte that is no UTF-8 at ${at}`,
        Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff), bytes.subarray(at)]),
      );
    }
    case 5:
      return spoilt('no body', undefined);
    case 6: {
      const piece = random.pick([' ', '\n', '[', '{"', ',', '0', '"', '-', '\\', '/', '1e', 'n', '\u0000']);
      const count = random.chance(sizes.largeChance) ? sizes.large : 65_536;
      return spoilt(`${JSON.stringify(piece)} ${count} times`, piece.repeat(count));
    }
    case 7: {
      const { label, json } = hostileValue('any', '', random, sizes);
      return spoilt(`the body is ${label}, ${shortened(json)}`, json);
    }
    default:
      return {
        ...spoilt('a false content encoding', text),
        headers: { ...draft.headers, 'content-encoding': 'gzip' },
      };
  }
}

function finish(number: number, target: Target, draft: Draft): HostileCase {
  const path = target.operation.path.replace(/:(\w+)/g, (_, name: string) => draft.params.get(name) ?? '');
  const query = draft.query.map(([name, value]) => `${name}=${value}`).join('&');
  const body = typeof draft.body === 'string' ? Buffer.from(draft.body) : draft.body;
  return {
    number,
    target,
    about: draft.about,
    mayStray: draft.mayStray,
    wire: {
      method: target.operation.method,
      path: `/api${path}${query === '' ? '' : `?${query}`}`,
      headers: {
        ...draft.headers,
        'x-hostile-case': `${number}`,
        ...(body === undefined ? {} : { 'content-length': `${body.length}` }),
      },
      body,
    },
  };
}

/** A text for a report. */
function shortened(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 120)}… (${text.length} characters)`;
}
