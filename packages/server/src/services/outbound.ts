import {
  type HttpDelivery,
  type HttpOutcome,
  InvalidDeliveryError,
  type MailDelivery,
  type Outside,
} from '../domain/notifications/delivery.ts';

/** How much of an answer is kept for the log, in characters. */
const keptCharacters = 500;

/** Access to other services: requests with `fetch`, e-mail with SMTP. Tests can replace `fetch`. */
export function outsideWorld(fetcher: typeof fetch = fetch): Outside {
  return { request: (delivery) => request(fetcher, delivery), mail };
}

async function request(fetcher: typeof fetch, delivery: HttpDelivery): Promise<HttpOutcome> {
  const { url, method, headers, body, timeout } = delivery;
  if (!URL.canParse(url)) throw new InvalidDeliveryError('the URL is invalid');
  const answer = await fetcher(url, {
    method,
    headers: headersOf(headers),
    signal: AbortSignal.timeout(timeout * 1000),
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, text: await beginningOf(answer) };
}

function headersOf(given: HttpDelivery['headers']): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    try {
      headers.append(name, value);
    } catch {
      throw new InvalidDeliveryError('a header has an invalid name or value');
    }
  }
  return headers;
}

/** The body is read only for the log: if it breaks off, the status still counts. */
async function beginningOf(answer: Response): Promise<string> {
  let text = '';
  try {
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.length >= keptCharacters) break;
    }
  } catch {
    return text;
  }
  return text.slice(0, keptCharacters);
}

async function mail({ server, from, to, subject, text }: MailDelivery): Promise<void> {
  // Loaded when the first e-mail is sent: most servers never send one.
  const { createTransport } = await import('nodemailer');
  const { host, port, security, verify, user, password } = server;
  const milliseconds = server.timeout * 1000;
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { rejectUnauthorized: verify },
    connectionTimeout: milliseconds,
    greetingTimeout: milliseconds,
    socketTimeout: milliseconds,
    dnsTimeout: milliseconds,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
  });
  try {
    await transport.sendMail({ from, to: [...to], subject, text });
  } finally {
    transport.close();
  }
}
