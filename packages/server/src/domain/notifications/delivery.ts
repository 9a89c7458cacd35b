import type { Redact } from '../../redact.ts';

/** A request that carries a message to a service. */
export type HttpDelivery = {
  kind: 'http';
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Undefined where the request has none. */
  body: string | undefined;
  /** For how long the service may take, in seconds. */
  timeout: number;
};

/** A message by e-mail. */
export type MailDelivery = {
  kind: 'mail';
  server: MailServer;
  from: string;
  to: readonly string[];
  subject: string;
  text: string;
};

/** Where e-mail is handed in. */
export type MailServer = {
  host: string;
  port: number;
  /** Encrypted from the beginning, or once both have agreed on it, or not at all. */
  security: 'tls' | 'starttls' | 'none';
  /** Whether its certificate must be a good one. */
  verify: boolean;
  /** Null where it wants no name. */
  user: string | null;
  password: string | null;
  /** For how long it may take, in seconds. */
  timeout: number;
};

/** One step of telling somebody; a notification is one or several of them. */
export type Delivery = HttpDelivery | MailDelivery;

/** What a service answered. */
export type HttpOutcome = { status: number; text: string };

/** The way to the outside; made in `services/`, so that tests can lead it elsewhere. */
export type Outside = {
  /** Sends a request. Rejects where no answer comes in time. */
  request(delivery: HttpDelivery): Promise<HttpOutcome>;
  /** Hands in an e-mail. Rejects where the server does not take it in time. */
  mail(delivery: MailDelivery): Promise<void>;
};

/** A message was not delivered; the message tells why, for the log. */
export class DeliveryError extends Error {
  /** Whether nobody answered, so that others on the same way would not arrive either. */
  readonly unreachable: boolean;

  constructor(message: string, options: { unreachable: boolean }) {
    super(message);
    this.name = 'DeliveryError';
    this.unreachable = options.unreachable;
  }
}

/** A delivery that cannot be made as it is; the message tells why, names no value, and is for the log. */
export class InvalidDeliveryError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidDeliveryError';
  }
}

/**
 * Makes one delivery.
 * @param redact hides the secrets of its block in what others say about it
 * @throws DeliveryError
 */
export async function deliver(outside: Outside, delivery: Delivery, redact: Redact): Promise<void> {
  switch (delivery.kind) {
    case 'http':
      return deliverByHttp(outside, delivery, redact);
    case 'mail':
      return outside.mail(delivery).catch((error: unknown) => {
        throw unanswered(`${delivery.server.host}:${delivery.server.port}`, error, redact);
      });
  }
}

async function deliverByHttp(outside: Outside, delivery: HttpDelivery, redact: Redact): Promise<void> {
  const place = hostOf(delivery.url);
  const outcome = await outside.request(delivery).catch((error: unknown) => {
    throw unanswered(place, error, redact);
  });
  if (outcome.status >= 200 && outcome.status < 300) return;
  throw new DeliveryError(`${place} answered ${outcome.status}: ${redact(outcome.text)}`, {
    unreachable: outcome.status >= 500,
  });
}

/** The error itself is left out: its properties and causes have the URL, the headers or the password. */
function unanswered(place: string, error: unknown, redact: Redact): DeliveryError {
  return new DeliveryError(`${place} rejected it: ${redact(reasonOf(error))}`, { unreachable: true });
}

/** Errors with a code come from the network or a service. Others may be about the request, and repeat what is in it. */
function reasonOf(error: unknown): string {
  if (error instanceof InvalidDeliveryError) return error.message;
  if (!(error instanceof Error)) return 'an unknown error';
  if (error.name === 'TimeoutError') return 'the request timed out';
  if (error.cause instanceof Error) return reasonOfCause(error.cause);
  return 'code' in error && typeof error.code === 'string' ? reasonOfCause(error) : `a ${error.name}`;
}

/** Several attempts to connect fail with an error that has a code alone. */
function reasonOfCause(error: Error): string {
  if (error.message !== '') return error.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** The rest of a URL is often a secret, so the log has its host alone. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'a URL that is not valid';
}
