import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DialectApp, dialectApp, dialects } from '@mintaka/testing/dialect-apps';
import { keepReports, makeBlock, makePolicy, runThrough } from '@mintaka/testing/notifying';
import { startReceiver } from '@mintaka/testing/receiver';
import pino from 'pino';
import { openDatabase } from '../../src/database/open.ts';
import { sendQueuedNotifications } from '../../src/domain/notifications/send-queued.ts';
import { buildServices } from '../../src/services/index.ts';
import { notifications } from '../../src/services/notifications.ts';
import { outsideWorld } from '../../src/services/outbound.ts';

const failed = { type: 'FAILED', name: 'Failed' };
const silent = pino({ level: 'silent' });

/** Fills the queue with messages about one state: row by row, as servers that change states would. */
async function fillQueue(app: DialectApp, policy: string, count: number): Promise<void> {
  const run = await runThrough(app, { states: [failed] });
  await app.context.database.transaction(async (session) => {
    const state = await session.first(
      session.sql.selectFrom('flow_run_state').select('id').where('flow_run_id', '=', run),
    );
    assert.ok(state);
    await session.run(session.sql.deleteFrom('flow_run_notification_queue'));
    for (let number = 0; number < count; number++) {
      const row = {
        id: app.context.random.id(),
        flow_run_notification_policy_id: policy,
        flow_run_state_id: state.id,
      };
      await session.run(session.sql.insertInto('flow_run_notification_queue').values(row));
    }
  });
}

for (const dialect of dialects) {
  test(`${dialect}: of 1,000 messages that several servers send from one database, each is sent once`, async (context) => {
    const app = await dialectApp(dialect);
    if (app === undefined) return context.skip('no Postgres here');
    const receiver = await startReceiver();
    const policy = await makePolicy(app, await makeBlock(app, 'webhook', { url: receiver.url }));
    await fillQueue(app, policy, 1000);
    const other = dialect === 'postgres' ? await openDatabase(sameDatabase(app)) : undefined;
    const reports = [keepReports(), keepReports()];
    const contexts = [app.context, { ...app.context, database: other ?? app.context.database }];
    await Promise.all(
      contexts.map((server, number) =>
        sendQueuedNotifications(server, {
          outside: outsideWorld(),
          report: reports[number] ?? keepReports(),
        }),
      ),
    );
    assert.equal(receiver.received.length, 1000);
    assert.equal(reports.flatMap((report) => report.lines).filter((line) => line === 'sent').length, 1000);
    for (const report of reports) assert.ok(report.lines.length > 0, 'both sent some of them');
    await receiver.close();
    await other?.close();
    await app.close();
  });
}

function sameDatabase({ context: { settings } }: DialectApp): Parameters<typeof openDatabase>[0] {
  return {
    url: settings.databaseUrl,
    ...settings.database,
    monotonic: () => performance.now(),
    onConnectionLost: () => {},
  };
}

test('the loop sends what is queued while it runs, and stops on request', async () => {
  const app = await dialectApp('sqlite', { MINTAKA_SERVICES_FLOW_RUN_NOTIFICATIONS_LOOP_SECONDS: '0.02' });
  assert.ok(app);
  const receiver = await startReceiver();
  await makePolicy(app, await makeBlock(app, 'slack-webhook', { url: receiver.url }));
  const service = notifications(app.context, silent);
  service.start();
  await runThrough(app, { states: [failed] });
  await receiver.until(1);
  await runThrough(app, { states: [failed] });
  await receiver.until(2);
  await service.stop();
  await runThrough(app, { states: [failed] });
  await service.stop();
  assert.equal(receiver.received.length, 2);
  await receiver.close();
  await app.close();
});

test('the loop logs unsent notifications, without the secrets of the block', async () => {
  const app = await dialectApp('sqlite');
  assert.ok(app);
  const lines: string[] = [];
  let told = () => {};
  const logged = new Promise<void>((resolve) => {
    told = resolve;
  });
  const write = (line: string) => {
    lines.push(line);
    told();
  };
  const log = pino({ level: 'warn' }, { write });
  const receiver = await startReceiver(() => 403);
  await makePolicy(app, await makeBlock(app, 'slack-webhook', { url: `${receiver.url}/secret-token` }));
  await runThrough(app, { states: [failed] });
  const service = notifications(app.context, log);
  service.start();
  await logged;
  await service.stop();
  assert.match(lines[0] ?? '', /could not send a notification; retrying/);
  assert.match(lines[0] ?? '', /answered 403/);
  assert.doesNotMatch(lines.join(''), /secret-token/);
  await receiver.close();
  await app.close();
});

test('a setting disables the loop', async () => {
  const names = async (value: string) => {
    const app = await dialectApp('sqlite', { PREFECT_ORION_SERVICES_FLOW_RUN_NOTIFICATIONS_ENABLED: value });
    assert.ok(app);
    const built = buildServices(app.context, silent).map((service) => service.name);
    await app.close();
    return built;
  };
  assert.ok((await names('true')).includes('notifications'));
  assert.ok(!(await names('false')).includes('notifications'));
});
