import {
  addSeconds,
  EMPTY_OBJECT,
  NO_STATE_DETAILS,
  type RunStateDetails,
  type StateType,
  timestamp,
} from '@mintaka/contract';
import type {
  CurrentState,
  FlowRunColumns,
  FlowTransitionContext,
  Proposal,
  TaskRunColumns,
  TaskTransitionContext,
} from '../../src/orchestration/context.ts';
import type { CachedState, CacheEntry, FullLimit, TagLimit } from '../../src/orchestration/ports.ts';
import { transitionFlowRun, transitionTaskRun } from '../../src/orchestration/transition.ts';

/** The time of every transition in these tests. */
export const now = timestamp('2001-02-03 04:05:06.000007');

/** The time of the run's state before a transition. */
export const before = addSeconds(now, -10);

const columns = {
  state_id: null,
  state_type: null,
  state_name: null,
  state_timestamp: null,
  run_count: 0,
  expected_start_time: null,
  next_scheduled_start_time: null,
  start_time: null,
  end_time: null,
  total_run_time: 0,
  empirical_policy: EMPTY_OBJECT,
};

/** A state to start from, ten seconds old. */
export function inState(
  type: StateType | null,
  details: Partial<RunStateDetails> = {},
  name = '',
): CurrentState | null {
  if (type === null) return null;
  return { id: 'current', type, name, timestamp: before, state_details: { ...NO_STATE_DETAILS, ...details } };
}

/** What a test can set about a transition; everything else has plain defaults. */
type Setting<Run> = {
  run?: Partial<Run>;
  current?: CurrentState | null;
  proposal: Proposal;
  force?: boolean;
};

/** The calls of a transition to its ports, and the world behind them. */
export type World = {
  cache: Map<string, CachedState>;
  limits: TagLimit[];
  /** Task runs that are deleted or have ended. */
  ended: Set<string>;
  calls: string[];
  cached: CacheEntry[];
  parentStates: { taskRunId: string; proposal: Proposal }[];
  retried: { flowRunId: string; scheduledTime: string }[];
  full: Map<string, FullLimit>;
  /** Whether the flow run waits for a retry in its own process. */
  waiting: boolean;
};

/** An empty world. */
export function emptyWorld(): World {
  return {
    cache: new Map(),
    limits: [],
    ended: new Set(),
    calls: [],
    cached: [],
    parentStates: [],
    retried: [],
    full: new Map(),
    waiting: false,
  };
}

function common(setting: { force?: boolean; current?: CurrentState | null; proposal: Proposal }) {
  let ids = 0;
  return {
    current: setting.current ?? null,
    proposal: setting.proposal,
    force: setting.force ?? false,
    now,
    newId: () => `id-${ids++}`,
    random: () => 0.5,
  };
}

/** Proposes a state for a flow run `f`. */
export function proposeForFlow(
  setting: Setting<FlowRunColumns> & { apiVersion?: FlowTransitionContext['apiVersion'] },
  world: World = emptyWorld(),
) {
  const run = {
    ...columns,
    id: 'f',
    deployment_id: null,
    parent_task_run_id: null,
    work_queue_id: null,
    work_queue_name: null,
    infrastructure_pid: null,
    ...setting.run,
  };
  const context: FlowTransitionContext = { ...common(setting), run, apiVersion: setting.apiVersion ?? null };
  return transitionFlowRun(context, {
    async setParentTaskState(taskRunId, proposal) {
      world.parentStates.push({ taskRunId, proposal });
    },
    async retryFailedTasks(flowRunId, scheduledTime) {
      world.retried.push({ flowRunId, scheduledTime });
    },
    async fullLimit() {
      world.calls.push('fullLimit');
      return world.full.get(run.work_queue_id ?? '');
    },
    async waitsInProcess() {
      world.calls.push('waitsInProcess');
      return world.waiting;
    },
  });
}

/** Proposes a state for a task run `t` of a flow run `f`, which by default runs for the first time. */
export function proposeForTask(
  setting: Setting<TaskRunColumns> & { flowRun?: TaskTransitionContext['flowRun'] },
  world: World = emptyWorld(),
) {
  const run = {
    ...columns,
    id: 't',
    flow_run_id: 'f',
    flow_run_run_count: 1,
    tags: world.limits.map(({ tag }) => tag),
    ...setting.run,
  };
  const context: TaskTransitionContext = {
    ...common(setting),
    run,
    flowRun: setting.flowRun ?? { run_count: 1, state_type: 'RUNNING' },
    limited: world.limits.length > 0,
  };
  return transitionTaskRun(context, {
    async cachedState(key) {
      world.calls.push('cachedState');
      return world.cache.get(key);
    },
    async cacheState(entry) {
      world.calls.push('cacheState');
      world.cached.push(entry);
    },
    async lockLimits(tags) {
      world.calls.push('lockLimits');
      return world.limits.filter(({ tag }) => tags.includes(tag));
    },
    async openTaskRuns(ids) {
      world.calls.push('openTaskRuns');
      return new Set(ids.filter((id) => !world.ended.has(id)));
    },
    async writeSlots(limits) {
      world.calls.push('writeSlots');
      world.limits = world.limits.map((limit) => {
        return { ...limit, ...limits.find(({ tag }) => tag === limit.tag) };
      });
    },
  });
}

/** The ids that hold slots, by tag. */
export function slots(world: World): Record<string, readonly string[]> {
  return Object.fromEntries(world.limits.map(({ tag, active_slots }) => [tag, active_slots]));
}
