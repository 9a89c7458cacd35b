import type { Sendable } from '../json.ts';
import { choose, filterStep, type Resource, type Step, type Workshop } from '../resource.ts';
import { someTags, stateNames } from '../values.ts';

/** Notification policies; the rows that state changes queue for them are also compared. */
export const notificationPolicies: Resource = {
  name: 'notification-policies',
  weight: 0.7,
  step: (workshop) => {
    const { random, world } = workshop;
    const id = world.id('flow_run_notification_policy');
    const path = `/flow_run_notification_policies/${id}`;
    const body = () => Object.fromEntries(random.some(Object.entries(policyBody(workshop))));
    return choose(random, [
      [world.all('flow_run_notification_policy').length < 2 ? 10 : 1, () => create(workshop)],
      [2, () => ({ request: { method: 'GET', path } })],
      [2, () => ({ request: { method: 'PATCH', path, body: body() } })],
      [2, () => filterStep(workshop, '/flow_run_notification_policies/filter')],
      [0.5, () => ({ request: { method: 'DELETE', path }, learn: () => world.forget(id) })],
    ]);
  },
};

function create(workshop: Workshop): Step {
  const { world } = workshop;
  const body = policyBody(workshop);
  return {
    request: { method: 'POST', path: '/flow_run_notification_policies/', body },
    learn: (reference, ours) => {
      world.learn('flow_run_notification_policy', reference, ours);
    },
  };
}

function policyBody({ random, world }: Workshop): { [key: string]: Sendable } {
  return {
    ...(random.chance(0.4) ? { is_active: random.chance(0.6) } : {}),
    state_names: random.some(stateNames, 0.3),
    tags: random.chance(0.5) ? [] : someTags(random),
    block_document_id: world.id('block_document'),
    ...(random.chance(0.5)
      ? {
          message_template: random.pick([
            '{flow_run_name} ☃',
            '{unknown}',
            '{',
            '{0}',
            'plain',
            '{{x}}',
            '{flow_run_name!r:>10}',
            null,
          ]),
        }
      : {}),
  };
}
