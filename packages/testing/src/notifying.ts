import { addSeconds, type JsonObject, type Timestamp } from '@mintaka/contract';
import type { Clock } from '../../server/src/clock.ts';
import type { NotificationReport } from '../../server/src/domain/notifications/send-queued.ts';
import type { DialectApp } from './dialect-apps.ts';

/** Creates a block document of a type, with the type and schema if they are missing. All its fields are secret. */
export async function makeBlock(
  { send }: Pick<DialectApp, 'send'>,
  slug: string,
  data: JsonObject,
): Promise<string> {
  const made = await send('POST', '/api/block_types/', { name: slug, slug });
  const type = made.status === 201 ? made.body : (await send('GET', `/api/block_types/slug/${slug}`)).body;
  const fields = { title: slug, type: 'object', properties: {}, secret_fields: Object.keys(data) };
  const schema = await send('POST', '/api/block_schemas/', { fields, block_type_id: type.id });
  const document = { data, is_anonymous: true, block_type_id: type.id, block_schema_id: schema.body.id };
  return (await send('POST', '/api/block_documents/', document)).body.id;
}

/** Creates a policy for a block; by default for all states of all runs. */
export async function makePolicy(
  { send }: Pick<DialectApp, 'send'>,
  block_document_id: string,
  rest: { state_names?: string[]; tags?: string[]; message_template?: string; is_active?: boolean } = {},
): Promise<string> {
  const policy = { state_names: [], tags: [], ...rest, block_document_id };
  return (await send('POST', '/api/flow_run_notification_policies/', policy)).body.id;
}

/**
 * Creates a flow run with tags in the first state, then sets the other states one after the other. Returns its id.
 */
export async function runThrough(
  { send }: Pick<DialectApp, 'send'>,
  {
    name = 'run',
    tags = [],
    states,
  }: { name?: string; tags?: string[]; states: { type: string; name?: string }[] },
): Promise<string> {
  const [first, ...others] = states;
  const flow = await send('POST', '/api/flows/', { name: 'told' });
  const run = await send('POST', '/api/flow_runs/', { flow_id: flow.body.id, name, tags, state: first });
  for (const state of others) {
    await send('POST', `/api/flow_runs/${run.body.id}/set_state`, { state, force: true });
  }
  return run.body.id;
}

/** A clock that a test moves. */
export type HandClock = Clock & { turn(seconds: number): void };

/** A hand clock that starts at a given time. */
export function handClock(start: Timestamp): HandClock {
  let now = start;
  return {
    now: () => now,
    turn: (seconds) => {
      now = addSeconds(now, seconds);
    },
  };
}

/** Collects the reports about notifications, one line each. */
export function keepReports(): NotificationReport & { lines: string[]; waits: number[] } {
  const lines: string[] = [];
  const waits: number[] = [];
  const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));
  return {
    lines,
    waits,
    sent: () => lines.push('sent'),
    partlyFailed: (_, error) => lines.push(`partly failed: ${reason(error)}`),
    failed: (_, error, wait) => {
      lines.push(`failed: ${reason(error)}`);
      waits.push(wait);
    },
    givenUp: (_, error) => lines.push(`given up: ${reason(error)}`),
  };
}
