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

  constructor(message: string, options: { unreachable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'DeliveryError';
    this.unreachable = options.unreachable;
  }
}

/** Makes one delivery. @throws DeliveryError */
export async function deliver(outside: Outside, delivery: Delivery): Promise<void> {
  switch (delivery.kind) {
    case 'http':
      return deliverByHttp(outside, delivery);
    case 'mail':
      return outside.mail(delivery).catch((error: unknown) => {
        throw unanswered(`${delivery.server.host}:${delivery.server.port}`, error);
      });
  }
}

async function deliverByHttp(outside: Outside, delivery: HttpDelivery): Promise<void> {
  const place = hostOf(delivery.url);
  const outcome = await outside.request(delivery).catch((error: unknown) => {
    throw unanswered(place, error);
  });
  if (outcome.status >= 200 && outcome.status < 300) return;
  throw new DeliveryError(`${place} answered ${outcome.status}: ${outcome.text}`, {
    unreachable: outcome.status >= 500,
  });
}

function unanswered(place: string, error: unknown): DeliveryError {
  const reason = error instanceof Error ? reasonOf(error) : String(error);
  return new DeliveryError(`${place} did not take it: ${reason}`, { unreachable: true, cause: error });
}

/** `fetch failed` says little; what it was caused by says more. */
function reasonOf(error: Error): string {
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}

/** The rest of a URL is often a secret, so the log has its host alone. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'a URL that is none';
}
