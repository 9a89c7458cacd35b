import { MOST_URL_CHARACTERS } from '../limits.ts';
import { characterCount } from '../text-search.ts';
import { shownText } from './python.ts';
import { readText } from './scalars.ts';
import { complain, type Report, refuseNull, type WireType, wireType } from './type.ts';

const lastPort = 65_535;

/** The parts of a URL in order. Each is optional, so every text begins with a (possibly empty) URL. */
const addressParts: readonly RegExp[] = [
  /^(?<scheme>[a-z][a-z0-9+\-.]+):\/\//iu,
  /^(?<user>[^\s:/]*)(?::(?<password>[^\s/]*))?@/u,
  // The character after an IPv6 address is not part of it, but decides whether it is valid.
  /^(?:(?<ipv6>\[[A-F0-9]*:[A-F0-9:]+\])(?<next>$|[/:#?])|(?<domain>[^\s/:?#]+))/iu,
  /^:(?<port>\d+)/u,
  /^(?<path>\/[^\s?#]*)/u,
  /^\?(?<query>[^\s#]*)/u,
  /^#(?<fragment>[^\s#]*)/u,
];

const ipv4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;

/** The form of a domain's labels, and of the last one, the top level domain. */
type DomainForm = { label: RegExp; top: RegExp };

const asciiDomain: DomainForm = {
  label: /^[_0-9a-z](?:[-_0-9a-z]{0,61}[_0-9a-z])?$/iu,
  top: /^[a-z]{2,63}$/iu,
};
/** In any script. */
const anyDomain: DomainForm = {
  label: /^[_0-9a-z\u{7b}-\u{40000}](?:[-_0-9a-z\u{7b}-\u{40000}]{0,61}[_0-9a-z\u{7b}-\u{40000}])?$/iu,
  top: /^(?:\p{L}{2,63}|xn--[_0-9a-z-]{2,63})$/iu,
};

/**
 * The URL of a web page. White space around it is removed. A non-ASCII host is converted to its encoded form;
 * everything else is kept as written.
 */
export function httpUrl(): WireType<string> {
  return wireType(
    (value, report) => {
      if (value === null) return refuseNull(report);
      const read = readText(value, report)?.trim();
      return read === undefined || !lengthFits(read, report) ? undefined : readUrl(read, report);
    },
    { type: 'string', format: 'uri', minLength: 1, maxLength: MOST_URL_CHARACTERS },
  );
}

function lengthFits(url: string, report: Report): boolean {
  const length = characterCount(url);
  if (length > 0 && length <= MOST_URL_CHARACTERS) return true;
  const [word, rule, limit] = length === 0 ? ['least', 'min', 1] : ['most', 'max', MOST_URL_CHARACTERS];
  complain(
    report,
    `value_error.any_str.${rule}_length`,
    `ensure this value has at ${word} ${limit} characters`,
    { limit_value: limit },
  );
  return false;
}

type Parts = Readonly<Record<string, string | undefined>>;

/** Splits a text into the parts of a URL and the remaining text. */
function splitAddress(text: string): { parts: Parts; rest: string } {
  let rest = text;
  let parts: Parts = {};
  for (const form of addressParts) {
    const match = form.exec(rest);
    if (match === null) continue;
    parts = { ...parts, ...match.groups };
    rest = rest.slice(match[0].length - (match.groups?.next ?? '').length);
  }
  return { parts, rest };
}

function readUrl(url: string, report: Report): string | undefined {
  const { parts, rest: extra } = splitAddress(url);
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
  if (extra !== '') {
    const message = `URL invalid, extra characters found after valid URL: ${shownText(extra)}`;
    return complain(report, 'value_error.url.extra', message, { extra });
  }
  return readHost(url, parts, report);
}

function readHost(url: string, parts: Parts, report: Report): string | undefined {
  if (parts.domain === undefined) {
    if (parts.ipv6 !== undefined) return url;
    return complain(report, 'value_error.url.host', 'URL host invalid');
  }
  if (ipv4.test(parts.domain)) return url;
  if (judgeDomain(parts.domain, asciiDomain) === 'complete') return url;
  const found = judgeDomain(parts.domain, anyDomain);
  if (found === 'invalid') return complain(report, 'value_error.url.host', 'URL host invalid');
  if (found === 'without top level') {
    return complain(report, 'value_error.url.host', 'URL host invalid, top level domain required');
  }
  return withEncodedHost(parts, parts.domain);
}

/** Whether a domain has the form, and its last label that of a top level domain. */
function judgeDomain(
  domain: string,
  { label, top }: DomainForm,
): 'complete' | 'without top level' | 'invalid' {
  const labels = (domain.endsWith('.') ? domain.slice(0, -1) : domain).split('.');
  const last = labels.pop() ?? '';
  if (!labels.every((part) => label.test(part))) return 'invalid';
  if (labels.length > 0 && top.test(last)) return 'complete';
  return label.test(last) ? 'without top level' : 'invalid';
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
