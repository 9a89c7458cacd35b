import {
  type FlowRunPolicy,
  storedFloat,
  storedInteger,
  storedJson,
  type TaskRunPolicy,
} from '@mintaka/contract';

/**
 * A run's policy for its column. Values that are floats in the reference are written as such (`0.0`); its delay is in whole
 * seconds, even if it was sent under the older name, which allows fractions.
 */
export function storedPolicy(policy: FlowRunPolicy | TaskRunPolicy): string {
  const { retries, retry_delay } = policy;
  const stored = {
    ...policy,
    max_retries: storedInteger(policy.max_retries),
    retries: typeof retries === 'number' ? storedInteger(retries) : retries,
    retry_delay_seconds: storedFloat(policy.retry_delay_seconds),
    retry_delay: typeof retry_delay === 'number' ? storedInteger(Math.trunc(retry_delay)) : retry_delay,
  };
  if (!('retry_jitter_factor' in policy) || policy.retry_jitter_factor === null) return storedJson(stored);
  return storedJson({ ...stored, retry_jitter_factor: storedFloat(policy.retry_jitter_factor) });
}
