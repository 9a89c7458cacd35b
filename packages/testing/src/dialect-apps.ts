import { after, before, describe, type TestContext, test } from 'node:test';
import type { Environment } from '@mintaka/settings';
import type { DialectName } from '../../server/src/database/dialect-name.ts';
import { type TestApp, testApp } from './app.ts';
import { testPostgres } from './postgres.ts';

/** The dialects to test; `MINTAKA_TEST_DIALECTS=sqlite` restricts them. */
export const dialects: readonly DialectName[] = (process.env.MINTAKA_TEST_DIALECTS ?? 'sqlite,postgres')
  .split(',')
  .filter((name) => name === 'sqlite' || name === 'postgres');

/** An answer with its parsed body; undefined if it is empty. Each test knows the type of its body. */
// biome-ignore lint/suspicious/noExplicitAny: every test asserts what the body is.
export type Reply = { status: number; body: any };

/** An application on a fresh database of one dialect, and a function that sends requests to it. */
export type DialectApp = TestApp & {
  send(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, ...rest: Sent): Promise<Reply>;
};

type Sent = [body?: unknown, headers?: Record<string, string>];

/** Opens an application on a fresh database; undefined if Postgres is needed but not installed. */
export async function dialectApp(
  dialect: DialectName,
  settings: Environment = {},
): Promise<DialectApp | undefined> {
  const place = dialect === 'postgres' ? await testPostgres({ migrated: true }) : sqliteInMemory;
  if (place === undefined) return undefined;
  const opened = await testApp({ ...settings, MINTAKA_DATABASE_CONNECTION_URL: place.url });
  return {
    ...opened,
    send: async (method, url, body, headers = {}) => {
      const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
      const json = { 'content-type': 'application/json', ...headers };
      const answer = await opened.app.inject({ method, url, headers: json, ...payload });
      return { status: answer.statusCode, body: answer.body === '' ? undefined : JSON.parse(answer.body) };
    },
    close: async () => {
      await opened.close();
      await place.drop();
    },
  };
}

/** Declares a test that gets the application. */
type Declare = (name: string, work: (app: DialectApp, context: TestContext) => Promise<void>) => void;

/**
 * Declares tests that must pass on each dialect. The tests of a dialect share one application on a fresh database; without
 * Postgres, its tests are skipped.
 */
export function inEachApp(subject: string, declare: (it: Declare) => void, settings: Environment = {}): void {
  for (const dialect of dialects) {
    describe(`${subject}, on ${dialect}`, () => {
      let app: DialectApp | undefined;
      before(async () => {
        app = await dialectApp(dialect, settings);
      });
      after(() => app?.close());
      declare((name, work) =>
        test(name, async (context) => {
          if (app === undefined) return context.skip('Postgres is not installed');
          await work(app, context);
        }),
      );
    });
  }
}

const sqliteInMemory = { url: 'sqlite://', drop: async () => {} };
