import { ascendingSearch } from '@mintaka/contract';
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

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const open = '&lt;';
const close = '&gt;';

/** Preserves Slack's links, `<url>` and `<url|text>`. Takes linear time. */
function withLinks(text: string): string {
  const readLink = linkReader(text);
  const pieces: string[] = [];
  let written = 0;
  let from = 0;
  for (const { index: start, 0: scheme } of text.matchAll(/(?:https?|mailto):\/\//gi)) {
    if (start < from) continue;
    const { link, end } = readLink(start, start + scheme.length);
    from = end;
    if (link === undefined) continue;
    pieces.push(text.slice(written, placeOfOpen(text, start, written)), link);
    written = end;
  }
  return pieces.join('') + text.slice(written);
}

/** The link at a scheme, or none; and the position after which others may follow. */
type LinkFound = { link: string | undefined; end: number };

/** Reads the links of a text in order. */
function linkReader(text: string): (start: number, afterScheme: number) => LinkFound {
  const nextClose = ascendingSearch(text, close);
  const nextLineBreak = ascendingSearch(text, '\n');
  const target = (start: number, end: number) => text.slice(start, end).replaceAll('&amp;', '&');
  return (start, afterScheme) => {
    const end = skip(text, afterScheme, (letter) => !' |\n'.includes(letter));
    const bar = skip(text, end, isBlank);
    if (text[bar] === '|' && end > afterScheme) {
      const from = skip(text, bar + 1, isBlank);
      const last = nextClose(from + 1);
      if (last < nextLineBreak(from)) {
        const link = `<${target(start, end)}|${text.slice(from, last).trim()}>`;
        return { link, end: last + close.length };
      }
      if (text.startsWith(close, from)) return { link: `<${target(start, end)}>`, end: from + close.length };
    }
    const last = text.slice(afterScheme, end).lastIndexOf(close);
    if (last < 1) return { link: undefined, end };
    return { link: `<${target(start, afterScheme + last)}>`, end: afterScheme + last + close.length };
  };
}

/** The position of the `<` before a link's scheme, or of the blanks before it; not before `from`. */
function placeOfOpen(text: string, scheme: number, from: number): number {
  let at = scheme;
  while (at > from && isBlank(text[at - 1] ?? '')) at -= 1;
  return at - open.length >= from && text.startsWith(open, at - open.length) ? at - open.length : at;
}

function skip(text: string, from: number, passes: (letter: string) => boolean): number {
  let at = from;
  while (at < text.length && passes(text[at] ?? '')) at += 1;
  return at;
}

function isBlank(letter: string): boolean {
  return letter === ' ' || letter === '\t';
}
