import { type FlowRunPolicy, storedFloat, storedJson, type TaskRunPolicy } from '@mintaka/contract';

/** A run's policy as it is stored: with its delay as the fraction that it is in the reference, `0.0`. */
export function storedPolicy(policy: FlowRunPolicy | TaskRunPolicy): string {
  return storedJson({ ...policy, retry_delay_seconds: storedFloat(policy.retry_delay_seconds) });
}
