import * as z from 'zod';
import { MOST_CLAIMED_RUNS } from '../limits.ts';
import { STATE_TYPES } from '../states.ts';
import { choice, dateTimeTz, float, integer, model, parameters, text, uuid } from '../wire/index.ts';
import { DeploymentResponse } from './deployments.ts';
import { texts } from './fields.ts';
import { FlowRunResponse } from './flow-runs.ts';
import { Flow } from './flows.ts';

/** The longest that a request may wait on the server, in seconds. */
export const LONGEST_WAIT_SECONDS = 30;

/** Which flow runs a worker claims. */
export const ClaimBody = model(
  'ClaimBody',
  {
    /** Made by the client, a new one for each claim. A claim that is sent again with the same id gets the same runs. */
    claim_id: uuid(),
    /** The most runs. */
    limit: integer({ ge: 1, le: MOST_CLAIMED_RUNS }).default(1),
    /** The queues that count; all queues of the pool if omitted or empty. */
    work_queue_names: texts().optional(),
    /** Only runs that are due at or after this moment. */
    scheduled_after: dateTimeTz().optional(),
    /** Only runs that are due at or before this moment. If omitted: the moment of the claim and `prefetch_seconds`. */
    scheduled_before: dateTimeTz().optional(),
    /** How long before they are due runs may be claimed, in seconds. */
    prefetch_seconds: float({ ge: 0 }).default(0),
    /** How long the server waits for a run if there is none, in seconds. */
    wait: float({ ge: 0, le: LONGEST_WAIT_SECONDS }).default(0),
  },
  { extra: 'forbid' },
);
export type ClaimBody = z.output<typeof ClaimBody>;
/** ClaimBody as a client sends it. */
export type ClaimBodyInput = z.input<typeof ClaimBody>;

/** A flow run that a worker has claimed, and the pool and queue that it waited in. */
export const ClaimedFlowRun = model('ClaimedFlowRun', {
  work_pool_id: uuid(),
  work_queue_id: uuid(),
  flow_run: FlowRunResponse,
});
export type ClaimedFlowRun = z.output<typeof ClaimedFlowRun>;

/** The claimed flow runs, now Pending, in the order in which they should start, with their deployments and flows. */
export const Claim = model('Claim', {
  claim_id: uuid(),
  flow_runs: z.array(ClaimedFlowRun),
  deployments: z.array(DeploymentResponse),
  flows: z.array(Flow),
});
export type Claim = z.output<typeof Claim>;

/** What to wait for: `terminal`, or a type of state. */
export const WAIT_GOALS = ['terminal', ...STATE_TYPES] as const;
export type WaitGoal = (typeof WAIT_GOALS)[number];

/** What a request waits for, and for how long. */
export const FlowRunWaitQuery = parameters('FlowRunWaitQuery', {
  /** A run that is in a terminal state ends every wait. */
  until: choice(WAIT_GOALS).default('terminal'),
  /** In seconds. The answer then shows the run as it is. */
  timeout: float({ ge: 0, le: LONGEST_WAIT_SECONDS }).default(LONGEST_WAIT_SECONDS),
});
export type FlowRunWaitQuery = z.output<typeof FlowRunWaitQuery>;

/** What a server of ours offers beyond the API of Prefect. */
export const Capabilities = model('Capabilities', {
  /** The version of Mintaka. */
  version: text(),
  /** The names of the operations below `/mintaka/` that the server has. */
  operations: z.array(text()),
});
export type Capabilities = z.output<typeof Capabilities>;
