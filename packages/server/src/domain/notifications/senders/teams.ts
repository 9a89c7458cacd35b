import type { Delivery } from '../delivery.ts';
import { appName, lookOf, postJson, type SendInput } from '../sender.ts';

/** Sends to a Microsoft Teams channel through an incoming webhook. */
export function sendToTeams({ fields, message }: SendInput, url: string): Delivery[] {
  const look = lookOf(fields);
  const section = {
    activityImage: look.image(72),
    activityTitle: message.subject,
    text: message.body.trimEnd(),
  };
  return [
    postJson(url, {
      '@type': 'MessageCard',
      '@context': 'https://schema.org/extensions',
      summary: appName,
      themeColor: look.color,
      sections: [section],
    }),
  ];
}
