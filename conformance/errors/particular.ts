import type { Case } from './case.ts';
import type { Json, Operation } from './operations.ts';

type Request = [method: Operation['method'], path: string, body?: Json];

/** Refusals that only one operation has, each with a request that causes it. */
const refusals: readonly (readonly [what: string, request: Request])[] = [
  ['an unknown path', ['GET', '/no/such/path']],
  ['an unknown path, with a body', ['POST', '/flows/no/such/path', {}]],
  ['a method that no operation has', ['DELETE', '/admin/settings']],
  ['no run id', ['GET', '/flow_run_states/']],
  ['a run id that is not a UUID', ['GET', '/flow_run_states/?flow_run_id=x']],
  ['no run id', ['GET', '/task_run_states/']],
  ['an unknown run', ['GET', '/task_run_states/?task_run_id=⟨doomed taskRun⟩']],
  ['an invalid flag', ['GET', '/block_documents/⟨document⟩?include_secrets=perhaps']],
  ['an invalid flag', ['GET', '/block_types/slug/⟨blockSlug⟩/block_documents?include_secrets=2']],
  ['an unknown version', ['GET', '/block_schemas/checksum/⟨checksum⟩?version=none']],
  ['a reserved name', ['POST', '/work_pools/', { name: 'Prefect-pool' }]],
  ['a name that is taken', ['POST', '/work_pools/', { name: 'a-pool' }]],
  ['a name that is taken', ['POST', '/work_queues/', { name: 'a-queue' }]],
  ['a name that is taken', ['POST', '/work_pools/⟨pool⟩/queues', { name: 'a-pool-queue' }]],
  ['a name that is taken', ['POST', '/block_types/', { name: 'A Block', slug: 'a-block' }]],
  ['a name with a slash', ['POST', '/flows/', { name: 'a/b' }]],
  ['a name with a slash', ['POST', '/work_pools/', { name: 'a/b' }]],
  ['a name with a slash', ['POST', '/work_queues/', { name: 'a%b' }]],
  ['a name with capitals', ['POST', '/block_types/', { name: 'Good', slug: 'Bad Slug' }]],
  ['an empty name', ['POST', '/flows/', { name: '' }]],
  ['an empty name', ['POST', '/work_pools/', { name: '' }]],
  ['an empty name', ['POST', '/concurrency_limits/', { tag: '', concurrency_limit: 1 }]],
  ['an unknown flow', ['POST', '/flow_runs/', { flow_id: '⟨doomed flow⟩' }]],
  ['an unknown flow', ['POST', '/deployments/', { flow_id: '⟨doomed flow⟩', name: 'd' }]],
  [
    'an unknown flow run',
    ['POST', '/task_runs/', { flow_run_id: '⟨doomed flowRun⟩', task_key: 't', dynamic_key: '0' }],
  ],
  ['an unknown block type', ['POST', '/block_schemas/', { block_type_id: '⟨doomed blockType⟩', fields: {} }]],
  [
    'an unknown storage',
    ['POST', '/deployments/', { flow_id: '⟨flow⟩', name: 'd', storage_document_id: '⟨doomed document⟩' }],
  ],
  [
    'an unknown infrastructure',
    ['PATCH', '/deployments/⟨deployment⟩', { infrastructure_document_id: '⟨doomed document⟩' }],
  ],
  [
    'an unknown work pool',
    ['POST', '/deployments/', { flow_id: '⟨flow⟩', name: 'd', work_pool_name: 'no-such-pool' }],
  ],
  [
    'an unknown queue',
    ['POST', '/work_pools/⟨pool⟩/get_scheduled_flow_runs', { work_queue_names: ['none'] }],
  ],
  ['not confirmed', ['POST', '/admin/database/clear', {}]],
  ['not confirmed', ['POST', '/admin/database/drop', { confirm: false }]],
  ['not paused', ['POST', '/flow_runs/⟨flowRun⟩/resume']],
  ['a negative limit', ['POST', '/concurrency_limits/', { tag: 'x', concurrency_limit: -1 }]],
  ['a negative limit', ['POST', '/work_pools/', { name: 'negative', concurrency_limit: -1 }]],
  ['a priority of 0', ['POST', '/work_pools/⟨pool⟩/queues', { name: 'x', priority: 0 }]],
  ['the last queue', ['DELETE', '/work_pools/⟨pool⟩/queues/default']],
  ['an unknown operator', ['POST', '/flows/filter', { flows: { operator: 'xor_' } }]],
  ['an unknown order', ['POST', '/flow_runs/filter', { sort: 'BEST_FIRST' }]],
  ['a list as the order', ['POST', '/flow_runs/filter', { sort: ['NAME_ASC'] }]],
];

const set_state = (state: Json): Request => ['POST', '/flow_runs/⟨flowRun⟩/set_state', { state }];
const schedule = (value: Json): Request => ['PATCH', '/deployments/⟨deployment⟩', { schedule: value }];
const moments: readonly Json[] = [
  'yesterday',
  '2020-13-01',
  '2020-02-30T00:00:00Z',
  '2020-01-01T25:00:00Z',
  '2020-01-01T00:00:00+99:00',
  '',
  '0000-01-01',
  '10000-01-01',
  { year: 2020 },
  10 ** 20,
  -(10 ** 20),
  true,
];
const intervals: readonly Json[] = [0, -1, 'x', 10 ** 15, 0.5, 'PT', '1 fortnight', null, []];

/** Invalid date-times, durations and schedules. */
const times: readonly (readonly [what: string, request: Request])[] = [
  ...moments.flatMap((moment) => {
    const told = JSON.stringify(moment);
    return [
      [
        `the moment ${told}`,
        set_state({ type: 'SCHEDULED', state_details: { scheduled_time: moment } }),
      ] as const,
      [
        `the moment ${told}`,
        ['POST', '/flow_runs/filter', { flow_runs: { start_time: { after_: moment } } }] as Request,
      ] as const,
    ];
  }),
  ...intervals.flatMap((interval) => {
    const told = JSON.stringify(interval);
    const history = {
      history_start: '2020-01-01',
      history_end: '2020-01-02',
      history_interval_seconds: interval,
    };
    return [
      [`the span ${told}`, ['POST', '/flow_runs/history', history] as Request] as const,
      [`the span ${told}`, schedule({ interval })] as const,
    ];
  }),
  ...['* * * *', 'a b c d e', '61 * * * *', '0 0 31 2 *x', '@never', '', '* * * * * * *', 'R * * * *'].map(
    (cron) => [`the cron \`${cron}\``, schedule({ cron })] as const,
  ),
  ...['FREQ=NEVER', 'nonsense', '', 'FREQ=DAILY;BYHOUR=25', 'DTSTART:20200101', 'x'.repeat(7000)].map(
    (rrule) => [`the RRULE \`${rrule.slice(0, 20)}\``, schedule({ rrule })] as const,
  ),
  ...['Nowhere/City', '', 5, 'UTC+25'].map(
    (timezone) =>
      [`the time zone ${JSON.stringify(timezone)}`, schedule({ cron: '* * * * *', timezone })] as const,
  ),
  ['a schedule of two kinds', schedule({ cron: '* * * * *', interval: 60 })],
  ['a schedule of no kind', schedule({})],
  ['an unknown state type', set_state({ type: 'DONE' })],
  ['a state type in lower case', set_state({ type: 'running' })],
  ['a state without a type', set_state({ name: 'Running' })],
  ['a state that is a string', set_state('RUNNING')],
];

/** The particular cases of this list, in the form of all others. */
export const particularCases: readonly Case[] = [
  ...refusals.map(([detail, request]) => particular('refusals', detail, request)),
  ...times.map(([detail, request]) => particular('times and states', detail, request)),
];

function particular(resource: string, detail: string, [method, path, body]: Request): Case {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const operation: Operation = { resource, method, path };
  const headers = { 'content-type': 'application/json' };
  return { kind: 'particular', operation, detail, method, path, headers, ...sent };
}
