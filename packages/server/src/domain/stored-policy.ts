import { type FlowRunPolicy, storedFloat, storedJson, type TaskRunPolicy } from '@mintaka/contract';

/**
 * The policy of a new run as it is stored. Its delay is whole seconds, also where it came by the older name, which
 * allows fractions; a policy that is changed later keeps them, as in the reference.
 */
export function storedNewPolicy(policy: FlowRunPolicy | TaskRunPolicy): string {
  const { retry_delay } = policy;
  return storedPolicy(
    typeof retry_delay === 'number' ? { ...policy, retry_delay: Math.trunc(retry_delay) } : policy,
  );
}

/** A run's policy as it is stored: what is a fraction in the reference is written as one, `0.0`. */
export function storedPolicy(policy: FlowRunPolicy | TaskRunPolicy): string {
  const stored = { ...policy, retry_delay_seconds: storedFloat(policy.retry_delay_seconds) };
  if (!('retry_jitter_factor' in policy) || policy.retry_jitter_factor === null) return storedJson(stored);
  return storedJson({ ...stored, retry_jitter_factor: storedFloat(policy.retry_jitter_factor) });
}
