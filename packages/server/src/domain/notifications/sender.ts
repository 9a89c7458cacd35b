import type { BlockFields } from './block-fields.ts';
import type { Delivery, HttpDelivery } from './delivery.ts';
import type { Message } from './message.ts';

/** The input of a sender: the block's fields, the message, and the current time in seconds since 1970. */
export type SendInput = { fields: BlockFields; message: Message; seconds: number };

/**
 * Converts a message to the deliveries that its block needs. It sends nothing itself.
 * @throws UnusableBlockError if the block lacks something that the service needs
 */
export type Sender = (input: SendInput) => Delivery[];

/** The name under which messages appear in the services. */
export const appName = 'Prefect Notifications';

const kinds = {
  info: '#3AA3E3',
  success: '#3AA337',
  warning: '#CACF29',
  failure: '#A32037',
} as const;

type Kind = keyof typeof kinds;

function isKind(text: string): text is Kind {
  return Object.hasOwn(kinds, text);
}

/** The message type that a block selects; `prefect_default` has neither colour nor image. */
export type Look = { kind: string; color: string | null; image(size: 72 | 128): string | null };

/** The appearance of a block's messages. */
export function lookOf(fields: BlockFields, otherwise = 'prefect_default'): Look {
  const kind = fields.optional('notify_type') ?? otherwise;
  if (!isKind(kind)) return { kind, color: null, image: () => null };
  const folder = 'https://github.com/caronc/apprise/raw/master/apprise/assets/themes/default';
  return { kind, color: kinds[kind], image: (size) => `${folder}/apprise-${kind}-${size}x${size}.png` };
}

/** For services without titles: both in one text. */
export function titledBody({ subject, body }: Message): string {
  return `${subject}\r\n${body.trimEnd()}`;
}

/** The timeout of a service, in seconds. */
export const patience = 10;

/** A request with a JSON body. */
export function postJson(url: string, value: unknown, headers: Record<string, string> = {}): HttpDelivery {
  return {
    kind: 'http',
    method: 'POST',
    url,
    headers: { 'user-agent': appName, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
    timeout: patience,
  };
}

/** The value of an `authorization` header with a name and a password. */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}

/** Moves user and password of the URL into a header, because `fetch` does not accept them in URLs. */
export function withCredentialsInHeader(delivery: Delivery): Delivery {
  const url = delivery.kind === 'http' ? URL.parse(delivery.url) : null;
  if (delivery.kind === 'mail' || url === null || (url.username === '' && url.password === '')) {
    return delivery;
  }
  const authorization = basicAuthorization(decoded(url.username), decoded(url.password));
  url.username = '';
  url.password = '';
  return { ...delivery, url: url.href, headers: { authorization, ...delivery.headers } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
