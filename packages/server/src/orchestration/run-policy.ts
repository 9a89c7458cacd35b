import { isRawJson, type JsonObject, type JsonText, type JsonValue, jsonText } from '@mintaka/contract';

/** The retry settings in a run's `empirical_policy`, including those of older releases. */
export type RetryPolicy = {
  /** How often a failed run is retried; null means never. */
  retries: number | null;
  /** Seconds between tries; in a list one for each try, the last one repeats. */
  delay: number | readonly number[];
  /** How much a delay may vary, as a fraction of it; 0 means not at all. */
  jitter: number;
};

/** Reads the retry settings of a flow run's or task run's policy. */
export function retryPolicy(policy: JsonText): RetryPolicy {
  const settings = asObject(policy);
  const retries = retriesOf(settings);
  const delay = delayOf(settings);
  return {
    retries: retries === null ? null : number(retries),
    delay: Array.isArray(delay) ? delay.map(number) : number(delay),
    jitter: number(settings.retry_jitter_factor),
  };
}

/** Whether a flow run's policy marks it as resuming from a pause. */
export function isResuming(policy: JsonText): boolean {
  return asObject(policy).resuming === true;
}

/** The keys of the pauses that a flow run has already made. */
export function pauseKeys(policy: JsonText): readonly string[] {
  const keys = asObject(policy).pause_keys;
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
}

/** A flow run's policy with other pause bookkeeping, all its fields filled in, in the order in which they are stored. */
export function withPauses(
  policy: JsonText,
  pauses: { resuming?: boolean; pause_keys?: readonly string[] },
): JsonText {
  const settings = asObject(policy);
  return jsonText({
    max_retries: settings.max_retries ?? 0,
    retry_delay_seconds: asFloat(settings.retry_delay_seconds),
    retries: retriesOf(settings),
    retry_delay: delayOf(settings),
    pause_keys: [...(pauses.pause_keys ?? pauseKeys(policy))],
    resuming: pauses.resuming ?? isResuming(policy),
  });
}

function retriesOf(settings: JsonObject): JsonValue {
  return isZero(settings.retries) && !isZero(settings.max_retries)
    ? (settings.max_retries ?? null)
    : (settings.retries ?? null);
}

function delayOf(settings: JsonObject): JsonValue {
  const delay = settings.retry_delay ?? null;
  const unset = Array.isArray(delay) ? delay.length === 0 : isZero(delay);
  return unset && !isZero(settings.retry_delay_seconds) ? (settings.retry_delay_seconds ?? null) : delay;
}

/** A number as Python writes a float: with a fraction even if it is an integer. */
function asFloat(value: JsonValue | undefined): JsonValue {
  if (isRawJson(value)) return value;
  const plain = number(value);
  return Number.isInteger(plain) ? JSON.rawJSON(`${plain}.0`) : plain;
}

function isZero(value: JsonValue | undefined): boolean {
  return number(value) === 0;
}

function number(value: JsonValue | undefined): number {
  if (typeof value === 'number') return value;
  return isRawJson(value) ? Number(value.rawJSON) : 0;
}

function asObject(policy: JsonText): JsonObject {
  const value = policy.parseExactly();
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJson(value)
    ? value
    : {};
}
