import type { Row, TestDatabase } from '@mintaka/testing/databases';
import { type Comparison, canonicalText, isFinal } from './compare.ts';
import type { Side } from './identities.ts';

/** Rows of a table that only one of two databases has, in canonical text. */
export type TableDifference = { table: string; reference: string[]; ours: string[] };

/** The two databases behind two servers. */
export type DatabasePair = Record<Side, TestDatabase>;

/**
 * Compares every table of the reference, row by row, after naming ids and removing server-made times and number formats in
 * JSON.
 */
export async function compareDatabases(
  databases: DatabasePair,
  comparison: Comparison,
): Promise<TableDifference[]> {
  const found: TableDifference[] = [];
  const ours = new Set(await databases.ours.tables());
  for (const table of (await databases.reference.tables()).toSorted()) {
    if (!ours.has(table)) {
      found.push({ table, reference: ['(the table)'], ours: [] });
      continue;
    }
    const left = await canonicalRows(databases, table, 'reference', comparison);
    const right = await canonicalRows(databases, table, 'ours', comparison);
    const difference = { table, reference: without(left, right), ours: without(right, left) };
    if (difference.reference.length + difference.ours.length > 0) found.push(difference);
  }
  return found;
}

async function canonicalRows(databases: DatabasePair, table: string, side: Side, comparison: Comparison) {
  const rows = await databases[side].rows(table);
  return rows.map((row) => canonicalRow(row, side, comparison));
}

function canonicalRow(row: Row, side: Side, comparison: Comparison): string {
  const cells = Object.entries(withoutUnstartedEnd(withSortedTags(row))).toSorted(([left], [right]) =>
    left < right ? -1 : 1,
  );
  return cells
    .map(([column, value]) => `${column}=${canonicalCell(column, value, side, comparison)}`)
    .join(' | ');
}

/** A flow run's tags without their order: the reference joins a deployment's tags with a run's as sets. */
function withSortedTags(row: Row): Row {
  const { tags } = row;
  if (typeof tags !== 'string' || !('deployment_id' in row)) return row;
  return { ...row, tags: tags.slice(1, -1).split(', ').toSorted().join(', ') };
}

/** Ours notes the end of every run; the reference only that of runs that have started. */
function withoutUnstartedEnd(row: Row): Row {
  const ended = isFinal(row.state_type) && 'end_time' in row;
  return ended && row.start_time === null ? { ...row, end_time: null } : row;
}

function canonicalCell(column: string, value: Row[string], side: Side, comparison: Comparison): string {
  if (typeof value !== 'string') return String(value);
  if (column === 'total_run_time')
    return value.replace(/^(1970-01-01 \d\d:\d\d:\d\d\.)(?!000000)\d{6}$|^PT(?!0S).*S$/, '⟦seconds⟧');
  if (column === 'name' && /^[a-z]+-[a-z]+$/.test(value)) return '⟦name⟧';
  const text = canonicalText(value, side, comparison)
    .replace(/(-?\d)\.0(?=[,}\]])/g, '$1')
    // A changed policy is stored in whole seconds, as both servers return it; the reference stores the fraction.
    .replace(/("retry_delay": ?\d+)\.\d+/g, '$1')
    .replace(/e([+-])0(\d)/g, 'e$1$2')
    .replace(/gAAAA[\w-]+=*/g, '⟦secret⟧')
    .replace(/("fernet_key": ?)"[^"]*"/g, '$1⟦key⟧')
    .replace(
      /("pause_keys": ?)\[([^\]]*)\]/g,
      (_whole, key: string, keys: string) => `${key}[${keys.split(', ').toSorted().join(', ')}]`,
    );
  // The reference keeps the slots as a set and writes them in any order.
  if (column === 'active_slots') return text.replace(/[[\]]/g, '').split(', ').toSorted().join(', ');
  return JSON.stringify(text);
}

function without(items: string[], others: string[]): string[] {
  const counts = new Map<string, number>();
  for (const item of others) counts.set(item, (counts.get(item) ?? 0) + 1);
  return items.filter((item) => {
    const left = counts.get(item) ?? 0;
    counts.set(item, left - 1);
    return left <= 0;
  });
}
