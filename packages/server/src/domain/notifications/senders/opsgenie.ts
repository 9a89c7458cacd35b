import type { BlockFields } from '../block-fields.ts';
import { appName, lookOf, postJson, type Sender } from '../sender.ts';

const hosts = { us: 'https://api.opsgenie.com', eu: 'https://api.eu.opsgenie.com' };

/** The maximum number of responders in one request. */
const batchSize = 50;

type Responder = { type: string; id?: string; name?: string; username?: string };

/** Creates an alert in Opsgenie: one for all responders together (`batch`), or one for each. */
export const sendToOpsgenie: Sender = ({ fields, message }) => {
  const look = lookOf(fields);
  const tags = fields.texts('tags');
  const entity = fields.optional('entity');
  const alias = fields.optional('alias');
  const alert = {
    source: appName,
    message: message.subject,
    description: message.body.trimEnd(),
    details: { type: look.kind, ...fields.mapping('details') },
    priority: priorityOf(fields.optional('priority')),
    ...(tags.length === 0 ? {} : { tags }),
    ...(entity ? { entity } : {}),
    ...(alias ? { alias } : {}),
  };
  const host = fields.optional('region_name') === 'eu' ? hosts.eu : hosts.us;
  const headers = { authorization: `GenieKey ${fields.text('apikey')}` };
  const post = (value: unknown) => postJson(`${host}/v2/alerts`, value, headers);
  const responders = respondersOf(fields);
  if (responders.length === 0) return [post(alert)];
  const size = fields.flag('batch', false) ? batchSize : 1;
  const starts = Array.from({ length: Math.ceil(responders.length / size) }, (_, number) => number * size);
  return starts.map((start) => post({ ...alert, responders: responders.slice(start, start + size) }));
};

/** The first letters of the levels, the lowest first. */
const levels = 'lmnhe';

/** `5`, `p5` or `emergency`; anything else is normal. */
function priorityOf(text: string | null): string {
  const [, digit] = /^p?([1-5])/i.exec(text ?? '') ?? [];
  if (digit !== undefined) return `P${digit}`;
  const level = levels.indexOf(text?.[0]?.toLowerCase() ?? ' ') + 1;
  return `P${level === 0 ? 3 : level}`;
}

function respondersOf(fields: BlockFields): Responder[] {
  const named = (type: string, key: 'name' | 'username') =>
    fields.texts(`target_${type}`).map((name) => (isId(name) ? { type, id: name } : { type, [key]: name }));
  return [
    ...named('user', 'username'),
    ...named('team', 'name'),
    ...named('schedule', 'name'),
    ...named('escalation', 'name'),
  ];
}

function isId(name: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(name);
}
