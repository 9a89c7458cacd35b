import { UnusableBlockError } from '../block-fields.ts';
import type { MailDelivery, MailServer } from '../delivery.ts';
import { patience, type Sender } from '../sender.ts';

const ports = { tls: 465, starttls: 587, none: 25 };

const securities: ReadonlyMap<string, MailServer['security']> = new Map([
  ['SSL', 'tls'],
  ['STARTTLS', 'starttls'],
  ['INSECURE', 'none'],
]);

/**
 * Sends an e-mail to all `to_addresses` through `smtp_server`; `smtp_type` is `SSL` (the default), `STARTTLS` or `INSECURE`.
 * Without a `from_address`, the user name at the server is the sender.
 */
export const sendByEmail: Sender = ({ fields, message }) => {
  const security = securities.get((fields.optional('smtp_type') ?? 'SSL').toUpperCase());
  if (security === undefined) throw new UnusableBlockError('smtp_type must be SSL, STARTTLS or INSECURE');
  const user = fields.optional('username');
  const to = fields.texts('to_addresses').flatMap(addresses);
  const from = fields.optional('from_address') ?? user;
  if (to.length === 0 || !from) throw new UnusableBlockError('the block has no sender or no recipients');
  const server: MailServer = {
    host: fields.text('smtp_server'),
    port: fields.number('smtp_port', ports[security]),
    security,
    verify: fields.flag('verify', true),
    user,
    password: fields.optional('password'),
    timeout: patience,
  };
  return [mail(server, { from, to }, message)];
};

/** An e-mail with a message. */
export function mail(
  server: MailServer,
  { from, to }: { from: string; to: readonly string[] },
  message: { subject: string; body: string },
): MailDelivery {
  return { kind: 'mail', server, from, to, subject: message.subject, text: message.body.trim() };
}

/** The default port for e-mail with this kind of security. */
export function usualPort(security: MailServer['security']): number {
  return ports[security];
}

function addresses(text: string): string[] {
  return text
    .split(/[,;]/)
    .map((address) => address.trim())
    .filter((address) => address !== '');
}
