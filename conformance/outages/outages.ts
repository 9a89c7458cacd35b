import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '@mintaka/testing/cluster';
import type { TcpProxy } from '@mintaka/testing/tcp-proxy';

/** The environment of an outage on Postgres: its own cluster, and a proxy between it and our server. */
export type PostgresPlace = { cluster: Cluster; proxy: TcpProxy };
/** The environment of an outage on SQLite. */
export type SqlitePlace = { file: string; serverUrl: string };

/** Something that happens to the database while a flow runs; resolves when it is over. */
export type Outage =
  | { name: string; dialect: 'postgres'; happen(place: PostgresPlace): Promise<void> }
  | { name: string; dialect: 'sqlite'; openFiles?: number; happen(place: SqlitePlace): Promise<void> };

/** The duration of a long outage, in milliseconds: twice the timeout of a statement. */
const long = 20_000;
/** The time that a database needs to recover from a crash, in milliseconds. */
const short = 4000;

/** The outages that flows must survive; those of one list may happen at the same time. */
export const outages: readonly (readonly Outage[])[] = [
  [
    {
      name: 'Postgres is killed and restarted',
      dialect: 'postgres',
      happen: async ({ cluster }) => {
        cluster.crash();
        await delay(short);
        cluster.restart();
      },
    },
    {
      name: 'Postgres is frozen',
      dialect: 'postgres',
      happen: async ({ cluster }) => {
        cluster.freeze();
        await delay(long);
        cluster.thaw();
      },
    },
    {
      name: 'another process holds the lock of the SQLite file',
      dialect: 'sqlite',
      happen: async ({ file }) => {
        const other = new DatabaseSync(file, { timeout: 60_000 });
        other.exec('BEGIN IMMEDIATE');
        await delay(long);
        other.exec('COMMIT');
        other.close();
      },
    },
  ],
  [
    {
      name: 'connections to Postgres are cut repeatedly',
      dialect: 'postgres',
      happen: async ({ proxy }) => {
        for (let cuts = 0; cuts < 20; cuts += 1) {
          proxy.cutAll();
          await delay(300);
        }
      },
    },
    {
      name: 'connections to Postgres go silent while new ones work',
      dialect: 'postgres',
      happen: async ({ proxy }) => {
        proxy.silenceAll();
        await delay(long);
      },
    },
    {
      name: 'no reader thread can start, because files have run out',
      dialect: 'sqlite',
      openFiles: 90,
      happen: starveOfFiles,
    },
  ],
];

/** Opens as many sockets as the server can have, requests a list, whose thread cannot open the file, and closes them. */
async function starveOfFiles({ serverUrl }: SqlitePlace): Promise<void> {
  const { hostname, port } = new URL(serverUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await list(serverUrl, agent, '/api/health', 'GET');
  const sockets = Array.from({ length: 200 }, () => connect(Number(port), hostname).on('error', () => {}));
  await Promise.all(sockets.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])));
  const statuses = [];
  for (let lists = 0; lists < 3; lists += 1) {
    statuses.push(await list(serverUrl, agent, '/api/flow_runs/filter'));
    await delay(500);
  }
  if (!statuses.every((status) => status === 503)) throw new Error(`lists were answered with ${statuses}`);
  for (const socket of sockets) socket.destroy();
  while ((await list(serverUrl, agent, '/api/flow_runs/filter')) !== 200) await delay(100);
  agent.destroy();
}

async function list(url: string, agent: Agent, path: string, method = 'POST'): Promise<number | undefined> {
  const asked = request(`${url}${path}`, { agent, method });
  asked.end();
  const [answer] = await once(asked, 'response');
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode;
}
