import type { FlowRunPolicy, JsonObject, JsonText, JsonValue, TaskRunPolicy } from '@mintaka/contract';
import { number, objectOf } from './values.ts';

/** A flow run's stored policy with all fields. */
export function flowRunPolicy(stored: JsonText): FlowRunPolicy {
  const policy = objectOf(stored);
  const { pause_keys, resuming } = policy;
  return {
    ...retries(policy),
    retry_delay: whole(policy.retry_delay) || wholeFormerDelay(policy) || whole(policy.retry_delay),
    pause_keys: Array.isArray(pause_keys) ? pause_keys : pause_keys === null ? null : [],
    resuming: resuming === null ? null : resuming === true,
  };
}

/** A task run's stored policy with all fields. */
export function taskRunPolicy(stored: JsonText): TaskRunPolicy {
  const policy = objectOf(stored);
  const { retry_delay } = policy;
  const delays = Array.isArray(retry_delay)
    ? retry_delay.map((delay) => whole(delay) ?? 0)
    : whole(retry_delay);
  const isSet = Array.isArray(delays) ? delays.length > 0 : Boolean(delays);
  return {
    ...retries(policy),
    retry_delay: isSet ? delays : wholeFormerDelay(policy) || delays,
    retry_jitter_factor: number(policy.retry_jitter_factor),
  };
}

function retries(policy: JsonObject) {
  const max_retries = number(policy.max_retries) ?? 0;
  const given = number(policy.retries);
  return {
    max_retries,
    retry_delay_seconds: formerDelay(policy),
    // The settings of older releases apply if the newer ones are not set.
    retries: given || max_retries || given,
  };
}

/** A delay without its fraction of a second: a change of a policy may store one, which answers leave out. */
function whole(stored: JsonValue | undefined): number | null {
  const delay = number(stored);
  return delay === null ? null : Math.trunc(delay);
}

function wholeFormerDelay(policy: JsonObject): number {
  return Math.trunc(formerDelay(policy));
}

function formerDelay(policy: JsonObject): number {
  return number(policy.retry_delay_seconds) ?? 0;
}
