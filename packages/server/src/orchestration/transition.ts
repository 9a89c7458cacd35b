import type { RunState, SetStateDetails, SetStateStatus, StateType } from '@mintaka/contract';
import type {
  Change,
  FlowRunColumns,
  FlowTransitionContext,
  Proposal,
  RunColumns,
  RunPatch,
  TaskRunColumns,
  TaskTransitionContext,
  TransitionContext,
  TransitionResult,
} from './context.ts';
import type { Consequences, Decision } from './decision.ts';
import { flowPolicy, taskPolicy } from './policies.ts';
import type { FlowPorts, TaskPorts } from './ports.ts';
import { completeState, stateTimestamp } from './proposal.ts';
import { governs, type Policy } from './rule.ts';

/** Decides about a flow run's new state. Only the ports write. */
export function transitionFlowRun(
  context: FlowTransitionContext,
  ports: FlowPorts,
): Promise<TransitionResult<FlowRunColumns>> {
  return transition(context, flowPolicy, ports);
}

/** Decides about a task run's new state. Only the ports write. */
export function transitionTaskRun(
  context: TaskTransitionContext,
  ports: TaskPorts,
): Promise<TransitionResult<TaskRunColumns>> {
  return transition(context, taskPolicy, ports);
}

/** An unfinished transition: the run and the state as changed so far, and the pending effects. */
type Draft<Context> = {
  readonly change: { proposed: RunState } & Context;
  patch: RunPatch;
  /** Whether a state will be written. */
  willWrite: boolean;
  status: SetStateStatus;
  details: SetStateDetails;
  closing: RunPatch | undefined;
  effects: (() => Promise<void> | undefined)[];
};

async function transition<Run extends RunColumns, Context extends TransitionContext<Run>, Ports>(
  context: Context,
  policy: Policy<Change<Context>, Ports>,
  ports: Ports,
): Promise<TransitionResult<Run>> {
  const draft = begin<Run, Context>(context);
  if (!context.force) await applyRules(context, draft, policy, ports);
  if (draft.willWrite) applyBookkeeping(draft, policy, ports);
  if (draft.closing !== undefined) amendRun(draft, draft.closing);
  for (const effect of draft.effects) {
    const pending = effect();
    if (pending !== undefined) await pending;
  }
  return {
    status: draft.status,
    details: draft.details,
    state: draft.willWrite ? draft.change.proposed : undefined,
    patch: draft.patch,
    run: draft.change.run,
  };
}

function begin<Run extends RunColumns, Context extends TransitionContext<Run>>(
  context: Context,
): Draft<Context> {
  return {
    change: { ...context, run: { ...context.run }, proposed: newState(context, context.proposal) },
    patch: {},
    willWrite: true,
    status: 'ACCEPT',
    details: { type: 'accept_details' },
    closing: undefined,
    effects: [],
  };
}

async function applyRules<Run extends RunColumns, Context extends TransitionContext<Run>, Ports>(
  context: Context,
  draft: Draft<Context>,
  policy: Policy<Change<Context>, Ports>,
  ports: Ports,
): Promise<void> {
  const from = context.current?.type ?? null;
  const intended = context.proposal.type;
  for (const rule of policy.rules) {
    if (!governs(rule, from, intended)) continue;
    const answer = rule.decide(draft.change, ports);
    const decision = answer instanceof Promise ? await answer : answer;
    const turned = outcomeOf(decision, intended) !== intended;
    if (turned) forget(context, draft);
    follow(context, draft, decision);
    if (turned) return; // later rules are about a transition that will not happen
  }
}

/** The type of the state that will be written after a decision about the intended type; null for none. */
function outcomeOf(decision: Decision, intended: StateType): StateType | null {
  switch (decision.kind) {
    case 'accept':
    case 'rename':
    case 'amend':
      return intended;
    case 'reject':
      return decision.state?.type ?? null;
    case 'wait':
    case 'abort':
      return null;
  }
}

/** Drops the consequences of earlier rules, which belong to a transition that will not happen. */
function forget<Run extends RunColumns, Context extends TransitionContext<Run>>(
  context: Context,
  draft: Draft<Context>,
): void {
  Object.assign(draft.change.run, context.run);
  draft.patch = {};
  draft.closing = undefined;
  draft.effects = [];
}

function follow<Context extends TransitionContext<RunColumns>>(
  context: Context,
  draft: Draft<Context>,
  decision: Decision,
): void {
  take(draft, decision);
  switch (decision.kind) {
    case 'accept':
      return;
    case 'rename':
      draft.change.proposed.name = decision.name;
      return;
    case 'amend':
      Object.assign(draft.change.proposed.state_details, decision.details);
      return;
    case 'reject':
      draft.status = 'REJECT';
      draft.details = { type: 'reject_details', reason: decision.reason };
      if (decision.state === null) draft.willWrite = false;
      else draft.change.proposed = newState(context, decision.state);
      return;
    case 'wait':
      draft.status = 'WAIT';
      draft.details = { type: 'wait_details', delay_seconds: decision.seconds, reason: decision.reason };
      draft.willWrite = false;
      return;
    case 'abort':
      draft.status = 'ABORT';
      draft.details = { type: 'abort_details', reason: decision.reason };
      draft.willWrite = false;
      return;
  }
}

function take(draft: Draft<TransitionContext<RunColumns>>, consequences: Consequences): void {
  if (consequences.patch !== undefined) amendRun(draft, consequences.patch);
  if (consequences.closingPatch !== undefined)
    draft.closing = { ...draft.closing, ...consequences.closingPatch };
  if (consequences.effect !== undefined) draft.effects.push(consequences.effect);
}

function applyBookkeeping<Context extends TransitionContext<RunColumns>, Ports>(
  draft: Draft<Context>,
  policy: Policy<Change<Context>, Ports>,
  ports: Ports,
): void {
  const { change } = draft;
  for (const { patch, details, effect } of policy.bookkeeping) {
    const columns = patch?.(change);
    if (columns !== undefined) amendRun(draft, columns);
    const named = details?.(change);
    if (named !== undefined) Object.assign(change.proposed.state_details, named);
    if (effect !== undefined) draft.effects.push(() => effect(change, ports));
  }
}

function amendRun(draft: Draft<TransitionContext<RunColumns>>, columns: RunPatch): void {
  Object.assign(draft.change.run, columns);
  Object.assign(draft.patch, columns);
}

function newState(context: TransitionContext<RunColumns>, proposal: Proposal): RunState {
  return completeState(proposal, context.newId(), stateTimestamp(context.now, context.current));
}
