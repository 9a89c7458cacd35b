import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestApp, testApp } from '@mintaka/testing/app';
import { openTestDatabase } from '@mintaka/testing/open';
import { testPostgres } from '@mintaka/testing/postgres';
import type { Clock } from '../../../src/clock.ts';
import type { Database } from '../../../src/database/database.ts';
import type { DialectName } from '../../../src/database/dialect-name.ts';

/** A request to send. */
export type Sent = { method: string; path: string; headers?: Record<string, string>; body?: string };

/** The answer. */
export type Received = { status: number; text: string };

/** A server whose answers can be lost: it listens, and its writes can be delayed. */
export type LossyServer = TestApp & {
  /** Sends a request and waits for its answer. */
  send(sent: Sent): Promise<Received>;
  /**
   * Sends a request and breaks its connection before it writes anything.
   * @returns the answer if it came without a write; otherwise undefined, once the server has noticed that the client has
   *   gone.
   */
  lose(sent: Sent, meanwhile?: () => Promise<void>): Promise<Received | undefined>;
};

/** A database for several servers, one after the other or concurrently. */
export type Place = { open(clock?: Clock): Promise<LossyServer>; drop(): Promise<void> };

/** A fresh database of a dialect; undefined if Postgres is missing. */
export async function openPlace(dialect: DialectName): Promise<Place | undefined> {
  const place = dialect === 'postgres' ? await testPostgres({ migrated: true }) : sqliteFile();
  if (place === undefined) return undefined;
  const servers: LossyServer[] = [];
  return {
    open: async (clock) => {
      const server = await openLossy(place.url, clock);
      servers.push(server);
      return server;
    },
    drop: async () => {
      for (const server of servers) await server.close();
      await place.drop();
    },
  };
}

function sqliteFile(): { url: string; drop(): Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), 'mintaka-lossy-'));
  return { url: `sqlite:///${folder}/lossy.db`, drop: async () => rmSync(folder, { recursive: true }) };
}

async function openLossy(url: string, clock?: Clock): Promise<LossyServer> {
  const gate = createGate();
  const database = gate.before(await openTestDatabase(url));
  const server = await testApp({}, { database, ...(clock === undefined ? {} : { clock }) });
  const base = await server.app.listen({ host: '127.0.0.1', port: 0 });
  let closing: Promise<void> | undefined;
  const begin = ({ method, path, headers = {}, body }: Sent) => {
    const json = { 'content-type': 'application/json', ...headers };
    const asked = request(`${base}/api${path}`, { method, headers: json, agent: false });
    asked.end(body);
    return asked;
  };
  const receive = async (asked: ReturnType<typeof begin>): Promise<Received> => {
    const [answer] = await once(asked, 'response');
    let text = '';
    for await (const piece of answer.setEncoding('utf8')) text += piece;
    return { status: answer.statusCode, text };
  };
  return {
    ...server,
    send: (sent) => receive(begin(sent)),
    lose: async (sent, meanwhile) => {
      const reached = gate.close();
      const arrived = once(server.app.server, 'request');
      const asked = begin(sent);
      const answered = receive(asked);
      answered.catch(() => {});
      const [, response] = await arrived;
      await Promise.race([answered, reached]);
      // The write at the gate may also belong to something that continues after the answer.
      const early = response.writableEnded ? await answered : undefined;
      if (early === undefined) {
        const gone = once(response, 'close');
        asked.destroy();
        await gone;
        await meanwhile?.();
      }
      gate.open();
      return early;
    },
    close: () => {
      closing ??= server.close();
      return closing;
    },
  };
}

/** Delays all writes to a database. */
function createGate() {
  let opened: Promise<void> | undefined;
  let open = () => {};
  let reach = () => {};
  const pass = async () => {
    reach();
    await opened;
  };
  return {
    /** Closes the gate; resolves when a write waits at it. */
    close: () => {
      const reached = Promise.withResolvers<undefined>();
      const opening = Promise.withResolvers<void>();
      reach = () => reached.resolve(undefined);
      opened = opening.promise;
      open = opening.resolve;
      return reached.promise;
    },
    open: () => open(),
    before: (database: Database): Database => ({
      ...database,
      transaction: async (work) => {
        await pass();
        return database.transaction(work);
      },
      administer: async (work) => {
        await pass();
        return database.administer(work);
      },
    }),
  };
}
