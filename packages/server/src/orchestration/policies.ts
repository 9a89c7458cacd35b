import { endTime } from './bookkeeping/end-time.ts';
import { expectedStartTime } from './bookkeeping/expected-start-time.ts';
import { nextScheduledStartTime } from './bookkeeping/next-scheduled-start-time.ts';
import { parentTask } from './bookkeeping/parent-task.ts';
import { releaseTaskConcurrencySlots } from './bookkeeping/release-task-concurrency-slots.ts';
import { resuming } from './bookkeeping/resuming.ts';
import { flowRunCount, taskRunCount } from './bookkeeping/run-count.ts';
import { flowRunIds, taskRunIds } from './bookkeeping/run-ids.ts';
import { runState } from './bookkeeping/run-state.ts';
import { runTime } from './bookkeeping/run-time.ts';
import { startTime } from './bookkeeping/start-time.ts';
import type { AnyChange, FlowChange, TaskChange } from './context.ts';
import type { FlowPorts, TaskPorts } from './ports.ts';
import type { Bookkeeping, Policy } from './rule.ts';
import { cacheInsertion } from './rules/cache-insertion.ts';
import { cacheRetrieval } from './rules/cache-retrieval.ts';
import { cancelUnclaimedRuns, cancelUnclaimedRunsAgain } from './rules/cancel-unclaimed-runs.ts';
import { copyScheduledTime } from './rules/copy-scheduled-time.ts';
import { handleCancellingStateTransitions } from './rules/handle-cancelling-state-transitions.ts';
import { handleFlowTerminalStateTransitions } from './rules/handle-flow-terminal-state-transitions.ts';
import { handlePausingFlows } from './rules/handle-pausing-flows.ts';
import { handleResumingPausedFlows } from './rules/handle-resuming-paused-flows.ts';
import { handleTaskTerminalStateTransitions } from './rules/handle-task-terminal-state-transitions.ts';
import { leaveRetriesToTheirProcess } from './rules/leave-retries-to-their-process.ts';
import { preventRedundantTransitions } from './rules/prevent-redundant-transitions.ts';
import { preventRunningTasksFromStoppedFlows } from './rules/prevent-running-tasks-from-stopped-flows.ts';
import { renameReruns } from './rules/rename-reruns.ts';
import { retryFailedFlows } from './rules/retry-failed-flows.ts';
import { retryFailedTasks } from './rules/retry-failed-tasks.ts';
import { secureTaskConcurrencySlots } from './rules/secure-task-concurrency-slots.ts';
import { secureWorkQueueSlot } from './rules/secure-work-queue-slot.ts';
import { updateFlowRunTrackerOnTasks } from './rules/update-flow-run-tracker-on-tasks.ts';
import { waitForScheduledTime } from './rules/wait-for-scheduled-time.ts';

const everyRun: readonly Bookkeeping<AnyChange, unknown>[] = [
  runState,
  startTime,
  endTime,
  runTime,
  expectedStartTime,
  nextScheduledStartTime,
];

/** The rules and bookkeeping of flow runs, in order. */
export const flowPolicy: Policy<FlowChange, FlowPorts> = {
  rules: [
    cancelUnclaimedRunsAgain,
    handleFlowTerminalStateTransitions,
    handleCancellingStateTransitions,
    preventRedundantTransitions,
    cancelUnclaimedRuns,
    handlePausingFlows,
    handleResumingPausedFlows,
    leaveRetriesToTheirProcess,
    secureWorkQueueSlot,
    copyScheduledTime,
    waitForScheduledTime,
    retryFailedFlows,
  ],
  // The count reads the mark of a resumption before it is removed.
  bookkeeping: [...everyRun, flowRunIds, flowRunCount, resuming, parentTask],
};

/** The rules and bookkeeping of task runs, in order. */
export const taskPolicy: Policy<TaskChange, TaskPorts> = {
  rules: [
    cacheRetrieval,
    handleTaskTerminalStateTransitions,
    preventRunningTasksFromStoppedFlows,
    preventRedundantTransitions,
    secureTaskConcurrencySlots, // after the cache: a cached result needs no slot
    copyScheduledTime,
    waitForScheduledTime,
    retryFailedTasks,
    renameReruns,
    updateFlowRunTrackerOnTasks,
    cacheInsertion,
  ],
  bookkeeping: [...everyRun, taskRunIds, taskRunCount, releaseTaskConcurrencySlots],
};
