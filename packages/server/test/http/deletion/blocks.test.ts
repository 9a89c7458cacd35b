import assert from 'node:assert/strict';
import type { DialectApp } from '@mintaka/testing/dialect-apps';
import { makeDocument, makeKind, onEachDialect } from '../blocks/support.ts';

onEachDialect('an object that uses a deleted block', (check) => {
  const places = ['document', 'schema', 'type'] as const;

  async function used(app: DialectApp, place: (typeof places)[number]) {
    const kind = await makeKind(app, `used-${place}`);
    const block = (await makeDocument(app, kind, 'block', { a: 1 })).id;
    const flow_id = (await app.send('POST', '/api/flows/', { name: 'flow' })).body.id;
    const uses = { infrastructure_document_id: block, storage_document_id: block };
    const deployment = (await app.send('POST', '/api/deployments/', { name: place, flow_id, ...uses })).body
      .id;
    const run = (await app.send('POST', `/api/deployments/${deployment}/create_flow_run`, {})).body.id;
    const policy = { is_active: true, state_names: [], tags: [], block_document_id: block };
    const policyId = (await app.send('POST', '/api/flow_run_notification_policies/', policy)).body.id;
    const paths = {
      document: `block_documents/${block}`,
      schema: `block_schemas/${kind.block_schema_id}`,
      type: `block_types/${kind.block_type_id}`,
    };
    return { block, deployment, run, policyId, path: `/api/${paths[place]}` };
  }

  for (const place of places) {
    check(`remains when its ${place} is deleted: deployments and runs lose the reference`, async (app) => {
      const { block, deployment, run, policyId, path } = await used(app, place);
      assert.equal((await app.send('DELETE', path)).status, 204);
      assert.equal((await app.send('DELETE', path)).status, 404);
      assert.equal((await app.send('GET', `/api/block_documents/${block}`)).status, 404);
      const left = (await app.send('GET', `/api/deployments/${deployment}`)).body;
      assert.deepEqual([left.infrastructure_document_id, left.storage_document_id], [null, null]);
      const flowRun = (await app.send('GET', `/api/flow_runs/${run}`)).body;
      assert.equal(flowRun.infrastructure_document_id, null);
      assert.equal(flowRun.deployment_id, deployment);
      const policy = await app.send('GET', `/api/flow_run_notification_policies/${policyId}`);
      assert.equal(policy.status, 404, 'the policy has no block to send with');
    });
  }
});
