import { UnusableBlockError } from '../block-fields.ts';
import type { Delivery } from '../delivery.ts';
import { basicAuthorization, lookOf, patience, postJson, type SendInput } from '../sender.ts';
import { mail, usualPort } from './email.ts';
import { sendToMattermostHook } from './mattermost.ts';
import { sendToSlack } from './slack.ts';
import { sendToTeams } from './teams.ts';

/**
 * Sends to the URL of a webhook block. Plain URLs get the block's own format (`native`); Apprise URLs select their own
 * service: `json(s)://`, `mmost(s)://`, `slack://`, `msteams://` and `mailto(s)://`.
 * @throws UnusableBlockError for any other URL
 */
export function sendByUrl(
  input: SendInput,
  native: (input: SendInput, url: string) => Delivery[],
): Delivery[] {
  const text = input.fields.text('url').trim();
  // Apprise has channels in its URLs: `#general` is no fragment there.
  const url = URL.parse(text.replaceAll('#', '%23'));
  if (url === null) throw new UnusableBlockError('the block has no valid URL');
  switch (url.protocol) {
    case 'http:':
    case 'https:':
      return native(input, text);
    case 'json:':
    case 'jsons:':
      return [sendAsJson(input, url)];
    case 'mmost:':
    case 'mmosts:':
      return sendToMattermostHook(input, mattermostHook(url));
    case 'slack:':
      return sendToSlackByTokens(input, url);
    case 'msteams:':
      return sendToTeams(input, teamsUrl(url));
    case 'mailto:':
    case 'mailtos:':
      return [sendAsMail(input, url)];
    default:
      throw new UnusableBlockError('the URL of the block has an unsupported scheme');
  }
}

function sendAsJson({ fields, message }: SendInput, url: URL): Delivery {
  const payload = {
    version: '1.0',
    title: message.subject,
    message: message.body.trimEnd(),
    attachments: [],
    type: lookOf(fields).kind,
  };
  const user = decodeURIComponent(url.username);
  const headers =
    user === '' ? {} : { authorization: basicAuthorization(user, decodeURIComponent(url.password)) };
  const scheme = url.protocol === 'jsons:' ? 'https' : 'http';
  return postJson(`${scheme}://${url.host}${url.pathname || '/'}`, payload, headers);
}

function mattermostHook(url: URL) {
  const path = segments(url);
  const token = path.pop();
  if (token === undefined) throw new UnusableBlockError('the URL of the block has no token');
  const base = `${url.protocol === 'mmosts:' ? 'https' : 'http'}://${url.hostname}:${url.port || '8065'}`;
  const channels = ['channel', 'channels', 'to'].flatMap((name) => list(url.searchParams.get(name)));
  return {
    base: [base, ...path].join('/'),
    token,
    username: decodeURIComponent(url.username) || null,
    channels,
    withImage: /^(?:y|t|1|on|e|\+)/i.test(url.searchParams.get('image') ?? 'yes'),
  };
}

function sendToSlackByTokens(input: SendInput, url: URL): Delivery[] {
  const [a, b, c, ...channels] = [url.host, ...segments(url)];
  if (a === '' || b === undefined || c === undefined) {
    throw new UnusableBlockError('the URL of the block has no Slack tokens');
  }
  const named = channels.map((name) =>
    /^[@#]/.test(name) ? name : name.startsWith('+') ? name.slice(1) : `#${name}`,
  );
  return sendToSlack(
    input,
    `https://hooks.slack.com/services/${a}/${b}/${c}`,
    named.length === 0 ? [null] : named,
  );
}

function teamsUrl(url: URL): string {
  const [a, b, c] = segments(url);
  if (a === undefined || b === undefined || c === undefined) {
    throw new UnusableBlockError('the URL of the block has no Microsoft Teams tokens');
  }
  return `https://${url.host}.webhook.office.com/webhookb2/${a}/IncomingWebhook/${b}/${c}`;
}

function sendAsMail({ message }: SendInput, url: URL): Delivery {
  const asked = url.searchParams;
  const encrypted = asked.get('mode') === 'ssl' ? 'tls' : 'starttls';
  const security = url.protocol === 'mailtos:' ? encrypted : 'none';
  const user = decodeURIComponent(asked.get('user') ?? url.username);
  const address = user.includes('@') ? user : `${user}@${url.hostname}`;
  const from = asked.get('from')?.includes('@') ? (asked.get('from') ?? address) : address;
  const to = [...list(asked.get('to')), ...segments(url)];
  const server = {
    host: asked.get('smtp') ?? url.hostname,
    port: Number(url.port) || usualPort(security),
    security,
    verify: asked.get('verify') !== 'no',
    user: user || null,
    password: decodeURIComponent(asked.get('pass') ?? url.password) || null,
    timeout: patience,
  } as const;
  return mail(server, { from, to: to.length === 0 ? [from] : to }, message);
}

function segments(url: URL): string[] {
  return url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
}

function list(text: string | null): string[] {
  return (text ?? '').split(/[,;\s]+/).filter((part) => part !== '');
}
