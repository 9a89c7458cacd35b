export { type ApiVersion, speaks } from './api-version.ts';
export type {
  CurrentState,
  FlowRunColumns,
  FlowTransitionContext,
  Proposal,
  RunColumns,
  RunPatch,
  TaskRunColumns,
  TaskTransitionContext,
} from './context.ts';
export type { CachedState, CacheEntry, FlowPorts, FullLimit, TagLimit, TaskPorts } from './ports.ts';
export { awaitingRetry, completeState } from './proposal.ts';
export { type AnsweredRequest, isReplay, type StateRequest } from './replay.ts';
export { type TransitionResult, transitionFlowRun, transitionTaskRun } from './transition.ts';
