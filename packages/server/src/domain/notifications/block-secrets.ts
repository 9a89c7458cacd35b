import { isRawJson, type JsonObject, type JsonValue } from '@mintaka/contract';
import { type Redact, redactor } from '../../redact.ts';
import type { Delivery } from './delivery.ts';

/** Shorter parts of a value are ordinary words. */
const shortestPiece = 6;

/**
 * Redacts all values of a block, and everything that its deliveries derive from them, in log messages about them: answers and
 * errors of services repeat what they received. Hosts are shown, so that the log names the service that failed.
 */
export function blockRedactor(data: JsonObject, deliveries: readonly Delivery[]): Redact {
  const hosts = new Set(deliveries.flatMap(hostsOf));
  const values = [...textsIn(data), ...deliveries.flatMap(textsOf)];
  const pieces = values.flatMap(piecesOf).filter((piece) => piece.length >= shortestPiece);
  return redactor([...values, ...pieces].filter((text) => !hosts.has(text)));
}

function textsIn(data: JsonValue): string[] {
  const texts: string[] = [];
  const open = [data];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'number') texts.push(String(value));
    else if (isRawJson(value)) texts.push(value.rawJSON);
    else if (typeof value === 'object' && value !== null)
      for (const item of Object.values(value)) open.push(item);
  }
  return texts;
}

/** Headers that say nothing about the block. */
const ordinary: ReadonlySet<string> = new Set(['user-agent', 'content-type', 'accept']);

function textsOf(delivery: Delivery): string[] {
  if (delivery.kind === 'mail') return [];
  const headers = Object.entries(delivery.headers).filter(([name]) => !ordinary.has(name));
  return [delivery.url, ...headers.map(([, value]) => value)];
}

function hostsOf(delivery: Delivery): string[] {
  if (delivery.kind === 'mail') return [delivery.server.host, String(delivery.server.port)];
  const url = URL.parse(delivery.url);
  return url === null ? [] : [url.host, url.hostname, url.port];
}

/** The words of a URL, a header or a text, also decoded. */
function piecesOf(text: string): string[] {
  return text.split(/[\s/?#&=:;,@"']/).flatMap((piece) => [piece, decoded(piece)]);
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}
