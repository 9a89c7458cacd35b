import type * as z from 'zod';
import { quoted } from './python.ts';
import { readText } from './scalars.ts';
import { complain, type Report, refuseNull, wireType } from './type.ts';

const longest = 2083;
const lastPort = 65_535;

/** The parts of an address. It matches every text, if only its beginning or nothing of it. */
const address = new RegExp(
  [
    /(?:(?<scheme>[a-z][a-z0-9+\-.]+):\/\/)?/,
    /(?:(?<user>[^\s:/]*)(?::(?<password>[^\s/]*))?@)?/,
    /(?:(?<ipv4>(?:\d{1,3}\.){3}\d{1,3})(?=$|[/:#?])|(?<ipv6>\[[A-F0-9]*:[A-F0-9:]+\])(?=$|[/:#?])|(?<domain>[^\s/:?#]+))?/,
    /(?::(?<port>\d+))?/,
    /(?<path>\/[^\s?#]*)?/,
    /(?:\?(?<query>[^\s#]*))?/,
    /(?:#(?<fragment>[^\s#]*))?/,
  ]
    .map((part) => part.source)
    .join(''),
  'iuy',
);

/** A domain in ASCII, with its last label apart where that is made of letters. */
const asciiDomain =
  /^(?:[_0-9a-z](?:[-_0-9a-z]{0,61}[_0-9a-z])?\.)*?[_0-9a-z](?:[-_0-9a-z]{0,61}[_0-9a-z])?(?<top>\.[a-z]{2,63})?\.?$/iu;
/** A domain in any script. */
const anyDomain =
  /^(?:[_0-9a-z\u{7b}-\u{40000}](?:[-_0-9a-z\u{7b}-\u{40000}]{0,61}[_0-9a-z\u{7b}-\u{40000}])?\.)*?[_0-9a-z\u{7b}-\u{40000}](?:[-_0-9a-z\u{7b}-\u{40000}]{0,61}[_0-9a-z\u{7b}-\u{40000}])?(?<top>\.\p{L}{2,63}|\.xn--[_0-9a-z-]{2,63})?\.?$/iu;

/**
 * The address of a web page. White space around it is dropped; a host in another script than ASCII is read in its
 * encoded form, everything else stays as it was written.
 */
export function httpUrl(): z.ZodType<string> {
  return wireType(
    (value, report) => {
      if (value === null) return refuseNull(report);
      const read = readText(value, report)?.trim();
      return read === undefined || !lengthFits(read, report) ? undefined : readUrl(read, report);
    },
    { type: 'string', format: 'uri', minLength: 1, maxLength: longest },
  );
}

function lengthFits(url: string, report: Report): boolean {
  const { length } = [...url];
  if (length > 0 && length <= longest) return true;
  const [word, rule, limit] = length === 0 ? ['least', 'min', 1] : ['most', 'max', longest];
  complain(
    report,
    `value_error.any_str.${rule}_length`,
    `ensure this value has at ${word} ${limit} characters`,
    { limit_value: limit },
  );
  return false;
}

type Parts = Readonly<Record<string, string | undefined>>;

function readUrl(url: string, report: Report): string | undefined {
  address.lastIndex = 0;
  const match = address.exec(url);
  const parts: Parts = match?.groups ?? {};
  const { scheme, port } = parts;
  if (scheme === undefined) {
    return complain(report, 'value_error.url.scheme', 'invalid or missing URL scheme');
  }
  if (!/^https?$/i.test(scheme)) {
    return complain(report, 'value_error.url.scheme', 'URL scheme not permitted', {
      allowed_schemes: ['http', 'https'],
    });
  }
  if (Number(port ?? 0) > lastPort) {
    return complain(report, 'value_error.url.port', 'URL port invalid, port cannot exceed 65535');
  }
  const extra = url.slice(match?.[0].length);
  if (extra !== '') {
    const message = `URL invalid, extra characters found after valid URL: ${quoted(extra)}`;
    return complain(report, 'value_error.url.extra', message, { extra });
  }
  return readHost(url, parts, report);
}

function readHost(url: string, parts: Parts, report: Report): string | undefined {
  if (parts.domain === undefined) {
    if (parts.ipv4 !== undefined || parts.ipv6 !== undefined) return url;
    return complain(report, 'value_error.url.host', 'URL host invalid');
  }
  const ascii = asciiDomain.exec(parts.domain);
  if (ascii?.groups?.top !== undefined) return url;
  const found = anyDomain.exec(parts.domain);
  if (found === null) return complain(report, 'value_error.url.host', 'URL host invalid');
  if (found.groups?.top === undefined) {
    return complain(report, 'value_error.url.host', 'URL host invalid, top level domain required');
  }
  return withEncodedHost(parts, parts.domain);
}

function withEncodedHost(parts: Parts, domain: string): string {
  const { scheme = '', user, password, port, path, query, fragment } = parts;
  const secret = password ? `:${password}` : '';
  const usual = scheme === 'http' ? '80' : '443';
  return [
    `${scheme}://`,
    user || secret ? `${user ?? ''}${secret}@` : '',
    encodedHost(domain),
    port === undefined || port === usual ? '' : `:${port}`,
    path ?? '',
    query ? `?${query}` : '',
    fragment ? `#${fragment}` : '',
  ].join('');
}

function encodedHost(domain: string): string {
  const url = `http://${domain}`;
  return URL.canParse(url) ? new URL(url).hostname : domain;
}
