import type * as z from 'zod';
import { quoted } from './python.ts';
import { readText } from './scalars.ts';
import { complain, type Report, wireType } from './type.ts';

const longestUrl = 2083;

const scheme = '(?:([a-z][a-z0-9+\\-.]+)://)?';
const user = '(?:[^\\s:/]*(?::[^\\s/]*)?@)?';
const address = '((?:\\d{1,3}\\.){3}\\d{1,3}(?=$|[/:#?])|\\[[A-F0-9]*:[A-F0-9:]+\\](?=$|[/:#?]))';
const rest = '(?:/[^\\s?#]*)?(?:\\?[^\\s#]*)?(?:#[^\\s#]*)?';
/** Groups: scheme, host as an address, host as a name, port. What it does not match to the end is refused. */
const url = new RegExp(`^${scheme}${user}(?:${address}|([^\\s/:?#]+))?(?::(\\d+))?${rest}`, 'i');

const label = '[_0-9a-z](?:[-_0-9a-z]{0,61}[_0-9a-z])?';
const hostName = new RegExp(`^(?:${label}\\.)*?${label}(\\.[a-z]{2,63})?\\.?$`, 'i');
const wideLabel = '[_0-9a-\\u{40000}](?:[-_0-9a-\\u{40000}]{0,61}[_0-9a-\\u{40000}])?';
const wideEnding = '(\\.\\p{L}{2,63}|\\.xn--[_0-9a-z-]{2,63})?\\.?';
const wideHostName = new RegExp(`^(?:${wideLabel}\\.)*?${wideLabel}${wideEnding}$`, 'iu');

/** An address on the web: http or https, with a host name that ends in a top level domain. */
export function httpUrl(): z.ZodType<string> {
  return wireType(
    (value, report) => {
      const read = readText(value, report)?.trim();
      return read === undefined || !lengthFits(read, report) ? undefined : readUrl(read, report);
    },
    { type: 'string', minLength: 1, maxLength: longestUrl, format: 'uri' },
  );
}

function lengthFits(value: string, report: Report): boolean {
  const length = [...value].length;
  if (length < 1) {
    const limit = { limit_value: 1 };
    complain(report, 'value_error.any_str.min_length', 'ensure this value has at least 1 characters', limit);
    return false;
  }
  if (length <= longestUrl) return true;
  const message = `ensure this value has at most ${longestUrl} characters`;
  complain(report, 'value_error.any_str.max_length', message, { limit_value: longestUrl });
  return false;
}

function readUrl(value: string, report: Report): string | undefined {
  const [matched = '', scheme, address, name, port] = url.exec(value) ?? [];
  if (scheme === undefined)
    return complain(report, 'value_error.url.scheme', 'invalid or missing URL scheme');
  if (!/^https?$/i.test(scheme)) {
    const ctx = { allowed_schemes: ['http', 'https'] };
    return complain(report, 'value_error.url.scheme', 'URL scheme not permitted', ctx);
  }
  if (port !== undefined && Number(port) > 65_535) {
    return complain(report, 'value_error.url.port', 'URL port invalid, port cannot exceed 65535');
  }
  if (matched.length !== value.length) {
    const extra = value.slice(matched.length);
    const message = `URL invalid, extra characters found after valid URL: ${quoted(extra)}`;
    return complain(report, 'value_error.url.extra', message, { extra });
  }
  if (address !== undefined) return value;
  return name === undefined ? refuseHost(report) : withKnownHost(value, name, report);
}

function withKnownHost(value: string, name: string, report: Report): string | undefined {
  const plain = hostName.exec(name);
  if (plain?.[1] !== undefined) return value;
  const wide = wideHostName.exec(name);
  if (wide === null) return refuseHost(report);
  if (wide[1] === undefined) {
    return complain(report, 'value_error.url.host', 'URL host invalid, top level domain required');
  }
  try {
    // The platform writes international names in their ASCII form, as they are stored.
    return value.replace(name, new URL(`http://${name}`).hostname);
  } catch {
    return refuseHost(report);
  }
}

function refuseHost(report: Report): undefined {
  return complain(report, 'value_error.url.host', 'URL host invalid');
}
