import { trimmed } from '@mintaka/contract';
import type { Delivery } from '../delivery.ts';
import { appName, lookOf, postJson, type Sender, type SendInput, titledBody } from '../sender.ts';

/** The address of a Mattermost webhook, and the appearance of messages. */
export type MattermostHook = {
  /** The server with its port and base path, without a trailing slash. */
  base: string;
  token: string;
  username: string | null;
  channels: readonly string[];
  withImage: boolean;
};

/** Sends to Mattermost through an incoming webhook, to its default channel or to each of the given ones. */
export const sendToMattermost: Sender = (input) => {
  const { fields } = input;
  const scheme = fields.flag('secure', false) ? 'https' : 'http';
  const path = trimmed(fields.optional('path') ?? '', '/');
  return sendToMattermostHook(input, {
    base: `${scheme}://${fields.text('hostname')}:${fields.number('port', 8065)}${path ? `/${path}` : ''}`,
    token: fields.text('token'),
    username: fields.optional('botname'),
    channels: fields.texts('channels'),
    withImage: fields.flag('include_image', false),
  });
};

/** The same, for a hook that was found elsewhere. */
export function sendToMattermostHook({ fields, message }: SendInput, hook: MattermostHook): Delivery[] {
  const payload = {
    text: titledBody(message),
    icon_url: hook.withImage ? lookOf(fields).image(72) : null,
    username: hook.username || appName,
  };
  const url = `${hook.base}/hooks/${encodeURIComponent(hook.token)}`;
  if (hook.channels.length === 0) return [postJson(url, payload)];
  return hook.channels.map((channel) => postJson(url, { ...payload, channel: channel.replace(/^#+/, '') }));
}
