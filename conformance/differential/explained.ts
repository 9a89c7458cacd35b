import type { Answer, LogicalRequest } from './client.ts';
import { hasEnded } from './compare.ts';
import { isObject, type Json, jsonText, member } from './json.ts';

/** A request with both answers. */
export type Exchange = {
  resource: string;
  request: LogicalRequest;
  reference: Answer;
  ours: Answer;
  /** How many flow runs are Cancelling at the time. */
  cancelling: number;
};

/** A deliberate difference. Each has its line in docs/differences-from-prefect.md. */
export type Explanation = {
  reason: string;
  /** Whether the answers of an exchange differ for this reason. */
  explains(exchange: Exchange): boolean;
};

/** Routes for which the reference answers 500 about some existing objects, where ours succeeds. */
const answeredByOurs: readonly (readonly [string, RegExp])[] = [
  ['A run can be created in a state that has data.', /^\/(flow_runs|task_runs)\/$|\/create_flow_run$/],
  ['The graph of a run omits inputs that are not task runs.', /\/graph$/],
  [
    'A run with a start time and no expected one has a lateness of 0.',
    /^\/(ui\/)?flow_runs\/(filter|history)$|^\/flow_runs\/⟦/,
  ],
  ['A plot has at most 1,000 points, also if the limit is negative.', /^\/ui\/flow_runs\/history$/],
  ['Secrets that are numbers, booleans or objects are masked.', /^\/block_(documents|types)\//],
  ['A job template can omit `required`.', /^\/deployments\//],
];

/** All deliberate differences. */
export const explanations: readonly Explanation[] = [
  {
    reason:
      'Cancelling runs hold a slot of their queue and of their pool, unless they were never pending, so a poll may return fewer runs, or more.',
    explains: ({ request, reference, ours, cancelling }) => {
      const missing = (count(reference.json) ?? 0) - (count(ours.json) ?? 0);
      const mayBeMore = /\/get_runs$/.test(request.path);
      const isPoll = mayBeMore || /\/get_scheduled_flow_runs$/.test(request.path);
      return isPoll && (missing > 0 || mayBeMore) && missing !== 0 && Math.abs(missing) <= cancelling;
    },
  },
  {
    reason: 'An unclaimed run of a work queue is cancelled immediately.',
    explains: ({ request, reference, ours }) =>
      isCancellation(request) &&
      stateType(reference) === 'CANCELLING' &&
      stateType(ours) === 'CANCELLED' &&
      /"reason":"The run has no process to stop and was cancelled at once\."/.test(ours.text),
  },
  {
    reason: 'Cancelling such a run again is answered as for a cancelling run.',
    explains: ({ request, reference, ours }) =>
      isCancellation(request) &&
      stateType(reference) === 'CANCELLED' &&
      stateType(ours) === 'CANCELLED' &&
      /"reason":"This run has already terminated\."/.test(reference.text) &&
      ours.text.includes(`"reason":"${cancellingReason}"`),
  },
  {
    reason: 'A cancelling run of a work queue is cancelled when its process proposes a final state.',
    explains: ({ request, reference, ours }) =>
      request.path.endsWith('/set_state') &&
      stateType(reference) === 'CANCELLING' &&
      stateType(ours) === 'CANCELLED' &&
      [reference, ours].every(({ text }) => text.includes(`"reason":"${cancellingReason}"`)),
  },
  {
    reason: 'A run that waits for a retry in its own process is not handed out and cannot be claimed.',
    explains: ({ request, reference, ours }) => {
      if (request.path.endsWith('/set_state')) {
        return ours.text.includes('"reason":"The run waits for its retry in its own process;');
      }
      if (!/\/get_(runs|scheduled_flow_runs)$/.test(request.path)) return false;
      const handed = new Set(items(ours.json).map(runName));
      const missing = items(reference.json).filter((run) => !handed.has(runName(run)));
      return missing.length > 0 && missing.some((run) => runOf(run).state_name === 'AwaitingRetry');
    },
  },
  {
    reason: 'The reference answers 500 although the request is invalid; ours answers with a 4xx.',
    explains: ({ reference, ours }) => reference.status === 500 && ours.status >= 400 && ours.status < 500,
  },
  ...answeredByOurs.map(([reason, route]) => ({
    reason,
    explains: ({ request, reference, ours }: Exchange) =>
      reference.status === 500 && ours.status < 300 && route.test(request.path.replace(/\?.*/, '')),
  })),
  {
    reason: 'Fields without which an object cannot be created are required.',
    explains: ({ reference, ours }) =>
      [409, 422].includes(reference.status) &&
      ours.status === 422 &&
      complaints(ours).includes('"value_error.missing"'),
  },
  {
    reason: 'A block type with the name of an older one, but another slug, is answered with the older one.',
    explains: ({ request, reference, ours }) =>
      request.path === '/block_types/' &&
      reference.status === 201 &&
      ours.status === 201 &&
      jsonText(member(reference.json, 'slug') ?? null) !== jsonText(member(ours.json, 'slug') ?? null),
  },
  {
    reason:
      'A history that ends where it starts has one bar, as in Prefect on SQLite; on Postgres it has none in Prefect.',
    explains: ({ request, reference, ours }) =>
      request.path.endsWith('_runs/history') && count(reference.json) === 0 && count(ours.json) === 1,
  },
  {
    reason:
      'Queues without a filter are found for a deployment, as in Prefect on SQLite; on Postgres Prefect finds none.',
    explains: ({ request, reference, ours }) =>
      request.path.endsWith('/work_queue_check') && (count(reference.json) ?? 0) < (count(ours.json) ?? 0),
  },
  {
    reason:
      'A run that ends without having started has an end time, so its position in a list by end time differs.',
    explains: ({ request, reference, ours }) =>
      /^\/(flow|task)_runs\/filter$/.test(request.path) &&
      /"sort":"END_TIME_DESC"/.test(JSON.stringify(request.body ?? null)) &&
      [reference.json, ours.json].flatMap(items).some(isUnstartedEnd),
  },
  {
    reason: 'The probes answer HEAD, which load balancers send.',
    explains: ({ request, reference, ours }) =>
      request.method === 'HEAD' &&
      request.path === '/health' &&
      reference.status === 405 &&
      ours.status === 200,
  },
  {
    reason:
      'A value is masked if it is secret in any current or former schema of its document, or in that of an outer or nested document.',
    explains: ({ request, reference, ours }) =>
      /^\/block_(documents|types)\//.test(request.path) &&
      isMaskedMore(blockDocuments(reference.json), blockDocuments(ours.json), isPage(request)),
  },
  {
    reason: 'A claim that would exceed the concurrency limit of a work queue or pool is aborted.',
    explains: ({ request, ours }) =>
      request.path.endsWith('/set_state') &&
      /"reason":"The concurrency limit of \d+ on work (queue|pool) /.test(jsonText(ours.json ?? null)),
  },
];

/** The names and the data of the block documents in an answer. */
function blockDocuments(json: Json | undefined): Json[] {
  return (Array.isArray(json) ? json : [json]).map((document) => [
    withoutId(member(document, 'name') ?? null),
    member(document, 'data') ?? null,
  ]);
}

/** Anonymous documents have a name that each server generates. */
function withoutId(name: Json): Json {
  return typeof name === 'string' ? name.replace(/^anonymous-[\da-f-]{36}$/, 'anonymous') : name;
}

/** Whether a list may have different rows on the two servers: rows with the same name are in any order. */
function isPage({ body }: LogicalRequest): boolean {
  return /"(?:limit|offset)"/.test(JSON.stringify(body ?? null));
}

/** Whether both have the same documents, except at the cut of a page, and ours has some more masks. */
function isMaskedMore(theirs: readonly Json[], own: readonly Json[], page: boolean): boolean {
  const left = [...theirs];
  let differ = false;
  for (const document of own) {
    const same = left.findIndex((other) => jsonText(other) === jsonText(document));
    const place = same === -1 ? left.findIndex((other) => isSameButMasked(other, document)) : same;
    if (place === -1 && !page) return false;
    if (place === -1) continue;
    differ ||= same === -1;
    left.splice(place, 1);
  }
  return differ && (page || left.length === 0);
}

/**
 * Whether two values differ only in that ours has masks instead of other values, or that the other has stored a mask that was
 * sent to a schema that no longer lists the secret.
 */
function isSameButMasked(theirs: Json | undefined, own: Json | undefined): boolean {
  if (own === '********' || theirs === '********') return true;
  if (Array.isArray(theirs) && Array.isArray(own)) {
    return theirs.length === own.length && own.every((item, place) => isSameButMasked(theirs[place], item));
  }
  if (!isObject(theirs) || !isObject(own)) return jsonText(theirs ?? null) === jsonText(own ?? null);
  const names = Object.keys(own);
  return (
    names.length === Object.keys(theirs).length &&
    names.every((name) => isSameButMasked(theirs[name], own[name]))
  );
}

/** The types of the errors of a 422, as JSON text. */
function complaints({ json }: Answer): string {
  const details = member(json, 'exception_detail');
  return Array.isArray(details)
    ? details.map((detail) => jsonText(member(detail, 'type') ?? null)).join()
    : '';
}

const cancellingReason = 'Cannot transition flows that are cancelling to a state other than Cancelled.';

function isCancellation({ path, body }: LogicalRequest): boolean {
  return path.endsWith('/set_state') && /"type":"CANCELLING"/.test(JSON.stringify(body ?? null));
}

/** The type of the state that a proposal was answered with. */
function stateType({ json }: Answer): Json | undefined {
  return member(member(json, 'state'), 'type');
}

/** The run in an item of a poll's answer. */
function runOf(item: { [key: string]: Json }): { [key: string]: Json } {
  return isObject(item.flow_run) ? item.flow_run : item;
}

function runName(item: { [key: string]: Json }): string {
  return jsonText(runOf(item).name ?? null);
}

/** The objects of a list. */
function items(json: Json | undefined): { [key: string]: Json }[] {
  return Array.isArray(json) ? json.filter(isObject) : [];
}

function isUnstartedEnd(run: { [key: string]: Json }): boolean {
  return run.start_time === null && hasEnded(run);
}

function count(json: Json | undefined): number | undefined {
  return Array.isArray(json) ? json.length : undefined;
}
