import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepsLostAnswer, type Operation, operations } from '@mintaka/contract';
import { createClient, type Fetch } from '@mintaka/contract/client';
import { dialects } from '@mintaka/testing/dialect-apps';
import { story } from '@mintaka/testing/story';
import type { Database } from '../../../src/database/database.ts';
import { readRows } from '../../domain/deletion/rows.ts';
import { type LossyServer, openPlace, type Received, type Sent } from './lossy-server.ts';

type Named = { name: string; operation: Operation; parameters: number; pattern: RegExp };

/** All operations by patterns of their paths; a literal path goes before one with a parameter. */
const named: readonly Named[] = Object.entries(operations)
  .flatMap(([resource, those]) =>
    Object.entries(those).map(([name, operation]: [string, Operation]) => ({
      name: `${resource}.${name}`,
      operation,
      parameters: operation.path.split(':').length,
      pattern: new RegExp(`^${operation.path.replace(/:\w+/g, '[^/]+')}$`),
    })),
  )
  .sort((a, b) => a.parameters - b.parameters);

function operationOf({ method, path }: Sent): Named {
  const place = path.replace(/\?.*/, '');
  const found = named.find(({ operation, pattern }) => operation.method === method && pattern.test(place));
  assert.ok(found !== undefined, `${method} ${path}`);
  return found;
}

/** Whether the server does something about a lost answer of an operation. */
function isRecognised(operation: Operation): boolean {
  return keepsLostAnswer(operation) || operation.repeated === 'by-state';
}

/** All rows, except those that polls write in the background and those of lost answers. */
async function contents(database: Database): Promise<unknown> {
  const all = await readRows(database).catch(() => undefined);
  if (all === undefined) return 'no tables';
  for (const table of ['mintaka_lost_answer', 'mintaka_answered_request', 'agent'] as const)
    all.delete(table);
  for (const [id, row] of all.get('work_queue') ?? []) {
    all.get('work_queue')?.set(id, { ...row, last_polled: null, updated: null });
  }
  return all;
}

/** How a client retries a request whose answer was lost. */
type Retry = {
  name: string;
  /** Creates the servers: the one that loses answers, and the one that gets the retry. */
  servers(open: () => Promise<LossyServer>): Promise<{ first: LossyServer; second: LossyServer }>;
  before(servers: { first: LossyServer; second: LossyServer }): Promise<void>;
  /** Whether the first request is still at work then. */
  isAtOnce: boolean;
  /** Operations whose lost answer cannot be known there. */
  except: readonly string[];
};

const retries: readonly Retry[] = [
  {
    name: 'at once, by the same server',
    servers: async (open) => {
      const server = await open();
      return { first: server, second: server };
    },
    before: async () => {},
    isAtOnce: true,
    except: [],
  },
  {
    name: 'by another server once it has looked',
    servers: async (open) => ({ first: await open(), second: await open() }),
    before: async ({ first, second }) => {
      await first.context.lostAnswers.idle(60_000);
      // Without a database there is nothing to read.
      await second.context.lostAnswers.learn().catch(() => {});
    },
    isAtOnce: false,
    // Its answer is dropped with the tables.
    except: ['admin.dropDatabase'],
  },
];

for (const dialect of dialects) {
  for (const retry of retries) {
    test(`every operation whose answer is lost once is answered ${retry.name} as if nothing had happened, on ${dialect}`, async (t) => {
      const place = await openPlace(dialect);
      if (place === undefined) return t.skip('Postgres is not installed');
      t.after(place.drop);
      const servers = await retry.servers(place.open);
      const { first, second } = servers;
      const lost = new Set<string>();

      const ask = async (sent: Sent): Promise<Received> => {
        const { name, operation } = operationOf(sent);
        if (!isRecognised(operation)) return second.send(sent);
        const received = await first.lose(sent);
        if (received !== undefined) return received;
        lost.add(name);
        await retry.before(servers);
        if (retry.isAtOnce || retry.except.includes(name)) return second.send(sent);
        const before = await contents(second.context.database);
        const again = await second.send(sent);
        assert.deepEqual(await contents(second.context.database), before, `${name} ran again`);
        return again;
      };
      const fetch: Fetch = async (url, { method, headers, body }) => {
        const { pathname, search } = new URL(url);
        const sent: Sent = {
          method,
          path: `${pathname.replace(/^\/api/, '')}${search}`,
          headers: Object.fromEntries(new Headers(headers)),
          ...(typeof body === 'string' ? { body } : {}),
        };
        const { status, text } = await ask(sent);
        // A repeated state change reports that this request wrote nothing.
        const isRepeated = operationOf(sent).operation.repeated === 'by-state' && status === 200;
        return { status: isRepeated ? 201 : status, headers: new Headers(), text: async () => text };
      };

      const client = createClient(operations, { fetch, baseUrl: 'http://lossy/api' });
      for (const { name, tell } of story) await t.test(name, () => tell(client));
      const written = named.filter(({ operation }) => isRecognised(operation)).map(({ name }) => name);
      assert.deepEqual(
        written.filter((name) => !lost.has(name)),
        [],
        'answers of these were not lost',
      );
    });
  }
}
