import type * as z from 'zod';
import type { Client, Received } from '../../src/client/index.ts';
import type { Json } from '../../src/json.ts';
import type { Operation, Operations, Parts } from '../../src/operations/index.ts';
import type { FlowCreateInput } from '../../src/schemas/index.ts';
import type { Timestamp } from '../../src/timestamp.ts';

/** The compiler checks this file; it never runs. Each `@ts-expect-error` is a call that must not compile. */
declare const client: Client<Operations>;

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

export async function values(): Promise<void> {
  const flow = await client.flows.create({ body: { name: 'etl' } });
  same<typeof flow, { id: string; created: string; updated: string; name: string; tags: string[] }>(true);
  const deleted = await client.flows.delete({ params: { id: '' } });
  same<typeof deleted, undefined>(true);
  const count = await client.flows.count();
  same<typeof count, number>(true);

  const run = await client.flowRuns.read({ params: { id: '' } });
  // Clients get plain JSON, without the numbers that the server keeps as text.
  same<typeof run.parameters, { [key: string]: Json }>(true);
  same<NonNullable<typeof run.state>['data'], Json>(true);
  same<typeof run.start_time, string | null>(true);
  const pool = await client.workPools.read({ params: { name: '' } });
  same<typeof pool.default_queue_id, string | null>(true);

  const answer = await client.root.ready.withStatus();
  if (answer.status === 200) same<typeof answer.value, true>(true);
  else same<typeof answer.value, false>(true);
  const reset = await client.admin.clearDatabase.withStatus({ body: { confirm: true } });
  same<typeof reset.status, 204 | 400>(true);
}

/** Requests have the types of a client's input: fields with defaults are optional, times are strings. */
export async function requests(): Promise<void> {
  const state = { type: 'SCHEDULED', state_details: { scheduled_time: '2026-01-01T00:00:00Z' } } as const;
  await client.flowRuns.setState({ params: { id: '' }, body: { state } });
  await client.flowRuns.filter();
  await client.flowRuns.filter({ body: { flows: { name: { any_: ['etl'] } } }, headers: { 'x-own': 'a' } });
  await client.blockDocuments.read({ params: { id: '' }, query: { include_secrets: true } });
  await client.workQueues.getRuns({ params: { id: '' }, headers: { 'x-prefect-ui': true } });

  // @ts-expect-error: a flow needs a name
  await client.flows.create({ body: {} });
  // @ts-expect-error: the body is required
  await client.flows.create();
  // @ts-expect-error: the path needs its parameter
  await client.flows.read({});
  // @ts-expect-error: unknown type of state
  await client.flowRuns.setState({ params: { id: '' }, body: { state: { type: 'DONE' } } });
  // @ts-expect-error: the operation has no query
  await client.flows.read({ params: { id: '' }, query: { include_secrets: true } });
  // @ts-expect-error: the header is a yes or a no
  await client.workQueues.getRuns({ params: { id: '' }, headers: { 'x-prefect-ui': 'perhaps' } });
}

export function received(): void {
  same<Received<Json>, Json>(true);
  same<Received<{ a: string | null; b?: number[] }>, { a: string | null; b?: number[] }>(true);
}

type EveryOperation = { [R in keyof Operations]: Operations[R][keyof Operations[R]] }[keyof Operations];
type EveryValue = EveryOperation extends infer O
  ? O extends { responses: infer R }
    ? { [S in keyof R]: R[S] extends z.ZodType ? Received<z.output<R[S]>> : never }[keyof R]
    : never
  : never;

type EveryInput = EveryOperation extends infer O
  ? O extends Operation
    ? {
        [P in keyof Parts]: O extends { [Q in P]: infer S extends z.ZodType } ? z.input<S> : never;
      }[keyof Parts]
    : never
  : never;

type UnknownIn<Value> = [unknown] extends [Value]
  ? 'unknown'
  : [Json] extends [Value]
    ? never
    : Value extends object
      ? UnknownIn<Value[keyof Value & (string | number)]>
      : never;

/** No field that a client sends is typed as anything at all. */
export function inputs(): void {
  same<UnknownIn<{ a?: { b: unknown }[] }>, 'unknown'>(true);
  same<UnknownIn<EveryInput>, never>(true);
  same<[EveryInput] extends [never] ? true : false, false>(true);
  same<FlowCreateInput, { name: string; tags?: string[] | undefined }>(true);
}

type TimestampIn<Value> = [Json] extends [Value]
  ? never
  : Value extends Timestamp
    ? Value
    : Value extends object
      ? TimestampIn<Value[keyof Value & (string | number)]>
      : never;

/** Times in answers are in the API's form; the database's form has its own type. */
export function moments(): void {
  same<TimestampIn<{ a: (Timestamp | null)[] }>, Timestamp>(true);
  same<TimestampIn<EveryValue>, never>(true);
  same<[EveryValue] extends [never] ? true : false, false>(true);
}
