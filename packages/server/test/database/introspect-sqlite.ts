import type { AdminConnection } from '../../src/database/database.ts';
import { isOwn, type SchemaDescription, type TableDescription } from './schema-description.ts';

type Row = Record<string, unknown>;

/** The tables of an SQLite database according to its pragmas and `sqlite_master`. */
export async function introspectSqlite(
  connection: AdminConnection,
): Promise<Pick<SchemaDescription, 'tables' | 'enums' | 'extensions'>> {
  const found = await connection.query(
    "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name",
    [],
  );
  const tables: SchemaDescription['tables'] = {};
  for (const { name, sql } of found) {
    if (!isOwn(String(name))) tables[String(name)] = await describe(connection, String(name), String(sql));
  }
  return { tables, enums: {}, extensions: [] };
}

async function describe(connection: AdminConnection, table: string, sql: string): Promise<TableDescription> {
  const columns = await connection.query(`PRAGMA table_info(${table})`, []);
  return {
    columns: columns.map((row) => ({
      name: String(row.name),
      type: String(row.type),
      nullable: row.notnull === 0,
      default: row.dflt_value === null ? null : squeezed(String(row.dflt_value)),
    })),
    constraints: constraintsOf(sql),
    indexes: await indexesOf(connection, table),
  };
}

/** The named constraints of CREATE TABLE; the pragmas do not return their names. */
function constraintsOf(sql: string): Record<string, string> {
  const constraints = sql
    .replaceAll('"', '')
    .replace(/\s+/g, ' ')
    .matchAll(
      /CONSTRAINT (\w+) ((?:PRIMARY KEY|UNIQUE|FOREIGN KEY|CHECK)(?:[^()]|\([^()]*\))*?)(?=, CONSTRAINT|,? ?\)$)/g,
    );
  return sorted(
    [...constraints].map(([, name = '', text = '']) => [
      name,
      text.replace('KEY(', 'KEY (').replace('cascade', 'CASCADE').trim(),
    ]),
  );
}

async function indexesOf(connection: AdminConnection, table: string): Promise<Record<string, string>> {
  const indexes: [string, string][] = [];
  for (const index of await connection.query(`PRAGMA index_list(${table})`, [])) {
    const name = String(index.name);
    if (!isOwn(name)) indexes.push([name, await describeIndex(connection, name, index)]);
  }
  return sorted(indexes);
}

async function describeIndex(connection: AdminConnection, name: string, index: Row): Promise<string> {
  const columns = await connection.query(`PRAGMA index_xinfo(${name})`, []);
  const keys = columns
    .filter((column) => column.key === 1)
    .map((column) => `${column.name} ${column.coll} ${column.desc === 1 ? 'DESC' : 'ASC'}`);
  const [made] = await connection.query('SELECT sql FROM sqlite_master WHERE name = ?', [name]);
  const where = /\bWHERE\b.*/is.exec(String(made?.sql))?.[0] ?? '';
  const unique = index.unique === 1 ? 'unique ' : '';
  return `${unique}(${keys.join(', ')}) made by ${index.origin} ${where}`.trim();
}

/** Without whitespace between tokens and without parentheses around the whole. */
function squeezed(expression: string): string {
  const text = expression.replace(/\s*([(),]|\|\|)\s*/g, '$1').trim();
  return isWrapped(text) ? squeezed(text.slice(1, -1)) : text;
}

function isWrapped(text: string): boolean {
  if (!text.startsWith('(') || !text.endsWith(')')) return false;
  let depth = 0;
  return ![...text.slice(0, -1)].some((letter) => {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    return depth === 0;
  });
}

function sorted(entries: [string, string][]): Record<string, string> {
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
