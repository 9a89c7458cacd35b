import { after, before, describe, type TestContext, test } from 'node:test';
import type { Environment } from '@mintaka/settings';
import { type DialectApp, dialectApp, dialects, type Reply } from '@mintaka/testing/dialect-apps';

/** A schedule of whole hours. */
export const hourly = { interval: 3600, anchor_date: '2026-01-01T00:00:00+00:00' };

/** An application with a flow, and functions to create and read its deployments. */
export type Deployments = DialectApp & {
  flowId: string;
  /** Creates or replaces a deployment. */
  save(body: object): Promise<Reply>;
  /** The flow runs of a deployment, by expected start. */
  runsOf(deploymentId: string): Promise<Reply['body'][]>;
};

/** Declares tests that each dialect's application has to pass; they share its database. */
export function onEachDialect(
  subject: string,
  declare: (it: (name: string, work: (app: Deployments) => Promise<void>) => void) => void,
  settings: Environment = {},
): void {
  for (const dialect of dialects) {
    describe(`${subject}, on ${dialect}`, () => {
      let app: Deployments | undefined;
      before(async () => {
        app = await openDeployments(dialect, settings);
      });
      after(() => app?.close());
      declare((name, work) => {
        test(name, async (context: TestContext) => {
          if (app === undefined) return context.skip('Postgres is not installed');
          await work(app);
        });
      });
    });
  }
}

async function openDeployments(
  dialect: (typeof dialects)[number],
  settings: Environment,
): Promise<Deployments | undefined> {
  const app = await dialectApp(dialect, settings);
  if (app === undefined) return undefined;
  const flow = await app.send('POST', '/api/flows/', { name: 'flow' });
  const flowId: string = flow.body.id;
  return {
    ...app,
    flowId,
    save: (body) => app.send('POST', '/api/deployments/', { flow_id: flowId, ...body }),
    runsOf: async (id) => {
      const filter = { deployments: { id: { any_: [id] } }, sort: 'EXPECTED_START_TIME_ASC' };
      return (await app.send('POST', '/api/flow_runs/filter', filter)).body;
    },
  };
}
