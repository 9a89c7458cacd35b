import {
  type JsonText,
  type JsonValue,
  NO_STATE_DETAILS,
  type RunStateDetails,
  storedJson,
  type Timestamp,
  timestamp,
  wireTimestamp,
} from '@mintaka/contract';
import { objectOrNullOf } from './values.ts';

/** A state's details for their column: JSON text with all fields, timestamps in the API's form. */
export function storedStateDetails(details: RunStateDetails): string {
  return storedJson(wireStateDetails(details));
}

/** A state's details with timestamps in the API's form, `YYYY-MM-DDTHH:MM:SS.ffffff+00:00`. */
function wireStateDetails(details: RunStateDetails): { [name in keyof RunStateDetails]: JsonValue } {
  return {
    flow_run_id: details.flow_run_id,
    task_run_id: details.task_run_id,
    child_flow_run_id: details.child_flow_run_id,
    scheduled_time: wireOrNull(details.scheduled_time),
    cache_key: details.cache_key,
    cache_expiration: wireOrNull(details.cache_expiration),
    untrackable_result: details.untrackable_result,
    pause_timeout: wireOrNull(details.pause_timeout),
    pause_reschedule: details.pause_reschedule,
    pause_key: details.pause_key,
    refresh_cache: details.refresh_cache,
  };
}

/** Stored details in the server's form; fields that an older release omitted get their default. */
export function stateDetailsFromJson(column: JsonText | null): RunStateDetails {
  const stored = objectOrNullOf(column);
  if (stored === null) return { ...NO_STATE_DETAILS };
  const field = (name: keyof RunStateDetails): JsonValue => stored[name] ?? null;
  return {
    flow_run_id: textOrNull(field('flow_run_id')),
    task_run_id: textOrNull(field('task_run_id')),
    child_flow_run_id: textOrNull(field('child_flow_run_id')),
    scheduled_time: momentOrNull(field('scheduled_time')),
    cache_key: textOrNull(field('cache_key')),
    cache_expiration: momentOrNull(field('cache_expiration')),
    untrackable_result: field('untrackable_result') === true,
    pause_timeout: momentOrNull(field('pause_timeout')),
    pause_reschedule: field('pause_reschedule') === true,
    pause_key: textOrNull(field('pause_key')),
    refresh_cache: booleanOrNull(field('refresh_cache')),
  };
}

function wireOrNull(moment: Timestamp | null): string | null {
  return moment === null ? null : wireTimestamp(moment);
}

function textOrNull(value: JsonValue): string | null {
  return typeof value === 'string' ? value : null;
}

function booleanOrNull(value: JsonValue): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

const inUtc = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:\+00:00|Z)$/;

/** A stored timestamp with any offset; null if it is not a timestamp. */
function momentOrNull(value: JsonValue): Timestamp | null {
  if (typeof value !== 'string') return null;
  const match = inUtc.exec(value);
  if (match !== null) return timestamp(`${match[1]} ${match[2]}.${(match[3] ?? '').padEnd(6, '0')}`);
  try {
    const text = Temporal.Instant.from(value).toString({ fractionalSecondDigits: 6 });
    return timestamp(`${text.slice(0, 10)} ${text.slice(11, 26)}`);
  } catch {
    return null;
  }
}
