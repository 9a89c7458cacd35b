import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import * as contract from '../../src/index.ts';

/** The length of the texts, in characters; then doubled. */
const length = 64 * 1024;
/** CPU time in milliseconds that a text of twice the length may always take; a quadratic parser needs seconds. */
const free = 50;

/** The beginning of a text, and the part that it repeats, to slow down parsers. */
const texts: readonly [beginning: string, repeated: string][] = [
  ...[
    ' ',
    '\t',
    '\n',
    '1',
    '1_',
    '1,',
    'a',
    'é',
    '𝟘',
    '{',
    '}',
    '-',
    '_',
    '.',
    'a.',
    '/',
    '%',
    '\\',
    '"',
    "'",
  ],
  ...[
    '\u0000',
    '\ud800',
    '#',
    '*',
    ':',
    '1:',
    '=',
    ';',
    '(',
    '[',
    '&',
    'urn:',
    'uuid:',
    '0.',
    '+',
    '1 ',
    '@',
  ],
].map((repeated): [string, string] => ['', repeated]);
const begun: readonly [beginning: string, repeated: string][] = [
  ['x', '{'],
  ['P', '1'],
  ['PT', '1.'],
  ['-', '1'],
  ['1 day, ', '1:'],
  ['1e', '1'],
  ['.', '1_'],
  ['{{', ' '],
  ['{{', '{{a '],
  ['{{', 'a\n'],
  ['{{', '}'],
  ['{', '{flow_run_name}'],
  ['{flow_run_name', '[0]'],
  ['{flow_run_name:', '{flow_run_name}'],
  ['2020-01-01T00:00:00.', '0'],
  ['2020-01-01', ' '],
  ['2020-01-01T00:00:00', '+00'],
  ['2020-W', '1-'],
  ['FREQ=DAILY;BYHOUR=', '1,'],
  ['FREQ=DAILY', ';COUNT=1'],
  ['RRULE:FREQ=DAILY', '\nRRULE:FREQ=DAILY'],
  ['DTSTART;', 'TZID=Z'],
  ['EXDATE:', '20200101T000000,'],
  ['Europe/', 'a/'],
  ['* * * * ', '1-2,'],
  ['* * * * ', '*/'],
  ['* * * * ', '1#1,'],
  ['https://', 'a.'],
  ['https://', 'a'],
  ['https://', '@'],
  ['https://a:', '1'],
  ['https://[', 'a:'],
  ['https://a.com/', '?'],
];

/** A value that puts a text at one place of a schema. */
type Place = { path: string; around: (text: string) => unknown };

/** All places of a schema that accept a text. */
function placesOf(schema: z.core.$ZodType, path: string, seen: ReadonlySet<unknown> = new Set()): Place[] {
  if (seen.has(schema)) return [];
  const inner = (type: z.core.$ZodType, step: string, wrap: (value: unknown) => unknown) =>
    placesOf(type, `${path}${step}`, new Set([...seen, schema])).map((place) => ({
      ...place,
      around: (text: string) => wrap(place.around(text)),
    }));
  if (schema instanceof z.ZodObject) {
    const fields: [string, z.core.$ZodType][] = Object.entries(schema.shape);
    return fields.flatMap(([name, type]) => inner(type, `.${name}`, (value) => ({ [name]: value })));
  }
  if (schema instanceof z.ZodArray) return inner(schema.element, '[]', (value) => [value]);
  if (schema instanceof z.ZodRecord) return inner(schema.valueType, '{}', (value) => ({ key: value }));
  if (schema instanceof z.ZodUnion)
    return schema.options.flatMap((type) => inner(type, '', (value) => value));
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return inner(schema.unwrap(), '', (value) => value);
  }
  return [{ path, around: (text) => text }];
}

function milliseconds(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/** Fails if a text of twice the length takes much more than twice the time. */
function assertLinear(about: string, read: (size: number) => void): void {
  if (milliseconds(() => read(2 * length)) < free) return;
  const single = Math.min(...[1, 2, 3].map(() => milliseconds(() => read(length))));
  const twice = Math.min(...[1, 2, 3].map(() => milliseconds(() => read(2 * length))));
  assert.ok(twice < Math.max(free, 3 * single), `${about}: ${single} ms, twice the length ${twice} ms`);
}

const exported: readonly [string, unknown][] = Object.entries(contract);

for (const [name, schema] of exported) {
  if (!(schema instanceof z.ZodObject)) continue;
  const places = placesOf(schema, name);
  if (places.length === 0) continue;
  test(`${name} reads long texts in linear time`, () => {
    for (const { path, around } of places) {
      for (const [beginning, repeated] of [...texts, ...begun]) {
        const read = (size: number) => {
          schema.safeParse(around(`${beginning}${repeated.repeat(size / repeated.length)}!`));
        };
        assertLinear(`${path} = ${JSON.stringify(beginning)} + ${JSON.stringify(repeated)} * n`, read);
      }
    }
  });
}

test('job templates with long texts are read in linear time', () => {
  for (const [beginning, repeated] of [...texts, ...begun]) {
    const read = (size: number) => {
      const job_configuration = { command: `${beginning}${repeated.repeat(size / repeated.length)}!` };
      const base_job_template = { job_configuration, variables: { properties: {}, required: [] } };
      contract.WorkPoolCreate.safeParse({ name: 'pool', base_job_template });
    };
    assertLinear(`${JSON.stringify(beginning)} + ${JSON.stringify(repeated)} * n`, read);
  }
});
