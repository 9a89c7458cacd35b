import type { Delivery } from '../delivery.ts';
import { appName, lookOf, postJson, type SendInput } from '../sender.ts';

/** Sends to a Slack channel through an incoming webhook, with one request for each channel; null is the webhook's own. */
export function sendToSlack(
  { fields, message, seconds }: SendInput,
  url: string,
  channels: readonly (string | null)[] = [null],
): Delivery[] {
  const look = lookOf(fields);
  const image = look.image(72);
  const attachment = {
    title: escaped(message.subject),
    text: withLinks(escaped(message.body.trimEnd())),
    color: look.color,
    ts: seconds,
    ...(image === null ? {} : { footer_icon: image }),
    footer: appName,
  };
  const payload = {
    username: appName,
    mrkdwn: true,
    attachments: [attachment],
    ...(image === null ? {} : { icon_url: image }),
  };
  return channels.map((channel) =>
    postJson(url, channel === null ? payload : { ...payload, channel }, {
      accept: 'application/json',
      'content-type': 'application/json; charset=utf-8',
    }),
  );
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => entities[character] ?? character);
}

const link =
  /(?:&lt;)?[ \t]*((?:https?|mailto):\/\/[^| \n]+)(?:[ \t]*\|[ \t]*(?:([^\n]+?)[ \t]*)?&gt;|&gt;)/gi;

/** Slack's links, `<url>` and `<url|text>`, stay links. */
function withLinks(text: string): string {
  return text.replaceAll(link, (_, url: string, description: string | undefined) => {
    const target = url.replaceAll('&amp;', '&');
    return description === undefined ? `<${target}>` : `<${target}|${description.trim()}>`;
  });
}
