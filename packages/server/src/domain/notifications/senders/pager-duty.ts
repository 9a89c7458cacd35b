import { appName, lookOf, postJson, type Sender, titledBody } from '../sender.ts';

const hosts = { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' };

const severities: ReadonlyMap<string, string> = new Map([
  ['info', 'info'],
  ['success', 'info'],
  ['warning', 'warning'],
  ['failure', 'critical'],
]);

/** Raises an event in PagerDuty, through its Events API v2. */
export const sendToPagerDuty: Sender = ({ fields, message }) => {
  const look = lookOf(fields, 'info');
  const image = fields.flag('include_image', true) ? look.image(128) : null;
  const group = fields.optional('group');
  const classId = fields.optional('class_id');
  const link = fields.optional('clickable_url');
  const details = fields.mapping('custom_details');
  const event = {
    routing_key: fields.text('integration_key'),
    payload: {
      summary: titledBody(message),
      severity: severities.get(look.kind) ?? 'info',
      source: fields.optional('source') || 'Apprise',
      component: fields.optional('component') || 'Notification',
      ...(group ? { group } : {}),
      ...(classId ? { class: classId } : {}),
      ...(Object.keys(details).length === 0 ? {} : { custom_details: details }),
    },
    client: appName,
    event_action: 'trigger',
    ...(link ? { links: [{ href: link }] } : {}),
    ...(image === null ? {} : { images: [{ src: image, alt: look.kind }] }),
  };
  const host = fields.optional('region_name') === 'eu' ? hosts.eu : hosts.us;
  const headers = { authorization: `Token token=${fields.text('api_key')}` };
  return [postJson(`${host}/v2/enqueue`, event, headers)];
};
