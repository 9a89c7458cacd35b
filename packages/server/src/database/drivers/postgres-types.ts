import { JsonText } from '@mintaka/contract';
import pg from 'pg';
import { secondsOfPostgresInterval } from '../codecs/interval.ts';

/** Type numbers of Postgres' own catalogue (pg_type.oid). */
const oid = { int8: 20, json: 114, jsonb: 3802, timestamptz: 1184, interval: 1186, numeric: 1700 };

const decoders = new Map<number, (text: string) => unknown>([
  [oid.int8, Number],
  [oid.numeric, Number],
  [oid.json, jsonTextOf],
  [oid.jsonb, jsonTextOf],
  [oid.timestamptz, canonicalTimestamp],
  [oid.interval, secondsOfPostgresInterval],
]);

/** How rows of Postgres are decoded: to the forms that `tables.ts` declares. */
export const postgresTypes: pg.CustomTypesConfig = {
  getTypeParser: (id: number, format?: 'text' | 'binary') =>
    format === 'binary'
      ? pg.types.getTypeParser(id, format)
      : (decoders.get(id) ?? pg.types.getTypeParser(id, 'text')),
};

/** Converts `2026-11-24 08:26:44.6299+00`, the format of a session in UTC, to six digits and no zone. */
function canonicalTimestamp(text: string): string {
  const moment = text.slice(0, -3);
  return moment.length === 26 ? moment : moment.length === 19 ? `${moment}.000000` : moment.padEnd(26, '0');
}

function jsonTextOf(text: string): JsonText {
  return new JsonText(text);
}
