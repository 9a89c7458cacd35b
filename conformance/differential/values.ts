import type { Sendable } from './json.ts';
import type { Random } from './random.ts';

/** Tags that runs, flows and limits share; few, so that filters match them. */
export const tags = ['red', 'blue', 'green', 'Red', 'rare tag', ''] as const;

/** Tags that get concurrency limits. */
export const limitedTags = ['red', 'blue', 'Red', ''] as const;

/** Times sent by clients: none is near now, so each must be returned exactly. */
export const pastTimes = [
  '2019-12-31T23:59:59.999999+00:00',
  '2020-01-01T00:00:00+00:00',
  '2020-06-01T12:00:00Z',
  '2021-03-28T01:30:00.5+02:00',
  '2022-02-28T08:15:30.123-05:00',
  '2022-07-01 10:00:00',
  '2023-01-15',
  1_600_000_000,
  1_600_000_000.25,
] as const;

/** Times after any run of these tests. */
export const futureTimes = [
  '2091-01-01T00:00:00+00:00',
  '2092-05-05T05:05:05.000001+00:00',
  '2093-07-07T07:07:07+09:30',
] as const;

/** Names of states, the special ones included. */
export const stateNames = [
  'Scheduled',
  'Pending',
  'Running',
  'Completed',
  'Failed',
  'Cancelled',
  'Crashed',
  'Paused',
  'Cancelling',
  'Late',
  'AwaitingRetry',
  'Retrying',
  'Resuming',
  'Cached',
  'NotReady',
  'Rerunning',
  'Own name',
  '',
] as const;

/** Types of states. */
export const stateTypes = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'CRASHED',
  'PAUSED',
  'CANCELLING',
] as const;

/** JSON that is easy to get wrong on its way through a database. */
export const oddJson: readonly Sendable[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1.25e-7,
  123456789012345,
  '',
  'text',
  'ünï ☃ 𝄞 "quoted" \\ /',
  '\u0001\t\n',
  [],
  {},
  [null, [1, 'a', { b: [] }]],
  { z: 1, a: { y: null, b: [true, false] }, 'key with space': '☃' },
  { __class__: 'x', type: 'literal', value: 3 },
];

/** Values of wrong types for almost any field. */
export const wrongValues: readonly Sendable[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  7,
  '',
  'text',
  '12',
  '1.0',
  'true',
  'null',
  [],
  {},
  [null],
  ['a'],
  [1],
  { a: 1 },
  [[]],
  1e30,
  '2020-01-01',
  '00000000-0000-4000-8000-00000000dead',
  'RUNNING',
];

/** A time in the past or the future in a client's format. */
export function someTime(random: Random): Sendable {
  return random.chance(0.7) ? random.pick(pastTimes) : random.pick(futureTimes);
}

let counter = 0;

/** A new name that only this run uses, with characters that filters and names stumble over. */
export function newName(random: Random, kind: string): string {
  counter += 1;
  const suffix = random.pick(['', '', '', ' b1', '_9', '.Y2', ' ünï3', ' 100!', "'4", 'QZX5']);
  return `${kind}-${counter}${suffix}`;
}

/** Restarts the numbering of names. */
export function resetNames(): void {
  counter = 0;
}

/** Some of the shared tags. */
export function someTags(random: Random): Sendable {
  return random.some(tags, 0.3);
}

/**
 * Tags of a task run, with at most one limited tag: if one of several limits is full, the reference lets the run keep slots
 * of the others, which then block other runs.
 */
export function taskRunTags(random: Random): Sendable {
  const limited: readonly string[] = limitedTags;
  const free = random.some(tags, 0.3).filter((tag) => !limited.includes(tag));
  return random.chance(0.6) ? [...free, random.pick(limitedTags)] : free;
}

/** Parameters of a run: an object of odd values. */
export function someObject(random: Random): Sendable {
  const keys = random.some(['x', 'y', 'a b', 'nested', 'Ünï', '1a'], 0.4);
  return Object.fromEntries(keys.map((key) => [key, random.pick(oddJson)]));
}
