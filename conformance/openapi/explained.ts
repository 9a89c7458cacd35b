import type { Difference } from './compare.ts';

/** A deliberate difference, identified by its location and text, with the reason. */
export type Explanation = { where: RegExp; what: RegExp; reason: string };

/** All deliberate differences. Those that a client can notice have their line in docs/differences-from-prefect.md. */
const explanations: readonly Explanation[] = [
  {
    where: /^GET \/ready$/,
    what: /^absent, ours there$/,
    reason: 'An operation that only our server has.',
  },
  {
    where:
      /^(FlowCreate\.name|StateCreate\.type|FlowRunCreate\.flow_id|TaskRunCreate\.(flow_run_id|task_key|dynamic_key)|FlowRunNotificationPolicyCreate\.block_document_id|DeploymentCreate\.(name|flow_id)|SavedSearchCreate\.name|LogCreate\.(name|level|message|timestamp|flow_run_id)|ConcurrencyLimitCreate\.(tag|concurrency_limit)|BlockTypeCreate\.(name|slug)|WorkPoolCreate\.name|WorkQueueCreate\.name)$/,
    what: /^optional, ours required$/,
    reason:
      'Fields without which an object cannot be created are required; the reference answers 409 or 500.',
  },
  {
    where: /^PATCH \/deployments\/\{id\} path id$/,
    what: /^format not said, ours format "uuid"$/,
    reason: 'An invalid id is answered with 422; the reference answers 500.',
  },
  {
    where: /^\w+\.(state_details|empirical_policy|pause_keys|data|fields|capabilities)$/,
    what: /^default not said, ours default [[{]/,
    reason:
      'The reference has the same default, but does not publish those that it computes for each request.',
  },
  {
    where: /^(Interval|RRule)Schedule\.timezone$/,
    what: /^default not said, ours default "UTC"$/,
    reason: 'The reference fills it in after reading, and so does not publish it.',
  },
  {
    where: /^(POST|PUT) \S+ 20[01]$/,
    what: /^absent, ours there$/,
    reason:
      'The status shows whether an object was created (201) or found (200); the reference only publishes one of them.',
  },
  {
    where: /^[A-Z]+ \S+ (400|404|409)$/,
    what: /^absent, ours there$/,
    reason: 'The reference also refuses requests this way, but does not publish it; it answers 500 to a few.',
  },
  {
    where:
      /^(POST \/block_types\/|DELETE \/block_(types|schemas)\/\{id\}|(POST|PATCH|DELETE) \/work_pools\/(\{name\})?) 403$/,
    what: /^absent, ours there$/,
    reason: 'The reference refuses reserved names and protected objects this way, but does not publish it.',
  },
  {
    where: /^POST \/admin\/database\/(clear|drop|create) 403$/,
    what: /^absent, ours there$/,
    reason: 'These routes can be disabled.',
  },
  {
    where: /^[A-Z]+ \S+ 422$/,
    what: /^type "object", ours type one of several$/,
    reason: 'Some values are only refused by the database, with one sentence.',
  },
  {
    where: /^HTTPValidationError/,
    what: /^(there, ours absent|0 options, ours 2 options)$/,
    reason:
      'The reference publishes the 422 body of its framework, but answers with another one, which ours publishes.',
  },
  {
    where:
      /^(POST \/block_types\/install_system_block_types|GET \/(block_capabilities\/|admin\/settings|admin\/version|hello)) 422$/,
    what: /^there, ours absent$/,
    reason: 'Nothing of these requests is validated, so they never get this answer.',
  },
  {
    where:
      /^(GET \/(health|version|hello)|POST \/deployments\/\{id\}\/(schedule|set_schedule_(active|inactive))|POST \/block_types\/install_system_block_types|DELETE \/concurrency_limits\/(tag\/\{tag\}|\{id\})|POST \/concurrency_limits\/tag\/\{tag\}\/reset) 200$|^POST \/logs\/ 201$|^Settings\.PREFECT_TEST_SETTING$/,
    what: /^type not said, ours type "(boolean|string|null)"$/,
    reason: 'The reference publishes no type; its answers have this one.',
  },
];

/** The unexplained differences, and the unused explanations. */
export function explain(differences: readonly Difference[]): {
  unexplained: Difference[];
  unused: Explanation[];
} {
  const used = new Set<Explanation>();
  const unexplained = differences.filter(({ where, what }) => {
    const fitting = explanations.filter((one) => one.where.test(where) && one.what.test(what));
    for (const one of fitting) used.add(one);
    return fitting.length === 0;
  });
  return { unexplained, unused: explanations.filter((one) => !used.has(one)) };
}
