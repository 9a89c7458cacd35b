import type { LogicalRequest } from './client.ts';
import type { ListOrder } from './compare.ts';
import type { Json, Sendable } from './json.ts';
import type { Random } from './random.ts';
import type { BodyMaker } from './schema.ts';
import type { World } from './world.ts';

/** The dependencies of a resource's generator. */
export type Workshop = { random: Random; world: World; bodies: BodyMaker };

/** One request and how to process its answers. */
export type Step = {
  request: LogicalRequest;
  /** Set if the answer is a list: the sort that the route uses by default. */
  list?: { defaultSort: string | undefined };
  /** Milliseconds that the servers go on working after their answers. */
  settle?: number;
  /** Called with both answers if they are equal and successful. */
  learn?: (reference: Json, ours: Json) => void;
};

/** The requests of one resource. */
export type Resource = {
  name: string;
  /** How often it is chosen, relative to the others. */
  weight: number;
  /** The next request, usually valid; the engine makes some invalid. */
  step(workshop: Workshop): Step;
};

/** A choice of steps with their weights. */
export function choose(random: Random, choices: readonly [number, () => Step][]): Step {
  const total = choices.reduce((sum, [weight]) => sum + weight, 0);
  let roll = random.fraction() * total;
  for (const [weight, make] of choices) {
    roll -= weight;
    if (roll < 0) return make();
  }
  throw new Error('No step has a weight.');
}

/** A step that posts a generated filter to a route and compares the answer as its sort and limit promise. */
export function filterStep(
  { bodies }: Workshop,
  path: string,
  defaultSort?: string,
  route: string = path,
): Step {
  const body = bodies.filter(route);
  return { request: { method: 'POST', path, body }, list: { defaultSort } };
}

/** Start, end and seconds of a bar: some windows have more bars than an answer may have, some intervals are too short. */
const windows: readonly (readonly [string, string, number])[] = [
  ['2019-12-30T00:00:00+00:00', '2020-02-01T00:00:00+00:00', 86_400],
  ['2020-01-01T05:30:00+02:00', '2095-01-01T00:00:00.5+00:00', 31_536_000],
  ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', 864_000],
  ['2019-12-30T00:00:00+00:00', '2027-01-01T00:00:00Z', 86_400],
  ['2020-01-01T05:30:00+02:00', '2095-01-01T00:00:00.5+00:00', 2_592_000.5],
  ['2020-01-01T00:00:00Z', '2020-01-01T00:20:00Z', 1],
  ['2020-01-01T00:00:00Z', '2020-01-01T00:20:00Z', 90.25],
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 3600],
  ['2026-01-01T00:00:00Z', '2095-01-01T00:00:00Z', 1_000_000_000],
  ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', 0.5],
  ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', 0],
  ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', -86_400],
];

/** A step that requests a history: bars of days, away from now. */
export function historyStep({ bodies, random }: Workshop, path: string): Step {
  const [start, end, interval] = random.pick(windows);
  const body: { [key: string]: Sendable } = {
    ...bodies.filter(path),
    history_start: start,
    history_end: end,
    history_interval_seconds: interval,
  };
  return { request: { method: 'POST', path, body } };
}

/** The order and the window that a request asks for. */
export function listOrder({ body }: LogicalRequest, defaultSort: string | undefined): ListOrder {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { sort: defaultSort, limit: 200, offset: 0 };
  }
  const { sort, limit, offset } = body;
  return {
    sort: typeof sort === 'string' ? sort : defaultSort,
    limit: Number(limit ?? 200),
    offset: Number(offset ?? 0),
  };
}
