/** Any JSON object of the API. */
type Item = { [key: string]: unknown };

/** What a server stores about runs, as lines of text for a comparison. */
export type Snapshot = Map<string, string[]>;

/** Reads every flow run of a server: its states, its task runs, their states and its logs, by flow name. */
export async function takeSnapshot(server: { url: string }): Promise<Snapshot> {
  const flows = await readAll(server, 'flows', { sort: 'NAME_ASC' });
  const flowRuns = await readAll(server, 'flow_runs', { sort: 'EXPECTED_START_TIME_ASC' });
  const taskRuns = await readAll(server, 'task_runs', { sort: 'EXPECTED_START_TIME_ASC' });
  const naming = createNaming(flows, flowRuns, taskRuns);
  const snapshot: Snapshot = new Map();
  for (const flow of flows) {
    const lines: string[] = [`flow tags=${JSON.stringify(flow.tags)}`];
    for (const run of flowRuns.filter(({ flow_id: id }) => id === flow.id)) {
      lines.push(...(await describeFlowRun(server, run, naming)));
      const own = taskRuns.filter(({ flow_run_id: id }) => id === run.id).toSorted(byKey);
      for (const task of own) lines.push(...(await describeTaskRun(server, task, naming)));
      lines.push(...(await describeLogs(server, run, naming)));
    }
    snapshot.set(String(flow.name), lines);
  }
  return snapshot;
}

type Naming = (text: string) => string;

/** Names ids by what they belong to, and removes what varies between runs: times, paths, generated names. */
function createNaming(flows: Item[], flowRuns: Item[], taskRuns: Item[]): Naming {
  const names = new Map<string, string>();
  const generated: string[] = [];
  for (const flow of flows) names.set(String(flow.id), `flow ${flow.name}`);
  flowRuns.forEach((run) => {
    names.set(String(run.id), `run of ${names.get(String(run.flow_id))}`);
  });
  for (const { name } of [...flowRuns, ...taskRuns]) {
    if (/^[a-z]+-[a-z]+$/.test(String(name))) generated.push(String(name));
  }
  for (const task of taskRuns) names.set(String(task.id), `task run ${task.name}`);
  return (text) => {
    const named = text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
      return `⟦${names.get(id) ?? 'id'}⟧`;
    });
    return generated
      .reduce((current, name) => current.replaceAll(name, '⟦generated⟧'), named)
      .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)?/g, (time) =>
        time.startsWith('20') && Number(time.slice(2, 4)) > 24 ? '⟦now⟧' : time,
      )
      .replace(/(Created (?:sub)?flow run )'[a-z]+-[a-z]+'/g, "$1'⟦generated⟧'")
      .replace(/[0-9a-f]{32}/g, '⟦key⟧')
      .replace(/"pause_keys":\[([^\]]*)\]/g, (_, keys) => `"pause_keys":[${keys.split(',').toSorted()}]`)
      .replace(/0x[0-9a-f]+/g, '0x⟦address⟧')
      .replace(/\/[\w/.-]*mintaka-(client|results)-\w+/g, '/⟦folder⟧')
      .replace(/\/tmp\w+prefect\//g, '/⟦folder⟧/')
      .replace(/127\.0\.0\.1:\d+/g, '⟦server⟧')
      .replace(/[\w.-]+:\d{2,7}\b(?=")/g, '⟦process⟧')
      .replace(/(process|PID|pid) '?\d+'?/g, '$1 ⟦number⟧')
      .replace(/\d+\.\d+ (second|ms)/g, '⟦some⟧ $1')
      .replace(/for \d+ seconds|in \d+ seconds?/g, 'in ⟦some⟧ seconds');
  };
}

async function describeFlowRun(server: { url: string }, run: Item, naming: Naming): Promise<string[]> {
  const keys = [
    'name',
    'parameters',
    'tags',
    'flow_version',
    'context',
    'empirical_policy',
    'idempotency_key',
    'run_count',
    'state_type',
    'state_name',
    'auto_scheduled',
    'work_queue_name',
    'work_pool_name',
    'parent_task_run_id',
    'infrastructure_pid',
  ];
  const states = await get(server, `/flow_run_states/?flow_run_id=${run.id}`);
  return [naming(`flow run ${describe(run, keys)}`), ...describeStates(states, naming)];
}

async function describeTaskRun(server: { url: string }, task: Item, naming: Naming): Promise<string[]> {
  const keys = [
    'name',
    'task_key',
    'dynamic_key',
    'cache_key',
    'task_version',
    'empirical_policy',
    'tags',
    'task_inputs',
    'run_count',
    'flow_run_run_count',
    'state_type',
    'state_name',
  ];
  const states = await get(server, `/task_run_states/?task_run_id=${task.id}`);
  return [naming(`  task run ${describe(task, keys)}`), ...describeStates(states, naming)];
}

function describeStates(states: Item[], naming: Naming): string[] {
  return states.map((state) =>
    naming(`    state ${describe(state, ['type', 'name', 'message', 'data', 'state_details'])}`),
  );
}

/** Log lines by logger and task run in order; those of concurrent submissions sorted. */
async function describeLogs(server: { url: string }, run: Item, naming: Naming): Promise<string[]> {
  const logs = await readAll(server, 'logs', {
    sort: 'TIMESTAMP_ASC',
    logs: { flow_run_id: { any_: [run.id] } },
  });
  const byLogger = new Map<string, string[]>();
  for (const log of logs) {
    const racing = /^(Created|Submitted|Executing) (task|subflow) run/.test(String(log.message));
    const logger = naming(`${log.name} ${log.task_run_id ?? ''}${racing ? ' (submissions)' : ''}`);
    byLogger.set(logger, [...(byLogger.get(logger) ?? []), naming(`  log ${log.level} ${log.message}`)]);
  }
  return [...byLogger].toSorted().flatMap(([logger, lines]) => {
    const ordered = logger.endsWith('(submissions)') ? lines.toSorted() : lines;
    return ordered.map((line) => `${logger}${line}`);
  });
}

function describe(item: Item, keys: string[]): string {
  return keys.map((key) => `${key}=${JSON.stringify(item[key])}`).join(' ');
}

function byKey(left: Item, right: Item): number {
  const keys = [left, right].map(
    ({ task_key: task, dynamic_key: dynamic }) => `${task} ${String(dynamic).padStart(6)}`,
  );
  return (keys[0] ?? '') < (keys[1] ?? '') ? -1 : 1;
}

async function readAll(server: { url: string }, resource: string, body: Item): Promise<Item[]> {
  const found: Item[] = [];
  for (;;) {
    const page = await exchange(`${server.url}/api/${resource}/filter`, {
      ...body,
      limit: 200,
      offset: found.length,
    });
    found.push(...page);
    if (page.length < 200) return found;
  }
}

async function get(server: { url: string }, path: string): Promise<Item[]> {
  return exchange(`${server.url}/api${path}`);
}

async function exchange(url: string, body?: Item): Promise<Item[]> {
  const init =
    body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  const items: unknown = await answer.json();
  if (!Array.isArray(items)) throw new Error(`${url} answers no list.`);
  return items;
}
