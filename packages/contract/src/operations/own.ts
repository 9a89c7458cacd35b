import {
  Capabilities,
  Claim,
  ClaimBody,
  FlowRunResponse,
  FlowRunWaitQuery,
  IdPath,
  NamePath,
} from '../schemas/index.ts';
import { OperationList, OperationListBody } from './lists.ts';
import type { Resource } from './operation.ts';

const tag = 'Mintaka';

/** The operations that the API of Prefect lacks. Their paths begin with `/mintaka/`. */
export const own = {
  capabilities: {
    method: 'GET',
    path: '/mintaka/capabilities',
    summary: 'Read what this server offers beyond the API of Prefect',
    tag,
    access: 'read',
    anyVersion: true,
    responses: { 200: Capabilities },
  },
  claim: {
    method: 'POST',
    path: '/mintaka/work_pools/:name/claim',
    summary: 'Claim the next flow runs of a work pool: they become Pending, and no other worker gets them',
    tag,
    access: 'run',
    // The id of the claim shows that it is repeated.
    repeated: 'runs-again',
    params: NamePath,
    body: ClaimBody,
    refuses: [404],
    responses: { 200: Claim },
  },
  runOperations: {
    method: 'POST',
    path: '/mintaka/operations',
    summary: 'Run several operations in one transaction',
    tag,
    access: 'run',
    // The id of the list shows that it is repeated.
    repeated: 'runs-again',
    body: OperationListBody,
    refuses: [409],
    responses: { 200: OperationList },
  },
  waitForFlowRun: {
    method: 'GET',
    path: '/mintaka/flow_runs/:id/wait',
    summary: 'Wait until a flow run is in a state',
    tag,
    access: 'read',
    params: IdPath,
    query: FlowRunWaitQuery,
    refuses: [404],
    responses: { 200: FlowRunResponse },
  },
} as const satisfies Resource;
