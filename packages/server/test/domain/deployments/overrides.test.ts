import assert from 'node:assert/strict';
import {
  DeploymentCreate,
  DeploymentUpdate,
  MOST_OVERRIDES_CHARACTERS,
  MOST_TEMPLATE_CHARACTERS,
  WorkPoolCreate,
} from '@mintaka/contract';
import { inEachWorld } from '@mintaka/testing/worlds';
import type { Context } from '../../../src/domain/context.ts';
import { saveDeployment, updateDeployment } from '../../../src/domain/deployments/save.ts';
import { TemporarilyUnavailableError } from '../../../src/domain/errors.ts';
import { createFlow } from '../../../src/domain/flows.ts';
import type { SchemaChecks } from '../../../src/domain/schema-checks/schema-checks.ts';
import { createWorkPool } from '../../../src/domain/work-pools/work-pools.ts';

/** A template of jobs with one variable that must be there. */
function template(required: string, more: object = {}) {
  return {
    job_configuration: { command: 'run' },
    variables: { properties: { a: {} }, required: [required], ...more },
  };
}

async function makePool(context: Context, base_job_template: object): Promise<void> {
  await createWorkPool(context, WorkPoolCreate.parse({ name: 'pool', base_job_template }));
}

function setTemplate({ database }: Context, text: string): Promise<unknown> {
  return database.transaction((session) =>
    session.run(
      session.sql.updateTable('work_pool').set({ base_job_template: text }).where('name', '=', 'pool'),
    ),
  );
}

const deployment = (flow_id: string, infra_overrides: object) =>
  DeploymentCreate.parse({ name: 'd', flow_id, work_pool_name: 'pool', infra_overrides });

/** Does something before each verdict. */
function before(checks: SchemaChecks, work: () => Promise<unknown>): SchemaChecks {
  return {
    ...checks,
    judge: async (check) => {
      await work();
      return checks.judge(check);
    },
  };
}

inEachWorld('overrides of deployments', (it) => {
  it('are checked again if the template changed in the meantime', async ({ context, flowId }) => {
    await makePool(context, template('a'));
    const change = () => setTemplate(context, JSON.stringify(template('b')));
    const schemaChecks = before(context.schemaChecks, change);
    await assert.rejects(saveDeployment({ ...context, schemaChecks }, deployment(flowId, { a: 1 })), {
      message: `Error creating deployment: <ValidationError: "'b' is a required property">`,
    });
    const { created, value } = await saveDeployment(context, deployment(flowId, { b: 1 }));
    assert.equal(created, true);
    const body = DeploymentUpdate.parse({ work_pool_name: 'pool', infra_overrides: { a: 1 } });
    await assert.rejects(updateDeployment(context, value.id, body), /'b' is a required property/);
  });

  it('are temporarily refused if the template keeps changing', async ({ context, flowId }) => {
    await makePool(context, template('a'));
    let changes = 0;
    const schemaChecks = before(context.schemaChecks, () => {
      changes += 1;
      return setTemplate(context, JSON.stringify(template('a', { changes })));
    });
    const saving = saveDeployment({ ...context, schemaChecks }, deployment(flowId, { a: 1 }));
    await assert.rejects(saving, TemporarilyUnavailableError);
    assert.equal(changes, 3);
  });

  it('do not delay other writes while they are checked', async ({ context, flowId }) => {
    await makePool(context, template('a'));
    const schemaChecks = before(context.schemaChecks, async () => {
      assert.equal((await createFlow(context, { name: 'meanwhile', tags: [] })).created, true);
    });
    const { created } = await saveDeployment({ ...context, schemaChecks }, deployment(flowId, { a: 1 }));
    assert.equal(created, true);
  });

  it('are refused if they, or the template, are too large to check', async ({ context, flowId }) => {
    await makePool(context, template('a'));
    const large = { a: 'x'.repeat(MOST_OVERRIDES_CHARACTERS) };
    await assert.rejects(saveDeployment(context, deployment(flowId, large)), {
      message: 'Error creating deployment: The infra_overrides have more than 1048576 characters.',
    });
    await setTemplate(context, JSON.stringify(template('a', { more: 'x'.repeat(MOST_TEMPLATE_CHARACTERS) })));
    await assert.rejects(saveDeployment(context, deployment(flowId, { a: 1 })), {
      message:
        'Error creating deployment: The base_job_template of work pool "pool" has more than 262144 characters.',
    });
  });
});
