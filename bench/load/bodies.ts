/** The state types that the benchmarks write. */
export type StateType = 'SCHEDULED' | 'PENDING' | 'RUNNING' | 'COMPLETED';

/** The states of a task run: the client creates it Pending and proposes these, in order. */
export const taskRunPath: readonly StateType[] = ['RUNNING', 'COMPLETED'];

/** The states of a flow run: a deployment creates it Scheduled, then the agent and the client propose these, in order. */
export const flowRunPath: readonly StateType[] = ['PENDING', 'RUNNING', 'COMPLETED'];

type StateOwner = { flowRun: string } | { taskRun: string } | 'unknown';

/** The body of a flow's registration. */
export function flowBody(name: string): string {
  return JSON.stringify({ name, tags: [] });
}

/** The body of a new flow run, as the Prefect client sends it. */
export function flowRunBody(flowId: string, name: string, state: StateType): string {
  return JSON.stringify({
    state: stateBody(state, 'unknown'),
    name,
    flow_id: flowId,
    deployment_id: null,
    flow_version: 'e8ad7ce37e906324472eee58ded8ec93',
    parameters: {},
    context: {},
    parent_task_run_id: null,
    infrastructure_document_id: null,
    empirical_policy: { ...retryPolicy, pause_keys: [], resuming: false },
    tags: [],
    idempotency_key: null,
  });
}

/** The body of a new Pending task run, as the Prefect client sends it; `dynamicKey` is unique within the flow run. */
export function taskRunBody(flowRunId: string, dynamicKey: string): string {
  return JSON.stringify({
    state: stateBody('PENDING', 'unknown'),
    name: `add-${dynamicKey}`,
    flow_run_id: flowRunId,
    task_key: '__main__.add',
    dynamic_key: dynamicKey,
    cache_key: null,
    cache_expiration: null,
    task_version: null,
    empirical_policy: { ...retryPolicy, retry_jitter_factor: null },
    tags: [],
    task_inputs: { x: [] },
  });
}

/** The body that proposes a state for one run. */
export function setStateBody(type: StateType, owner: StateOwner): string {
  return JSON.stringify({ state: stateBody(type, owner), force: false });
}

/** The body of one batch of log lines of a flow run. */
export function logsBody(flowRunId: string, lines: number): string {
  const timestamp = new Date().toISOString().replace('Z', '000+00:00');
  return JSON.stringify(
    Array.from({ length: lines }, (_, line) => ({
      name: 'prefect.flow_runs',
      level: 20,
      message: `Line ${line}: created task run 'add-${line}' for task 'add', and submitted it for execution.`,
      timestamp,
      flow_run_id: flowRunId,
      task_run_id: null,
    })),
  );
}

const retryPolicy = { max_retries: 0, retry_delay_seconds: 0, retries: 0, retry_delay: 0 };

function stateBody(type: StateType, owner: StateOwner) {
  return {
    type,
    name: type.charAt(0) + type.slice(1).toLowerCase(),
    message: null,
    data: null,
    state_details: {
      flow_run_id: typeof owner === 'object' && 'flowRun' in owner ? owner.flowRun : null,
      task_run_id: typeof owner === 'object' && 'taskRun' in owner ? owner.taskRun : null,
      child_flow_run_id: null,
      scheduled_time: type === 'SCHEDULED' ? new Date().toISOString() : null,
      cache_key: null,
      cache_expiration: null,
      untrackable_result: type === 'COMPLETED',
      pause_timeout: null,
      pause_reschedule: false,
      pause_key: null,
      refresh_cache: type === 'RUNNING' ? false : null,
    },
  };
}
