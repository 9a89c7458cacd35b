import { UnusableBlockError } from '../block-fields.ts';
import type { Sender } from '../sender.ts';
import { sendByUrl } from './apprise-url.ts';
import { sendByEmail } from './email.ts';
import { sendToMattermost } from './mattermost.ts';
import { sendToOpsgenie } from './opsgenie.ts';
import { sendToPagerDuty } from './pager-duty.ts';
import { sendToSlack } from './slack.ts';
import { sendToTeams } from './teams.ts';
import { sendToTwilio } from './twilio.ts';
import { sendToCustomWebhook, sendToWebhook } from './webhook.ts';

/** The senders by the slug of the block type. */
const senders: ReadonlyMap<string, Sender> = new Map<string, Sender>([
  ['slack-webhook', (input) => sendByUrl(input, sendToSlack)],
  ['ms-teams-webhook', (input) => sendByUrl(input, sendToTeams)],
  ['pager-duty-webhook', sendToPagerDuty],
  ['twilio-sms', sendToTwilio],
  ['opsgenie-webhook', sendToOpsgenie],
  ['mattermost-webhook', sendToMattermost],
  ['webhook', sendToWebhook],
  ['custom-webhook', sendToCustomWebhook],
  ['email', sendByEmail],
]);

/** The sender for blocks of a type. @throws UnusableBlockError without one */
export function senderFor(slug: string): Sender {
  const sender = senders.get(slug);
  if (sender === undefined) throw new UnusableBlockError(`blocks of type ${slug} cannot send notifications`);
  return sender;
}
