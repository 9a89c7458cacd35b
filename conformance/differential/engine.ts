import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, type LogicalRequest, send } from './client.ts';
import { type Comparison, compareAnswers, type Difference } from './compare.ts';
import { type Exchange, type Explanation, explanations } from './explained.ts';
import { createIdentities, type Side } from './identities.ts';
import { type Json, member } from './json.ts';
import { withoutLeftovers } from './leftovers.ts';
import { spoil } from './mutate.ts';
import { createRandom } from './random.ts';
import { listOrder, type Resource, type Step } from './resource.ts';
import { compareDatabases, type DatabasePair, type TableDifference } from './row-comparison.ts';
import { createBodyMaker, type OpenApi } from './schema.ts';
import { createTimes } from './times.ts';
import { resetNames } from './values.ts';
import { createWorld, type World } from './world.ts';

/** A run of the differential test. */
export type RunOptions = {
  servers: Record<Side, { url: string }>;
  databases: DatabasePair;
  resources: readonly Resource[];
  seed: number;
  requests: number;
  /** The share of requests that are deliberately invalid. */
  spoiled?: number;
  /** The number of requests between comparisons of rows; by default only at the end. */
  compareRowsEvery?: number;
  /** Called after each request. */
  progress?: (index: number, request: LogicalRequest, answers: Record<Side, Answer>) => void;
};

/** Answers that differ, and the locations. */
export type Finding = Exchange & {
  index: number;
  differences: Difference[];
  explanation?: Explanation | undefined;
};

/** The result of a run. */
export type RunResult = {
  /** Requests by resource. */
  counts: Map<string, number>;
  /** Answers of the reference by status. */
  statuses: Map<number, number>;
  findings: Finding[];
  /** Rows that differ, with the number of requests before them. */
  tables: (TableDifference & { index: number })[];
  /** Locations at which numbers and times differed only in their format. */
  forms: Set<string>;
};

/** Sends the requests of a seed to both servers and compares answers and rows. */
export async function runDifferential(options: RunOptions): Promise<RunResult> {
  resetNames();
  const random = createRandom(options.seed);
  const identities = createIdentities();
  const world = createWorld(random, identities);
  const bodies = createBodyMaker(await readOpenApi(options.servers.reference), world, random);
  const result: RunResult = {
    counts: new Map(),
    statuses: new Map(),
    findings: [],
    tables: [],
    forms: new Set(),
  };
  const comparison = { identities, times: createTimes(), forms: result.forms };
  const exchange = async (request: LogicalRequest): Promise<Record<Side, Answer>> => {
    const [reference, ours] = await Promise.all([
      send(request, options.servers.reference, 'reference', identities),
      send(request, options.servers.ours, 'ours', identities),
    ]);
    return { reference, ours };
  };
  const weights = options.resources.flatMap((resource) =>
    Array(Math.ceil(resource.weight * 10)).fill(resource),
  );
  for (let index = 0; index < options.requests; index += 1) {
    const resource: Resource = random.pick(weights);
    const step = maybeSpoil(resource.step({ random, world, bodies }), random.chance(options.spoiled ?? 0.12));
    const answers = await withoutLeftovers(
      step.request,
      identities.render(step.request.path, 'reference'),
      options.databases.reference,
      () => exchange(step.request),
    );
    if (step.settle !== undefined) await delay(step.settle);
    result.counts.set(resource.name, (result.counts.get(resource.name) ?? 0) + 1);
    result.statuses.set(answers.reference.status, (result.statuses.get(answers.reference.status) ?? 0) + 1);
    const differences = compareExchange(step, answers, comparison);
    if (differences.length > 0) {
      const cancelling = await countCancelling(options.servers.ours.url);
      const finding = {
        index,
        resource: resource.name,
        request: step.request,
        ...answers,
        cancelling,
        differences,
      };
      const explanation = explanations.find((entry) => entry.explains(finding));
      result.findings.push({ ...finding, explanation });
      await resynchronise(step.request, answers, world, options.servers, exchange);
    } else if (answers.reference.status < 300) {
      step.learn?.(answers.reference.json ?? null, answers.ours.json ?? null);
    }
    const every = options.compareRowsEvery ?? options.requests;
    if ((index + 1) % every === 0 || index + 1 === options.requests) {
      const tables = await compareDatabases(options.databases, comparison);
      result.tables.push(...tables.map((table) => ({ ...table, index })));
    }
    options.progress?.(index, step.request, answers);
  }
  return result;

  function maybeSpoil(step: Step, spoiled: boolean): Step {
    if (!spoiled) return step;
    const request = spoil(step.request, random);
    const same = request.method === step.request.method && request.path === step.request.path;
    if (same) return { ...step, request };
    return { request, ...(step.list === undefined ? {} : { list: step.list }) };
  }
}

async function readOpenApi(server: { url: string }): Promise<OpenApi> {
  const answer = await fetch(`${server.url}/api/openapi.json`);
  if (!answer.ok) throw new Error(`The reference does not describe its API: ${answer.status}`);
  return (await answer.json()) as OpenApi;
}

async function countCancelling(url: string): Promise<number> {
  const body = JSON.stringify({ flow_runs: { state: { type: { any_: ['CANCELLING'] } } } });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/flow_runs/count`, { method: 'POST', headers, body });
  return Number(await answer.text());
}

function compareExchange(
  step: Step,
  { reference, ours }: Record<Side, Answer>,
  comparison: Comparison,
): Difference[] {
  const found: Difference[] = [];
  if (reference.status !== ours.status) {
    return [{ path: 'status', reference: `${reference.status}`, ours: `${ours.status}` }];
  }
  for (const header of ['contentType', 'location'] as const) {
    if (reference[header] !== ours[header] && !hasId(reference[header])) {
      found.push({ path: header, reference: reference[header], ours: ours[header] });
    }
  }
  if (reference.json === undefined || ours.json === undefined) {
    if (reference.text !== ours.text)
      found.push({ path: 'text', reference: reference.text, ours: ours.text });
    return found;
  }
  const orderedTags = step.request.path === '/flow_runs/';
  const list = step.list === undefined ? undefined : listOrder(step.request, step.list.defaultSort);
  return [...found, ...compareAnswers(reference.json, ours.json, { ...comparison, list, orderedTags })];
}

function hasId(text: string): boolean {
  return /[0-9a-f]{8}-[0-9a-f]{4}-/.test(text);
}

/** After a difference, removes the objects of the request from both servers, so that later answers are comparable. */
async function resynchronise(
  request: LogicalRequest,
  answers: Record<Side, Answer>,
  world: World,
  servers: Record<Side, { url: string }>,
  exchange: (request: LogicalRequest) => Promise<unknown>,
): Promise<void> {
  const broken = answers.reference.status !== answers.ours.status;
  if ((request.method === 'GET' && !broken) || /\/(filter|count|history)/.test(request.path)) return;
  const [, thing, id] = /^(\/[a-z_]+\/(⟦\d+⟧))/.exec(request.path) ?? [];
  if (thing !== undefined && id !== undefined) {
    await exchange({ method: 'DELETE', path: thing });
    world.forget(id);
    return;
  }
  const collection = /^\/[a-z_]+\/?$/.exec(request.path)?.[0]?.replace(/\/?$/, '/');
  if (collection === undefined) return;
  for (const side of ['reference', 'ours'] as const) {
    const made = idOf(answers[side].json ?? null);
    if (made !== undefined) await fetch(`${servers[side].url}/api${collection}${made}`, { method: 'DELETE' });
  }
}

function idOf(answer: Json): string | undefined {
  const id = member(answer, 'id');
  return typeof id === 'string' ? id : undefined;
}
