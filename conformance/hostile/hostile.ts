import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createRandom } from '../differential/random.ts';
import { aimsOf, allTargets, type HostileCase, isAboutDatabase, makeCase, type Target } from './cases.ts';
import type { HealthSeen } from './health-thread.ts';
import { problemOf } from './judge.ts';
import type { Memory, Turn } from './probe-answer.ts';
import { type Reach, readEverything } from './readers.ts';
import { openSender, type Sender } from './send.ts';
import { type ProbedServer, startProbed } from './server.ts';
import type { Sizes } from './values.ts';
import { makeThings, type Thing, type World } from './world.ts';

/** A run. */
export type HostileOptions = {
  /** The URL of an empty database. */
  database: string;
  /** The same seed generates the same requests. */
  seed: number;
  /**
   * The number of requests per round. After each round, everything is read; after the last one, the server is restarted and
   * everything is read again.
   */
  requests: number;
  rounds: number;
  sizes: Sizes;
  reach: Reach;
  /** Sends only this case. */
  only?: number | undefined;
  /** Sends only requests to operations whose name begins with this. */
  operations?: string | undefined;
  /** Receives progress messages. */
  say?: (line: string) => void;
};

/** The result of a run. */
export type HostileResult = {
  problems: string[];
  requests: number;
  /** How often each status was answered. */
  statuses: ReadonlyMap<number, number>;
  /** The number of targets and operations. */
  aims: number;
  /** The longest turns of the event loop of all rounds. */
  turns: Turn[];
  /** After the first round and after the last one, each after its reads. */
  memory: { first: Memory; last: Memory };
  /** Milliseconds from a health check to its answer, in order of size. */
  health: number[];
};

/** The number of concurrent requests. */
const lanes = 4;
/** The number of requests after which required objects are checked. */
const batch = 40;
/** The number of notification policies and deployments that are kept after a round: each causes work for every run. */
const mostLeft = 10;

/** Sends hostile values to every operation of a server, and reads what it stored. */
export async function sendHostile(options: HostileOptions): Promise<HostileResult> {
  const { seed, rounds, say = () => {} } = options;
  const problems: string[] = [];
  const statuses = new Map<number, number>();
  const turns: Turn[] = [];
  const health: number[] = [];
  const memories: Memory[] = [];
  const targets = allTargets();
  const chosen = targets.filter(
    (target) => !isAboutDatabase(target) && target.name.startsWith(options.operations ?? ''),
  );
  const aims = aimsOf(chosen, seed);
  let sent = 0;

  let session = await open(options.database, health, problems);
  const restart = async () => {
    turns.push(...(await session.server.turns()));
    await close(session, problems);
    session = await open(options.database, health, problems);
  };
  const world: World = new Map();
  const random = createRandom(seed);
  const freshName = () => `known-${random.below(2 ** 32)}`;

  const play = async (hostile: HostileCase): Promise<void> => {
    sent += 1;
    let problem: string | undefined;
    try {
      const answer = await session.sender.send(hostile.wire);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      problem = problemOf(hostile, answer);
    } catch (error) {
      problem = `no answer: ${error}`;
    }
    if (problem !== undefined) problems.push(describe(hostile, seed, problem));
  };

  const playBatch = async (numbers: readonly number[]): Promise<void> => {
    await makeThings(session.sender, world, freshName);
    const waiting = numbers.values();
    const lane = async () => {
      for (const number of waiting) {
        const aim = aims[number % aims.length];
        if (aim === undefined) return;
        const things: World = new Map(world);
        if (aim.target.operation.method === 'DELETE') {
          await makeThings(session.sender, things, freshName, aim.target.resource);
        }
        await play(makeCase(aim, number, seed, things, options.sizes));
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  };

  const readBack = async (when: string): Promise<void> => {
    const begun = performance.now();
    const found = new Map<string, Thing[]>();
    for (const { request, problem } of await readEverything(
      session.sender,
      targets,
      world,
      options.reach,
      found,
    )) {
      problems.push(`seed ${seed}, ${when}: ${request}: ${problem}`);
    }
    const read = performance.now();
    await completeRounds(session, problems, `seed ${seed}, ${when}`);
    say(`read in ${(read - begun).toFixed(0)} ms, loops in ${(performance.now() - read).toFixed(0)} ms`);
    say(`${when}: ${[...found].map(([name, things]) => `${things.length} ${name}`).join(', ')}`);
    await prune(session.sender, found);
  };

  try {
    for (let round = 0; round < rounds; round += 1) {
      const numbers =
        options.only === undefined
          ? Array.from({ length: options.requests }, (_, index) => round * options.requests + index)
          : [options.only];
      const begun = performance.now();
      for (let at = 0; at < numbers.length; at += batch) await playBatch(numbers.slice(at, at + batch));
      say(`sent in ${(performance.now() - begun).toFixed(0)} ms`);
      await readBack(`after round ${round}`);
      memories.push(await session.server.memory());
    }
    await restart();
    await readBack('after a restart');
    await playDatabase(targets, options, { session, world, freshName, play });
    await makeThings(session.sender, world, freshName);
    await readBack('after the database was recreated');
    turns.push(...(await session.server.turns()));
  } finally {
    await close(session, problems);
  }
  const [first, last] = [memories[0], memories.at(-1)];
  if (first === undefined || last === undefined) throw new Error('A run needs a round.');
  return {
    problems,
    requests: sent,
    statuses,
    aims: aims.length,
    turns: turns.sort((a, b) => b.milliseconds - a.milliseconds).slice(0, 5),
    memory: { first, last },
    health: health.sort((a, b) => a - b),
  };
}

/** A server with a client that requests its health repeatedly. */
type Session = { server: ProbedServer; sender: Sender; watch: { stop(): Promise<void> } };

async function open(database: string, health: number[], problems: string[]): Promise<Session> {
  const server = await startProbed(database);
  return { server, sender: openSender(server.url), watch: watchHealth(server.url, health, problems) };
}

async function close({ server, sender, watch }: Session, problems: string[]): Promise<void> {
  await watch.stop();
  sender.close();
  try {
    await server.stop();
  } catch (error) {
    problems.push(String(error));
  }
  problems.push(
    ...server
      .complaints()
      .filter((line) => !whileDropped.test(line))
      .map((line) => `in the log: ${line.slice(0, 1500)}`),
  );
}

/** Errors of loops and requests while the tables are dropped. */
const whileDropped = /relation \\?"\w+\\?" does not exist|no such table/;

/** Requests the health repeatedly until it is stopped. */
function watchHealth(url: string, times: number[], problems: string[]): { stop(): Promise<void> } {
  const thread = new Worker(new URL('./health-thread.ts', import.meta.url), { workerData: url });
  return {
    stop: async () => {
      thread.postMessage('stop');
      const [seen]: HealthSeen[] = await once(thread, 'message');
      await thread.terminate();
      if (seen === undefined) return;
      for (const time of seen.times) times.push(time);
      // One problem is enough: a stopped server answers nothing.
      problems.push(...seen.problems.slice(0, 1));
    },
  };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Loops whose interval cannot be shortened by a setting. They also run at the start. */
const longLoops: ReadonlySet<string> = new Set(['deletions', 'leftovers']);

/** Waits until every loop has finished two more rounds, so that one full round has processed everything stored. */
async function completeRounds({ sender }: Session, problems: string[], when: string): Promise<void> {
  const before = await countRounds(sender);
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const now = await countRounds(sender);
    const short = [...before].filter(([loop]) => !longLoops.has(loop));
    if (short.every(([loop, count]) => (now.get(loop) ?? 0) >= count + 2)) return;
    await pause(50);
  }
  problems.push(`${when}: a background loop has not finished a round for a minute`);
}

async function countRounds({ send }: Sender): Promise<Map<string, number>> {
  const { body } = await send({ method: 'GET', path: '/metrics', headers: {}, body: undefined });
  const lines = body
    .toString()
    .matchAll(/^mintaka_loop_round_duration_seconds_count\{loop="([^"]+)"[^}]*\} (\d+)/gm);
  return new Map([...lines].map(([, loop = '', count]) => [loop, Number(count)]));
}

/** Deletes most of the policies and deployments: otherwise each round is slower than the last one. */
async function prune({ send }: Sender, found: ReadonlyMap<string, Thing[]>): Promise<void> {
  for (const [resource, path] of [
    ['flowRunNotificationPolicies', 'flow_run_notification_policies'],
    ['deployments', 'deployments'],
  ] as const) {
    for (const { id } of (found.get(resource) ?? []).slice(mostLeft)) {
      await send({ method: 'DELETE', path: `/api/${path}/${id}`, headers: {}, body: undefined });
    }
  }
}

type Tools = {
  session: Session;
  world: World;
  freshName: () => string;
  play: (hostile: HostileCase) => Promise<void>;
};

/** The operations on the whole database run last, one after the other, because each may clear it. */
async function playDatabase(
  targets: readonly Target[],
  { seed, sizes, only, operations }: HostileOptions,
  { session, world, freshName, play }: Tools,
): Promise<void> {
  if (only !== undefined || operations !== undefined) return;
  const create = {
    method: 'POST',
    path: '/api/admin/database/create',
    headers: json,
    body: Buffer.from('{"confirm":true}'),
  };
  for (const [index, aim] of aimsOf(targets.filter(isAboutDatabase), seed).entries()) {
    await play(makeCase(aim, index, seed, world, sizes));
    await session.sender.send(create);
    await makeThings(session.sender, world, freshName);
  }
}

const json = { 'content-type': 'application/json' };

function describe({ number, target, about, wire }: HostileCase, seed: number, problem: string): string {
  const repeat = `npx node conformance/hostile/run.ts --seed ${seed} --only ${number}`;
  return `${target.name}, ${about}: ${problem}\n  ${wire.method} ${wire.path.slice(0, 200)}, again: ${repeat}`;
}
