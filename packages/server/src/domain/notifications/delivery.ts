import type { Redact } from '../../redact.ts';

/** A request that carries a message to a service. */
export type HttpDelivery = {
  kind: 'http';
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Undefined if the request has no body. */
  body: string | undefined;
  /** The timeout of the service, in seconds. */
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

/** The server that accepts e-mail. */
export type MailServer = {
  host: string;
  port: number;
  /** Encrypted from the start, after negotiation, or not at all. */
  security: 'tls' | 'starttls' | 'none';
  /** Whether its certificate must be a good one. */
  verify: boolean;
  /** Null if it requires no user name. */
  user: string | null;
  password: string | null;
  /** The timeout, in seconds. */
  timeout: number;
};

/** One request or e-mail; a notification consists of one or several deliveries. */
export type Delivery = HttpDelivery | MailDelivery;

/** The answer of a service. */
export type HttpOutcome = { status: number; text: string };

/** Access to other services; created in `services/`, so that tests can redirect it. */
export type Outside = {
  /** Sends a request. Rejects if no answer arrives in time. */
  request(delivery: HttpDelivery): Promise<HttpOutcome>;
  /** Submits an e-mail. Rejects if the server does not accept it in time. */
  mail(delivery: MailDelivery): Promise<void>;
};

/** A message was not delivered; the error's message gives the reason, for the log. */
export class DeliveryError extends Error {
  /** Whether the service did not respond at all, so that other deliveries to it would fail too. */
  readonly unreachable: boolean;

  constructor(message: string, options: { unreachable: boolean }) {
    super(message);
    this.name = 'DeliveryError';
    this.unreachable = options.unreachable;
  }
}

/** A delivery that cannot be sent as it is; the message gives the reason without values, for the log. */
export class InvalidDeliveryError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidDeliveryError';
  }
}

/**
 * Sends one delivery.
 * @param redact hides the secrets of its block in messages about it
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

/** The error itself is omitted: its properties and causes contain the URL, the headers or the password. */
function unanswered(place: string, error: unknown, redact: Redact): DeliveryError {
  return new DeliveryError(`${place} rejected it: ${redact(reasonOf(error))}`, { unreachable: true });
}

/** Errors with a code come from the network or a service. Others may be about the request, and repeat its content. */
function reasonOf(error: unknown): string {
  if (error instanceof InvalidDeliveryError) return error.message;
  if (!(error instanceof Error)) return 'an unknown error';
  if (error.name === 'TimeoutError') return 'the request timed out';
  if (error.cause instanceof Error) return reasonOfCause(error.cause);
  return 'code' in error && typeof error.code === 'string' ? reasonOfCause(error) : `a ${error.name}`;
}

/** After several failed attempts to connect, the error has only a code. */
function reasonOfCause(error: Error): string {
  if (error.message !== '') return error.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** The rest of a URL is often a secret, so only its host is logged. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'a URL that is not valid';
}
