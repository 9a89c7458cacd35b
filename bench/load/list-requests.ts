import type { Dialect } from '../subjects/databases.ts';
import type { ManyRuns } from './many-runs.ts';

/** A request about many runs, and the bare statement that answers the same question. */
export type ListRequest = {
  label: string;
  /** POST by default. */
  method?: 'GET';
  path: string;
  body: object;
  /** The statement for each dialect; omitted if one statement cannot answer the request. */
  raw?: Record<Dialect, string>;
};

/** The requests that are timed, about the rows of `loadManyRuns`. */
export function listRequests(many: ManyRuns): ListRequest[] {
  const day = 86_400;
  const since = many.first.replace('T', ' ').slice(0, 19);
  const until = many.last.replace('T', ' ').slice(0, 19);
  const middle = moment(many, 0.5);
  const filter = (label: string, body: object, where: string | Record<Dialect, string>, tail = '') =>
    listOf(`filter 200: ${label}`, { limit: 200, ...body }, where, tail);
  const count = (label: string, body: object, where: string) => ({
    label: `count: ${label}`,
    path: '/api/flow_runs/count',
    body,
    raw: both(`SELECT count(*) FROM flow_run ${where}`),
  });
  const completed = { flow_runs: { state: { type: { any_: ['COMPLETED'] } } } };
  const oneFlow = { flows: { name: { any_: ['many-7'] } } };
  const ofOneFlow = "WHERE flow_id = (SELECT id FROM flow WHERE name = 'many-7')";
  return [
    { ...filter('nothing found', { limit: 0 }, 'WHERE false'), label: 'nothing found' },
    filter('all', {}, ''),
    filter('by start', { sort: 'START_TIME_DESC' }, '', 'coalesce(start_time, expected_start_time)'),
    filter('by state', completed, "WHERE state_type = 'COMPLETED'"),
    filter(
      'by rare state',
      { flow_runs: { state: { type: { any_: ['RUNNING'] } } } },
      "WHERE state_type = 'RUNNING'",
    ),
    filter('by tag', { flow_runs: { tags: { all_: ['tenth'] } } }, hasTag('tenth')),
    filter('by rare tag', { flow_runs: { tags: { all_: ['rare'] } } }, hasTag('rare')),
    filter('by flow name', oneFlow, ofOneFlow),
    filter(
      'by time',
      { flow_runs: { expected_start_time: { after_: `${middle.replace(' ', 'T')}Z` } } },
      `WHERE expected_start_time >= '${middle}'`,
    ),
    filter('offset 20,000', { offset: 20_000 }, '', 'id DESC LIMIT 200 OFFSET 20000'),
    count('all', {}, ''),
    count('by state', completed, "WHERE state_type = 'COMPLETED'"),
    count('by flow', oneFlow, ofOneFlow),
    {
      label: 'history of 30 days by day',
      path: '/api/flow_runs/history',
      body: { history_start: many.first, history_end: many.last, history_interval_seconds: day },
      raw: {
        sqlite: `SELECT (unixepoch(expected_start_time) - unixepoch('${since}')) / ${day} AS bar, state_type, state_name,
            count(*), sum(unixepoch(total_run_time)), sum(max(0, unixepoch(start_time) - unixepoch(expected_start_time)))
          FROM flow_run WHERE expected_start_time >= '${since}' AND expected_start_time < '${until}' GROUP BY 1, 2, 3`,
        postgres: `SELECT floor(extract(epoch FROM expected_start_time - '${since}') / ${day}) AS bar, state_type, state_name,
            count(*), sum(total_run_time), sum(greatest(start_time - expected_start_time, interval '0'))
          FROM flow_run WHERE expected_start_time >= '${since}' AND expected_start_time < '${until}' GROUP BY 1, 2, 3`,
      },
    },
  ];
}

function listOf(
  label: string,
  body: object,
  where: string | Record<Dialect, string>,
  tail: string,
): ListRequest {
  const spelled = typeof where === 'string' ? both(where) : where;
  const order = tail === '' ? 'id DESC' : tail;
  const end = order.includes('LIMIT')
    ? order
    : `${order.includes('DESC') ? order : `${order} DESC`} LIMIT 200`;
  const text = (condition: string) => `SELECT * FROM flow_run ${condition} ORDER BY ${end}`;
  return {
    label,
    path: '/api/flow_runs/filter',
    body,
    raw: { sqlite: text(spelled.sqlite), postgres: text(spelled.postgres) },
  };
}

/** The bare statement searches for the tag in the text before it parses JSON. */
function hasTag(tag: string): Record<Dialect, string> {
  return {
    sqlite: `WHERE instr(tags, '"${tag}"') > 0 AND EXISTS (SELECT 1 FROM json_each(tags) WHERE value = '${tag}')`,
    postgres: `WHERE tags ? '${tag}'`,
  };
}

function both(text: string): Record<Dialect, string> {
  return { sqlite: text, postgres: text };
}

function moment({ first, last }: ManyRuns, share: number): string {
  const from = Date.parse(first);
  const at = new Date(from + (Date.parse(last) - from) * share).toISOString();
  return at.replace('T', ' ').slice(0, 19);
}
