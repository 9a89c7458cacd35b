import { UnusableBlockError } from '../block-fields.ts';
import { appName, basicAuthorization, patience, type Sender, titledBody } from '../sender.ts';

/** Sends a text message to each phone number through Twilio; without a plausible number, to the sender itself. */
export const sendToTwilio: Sender = ({ fields, message }) => {
  const account = fields.text('account_sid');
  const from = senderNumber(fields.text('from_phone_number'));
  const targets = fields.texts('to_phone_numbers').flatMap(phoneNumbers);
  if (targets.length === 0 && !from.startsWith('+')) {
    throw new UnusableBlockError('the block has no phone number to send to');
  }
  return (targets.length === 0 ? [from] : targets).map((to) => ({
    kind: 'http',
    method: 'POST',
    url: `https://api.twilio.com/2010-04-01/Accounts/${encodeURIComponent(account)}/Messages.json`,
    headers: {
      'user-agent': appName,
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      authorization: basicAuthorization(account, fields.text('auth_token')),
    },
    body: new URLSearchParams({ Body: titledBody(message), From: from, To: to }).toString(),
    timeout: patience,
  }));
};

/** A phone number, or a short code of five or six digits. */
function senderNumber(text: string): string {
  const digits = text.replaceAll(/\D/g, '');
  if (digits.length >= 11 && digits.length <= 14) return `+${digits}`;
  if (digits.length === 5 || digits.length === 6) return digits;
  throw new UnusableBlockError('from_phone_number is not a phone number');
}

function phoneNumbers(text: string): string[] {
  return text
    .split(/[,;]/)
    .map((part) => part.replaceAll(/\D/g, ''))
    .filter((digits) => digits.length >= 10 && digits.length <= 14)
    .map((digits) => `+${digits}`);
}
