import type * as z from 'zod';
import { boolean, complain, float, integer, list, model, set, union } from '../wire/index.ts';
import { isFalsy } from '../wire/python.ts';

/** How a flow run is retried, and its pause. Omitted fields get their defaults. */
export const FlowRunPolicy = model(
  'FlowRunPolicy',
  {
    max_retries: integer().default(0).meta({ deprecated: true }),
    retry_delay_seconds: finiteFloat().default(0).meta({ deprecated: true }),
    retries: integer().nullable().default(null),
    retry_delay: integer().nullable().default(null),
    pause_keys: set()
      .nullable()
      .default(() => []),
    resuming: boolean().nullable().default(false),
  },
  { after: fillFromDeprecated },
);
export type FlowRunPolicy = z.output<typeof FlowRunPolicy>;
/** FlowRunPolicy as a client sends it. */
export type FlowRunPolicyInput = z.input<typeof FlowRunPolicy>;

/** The policy of a flow run that was created without one. */
export function defaultFlowRunPolicy(): FlowRunPolicy {
  return {
    max_retries: 0,
    retry_delay_seconds: 0,
    retries: null,
    retry_delay: null,
    pause_keys: [],
    resuming: false,
  };
}

/** How a task run is retried. Omitted fields get their defaults. */
export const TaskRunPolicy = model(
  'TaskRunPolicy',
  {
    max_retries: integer().default(0).meta({ deprecated: true }),
    retry_delay_seconds: finiteFloat().default(0).meta({ deprecated: true }),
    retries: integer().nullable().default(null),
    retry_delay: retryDelay().nullable().default(null),
    retry_jitter_factor: jitterFactor().nullable().default(null),
  },
  { after: fillFromDeprecated },
);
export type TaskRunPolicy = z.output<typeof TaskRunPolicy>;
/** TaskRunPolicy as a client sends it. */
export type TaskRunPolicyInput = z.input<typeof TaskRunPolicy>;

/** The policy of a task run that was created without one. */
export function defaultTaskRunPolicy(): TaskRunPolicy {
  return {
    max_retries: 0,
    retry_delay_seconds: 0,
    retries: null,
    retry_delay: null,
    retry_jitter_factor: null,
  };
}

/** `max_retries` and `retry_delay_seconds` are the old names of `retries` and `retry_delay`. */
function fillFromDeprecated(policy: Record<string, unknown>): void {
  if (isFalsy(policy.retries) && (policy.max_retries ?? 0) !== 0) policy.retries = policy.max_retries;
  if (isFalsy(policy.retry_delay) && (policy.retry_delay_seconds ?? 0) !== 0) {
    policy.retry_delay = policy.retry_delay_seconds;
  }
}

/**
 * A number that JSON can represent: infinities and NaN, also as strings, could not be read again after they are
 * stored.
 */
function finiteFloat() {
  return float().check((number) => {
    if (!Number.isFinite(number.value)) complain(number, 'type_error.float', 'value is not a valid float');
  });
}

const mostDelays = 50;

/** Seconds between attempts: one number for all, or one for each. */
function retryDelay() {
  return union([integer(), list(integer())]).check((delay) => {
    if (!Array.isArray(delay.value) || delay.value.length <= mostDelays) return;
    complain(delay, 'value_error', `Can not configure more than ${mostDelays} retry delays per task.`);
  });
}

function jitterFactor() {
  return finiteFloat().check((factor) => {
    if (factor.value < 0) complain(factor, 'value_error', '`retry_jitter_factor` must be >= 0.');
  });
}
