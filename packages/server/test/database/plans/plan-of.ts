import type { Database, ReadSession } from '../../../src/database/database.ts';
import { toStatement } from '../../../src/database/drivers/session.ts';
import type { Statement } from '../../../src/database/statements.ts';

/** The statements that some work sends to a database, in order; they are executed as usual. */
export async function statementsOf(
  database: Database,
  work: (session: ReadSession) => Promise<unknown>,
): Promise<Statement[]> {
  const statements: Statement[] = [];
  await database.read((session) =>
    work({
      ...session,
      all: (query) => {
        statements.push(toStatement(query));
        return session.all(query);
      },
      first: (query) => {
        statements.push(toStatement(query));
        return session.first(query);
      },
      ask: (statement) => {
        statements.push(statement);
        return session.ask(statement);
      },
    }),
  );
  return statements;
}

/** The steps of a statement's plan, one a line. */
export function planOf(database: Database, { sql, parameters }: Statement): Promise<string> {
  return database.administer(async (connection) => {
    if (database.dialect.name === 'sqlite') {
      const steps = await connection.query(`EXPLAIN QUERY PLAN ${sql}`, parameters);
      return steps.map((step) => step.detail).join('\n');
    }
    const steps = await connection.query(`EXPLAIN ${sql}`, parameters);
    return steps.map((step) => step['QUERY PLAN']).join('\n');
  });
}

/** The statements that SQLite would plan again each time: their limit is a bare parameter. */
export function plannedAtEachUse(database: Database, statements: readonly Statement[]): string[] {
  if (database.dialect.name !== 'sqlite') return [];
  return statements.map(({ sql }) => sql).filter((sql) => /\blimit [?$]/i.test(sql));
}

/** How often Postgres used a generic plan, out of ten times. */
export function plansMadeOnce(
  database: Database,
  ask: (session: ReadSession) => Promise<unknown>,
): Promise<number> {
  return database.read(async (session) => {
    for (let time = 0; time < 10; time += 1) await ask(session);
    const [last] = await statementsOf(database, ask);
    const [counted] = await session.ask<{ plans: number }>({
      sql: 'select cast(sum(generic_plans) as integer) as plans from pg_prepared_statements where statement = $1',
      parameters: [last?.sql],
    });
    return counted?.plans ?? 0;
  });
}
