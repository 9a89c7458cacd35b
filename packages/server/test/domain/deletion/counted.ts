import type { WriteSession } from '../../../src/database/database.ts';
import type { Context } from '../../../src/domain/context.ts';

/** The number of rows that one transaction deleted, including those of foreign keys, and its number of statements. */
export type Counted = { rows: number; statements: number };

const tables = ['flow_run', 'flow_run_state', 'task_run', 'task_run_state', 'log', 'artifact'];

/** The same domain; triggers in its database count what each transaction deletes. */
export async function counting(
  context: Context,
): Promise<{ context: Context; counted(): Promise<Counted[]> }> {
  const { database } = context;
  const statements: number[] = [];
  const isSqlite = database.dialect.name === 'sqlite';
  const note = 'insert into test_deleted select number from test_transaction';
  await database.administer((connection) =>
    connection.exec(`
      create table test_transaction (number integer);
      insert into test_transaction values (0);
      create table test_deleted (number integer);
      ${isSqlite ? '' : `create function test_note() returns trigger language plpgsql as $$ begin ${note}; return null; end $$;`}
      ${tables
        .map(
          (table) =>
            `create trigger test_${table} after delete on ${table} for each row ${isSqlite ? `begin ${note}; end` : 'execute function test_note()'};`,
        )
        .join('\n')}`),
  );
  const counted = (session: WriteSession, number: number): WriteSession => {
    const count = () => {
      statements[number] = (statements[number] ?? 0) + 1;
    };
    return {
      ...session,
      all: (query) => {
        count();
        return session.all(query);
      },
      first: (query) => {
        count();
        return session.first(query);
      },
      run: (query) => {
        count();
        return session.run(query);
      },
      ask: (statement) => {
        count();
        return session.ask(statement);
      },
      send: (statement) => {
        count();
        session.send(statement);
      },
    };
  };
  let number = 0;
  return {
    context: {
      ...context,
      database: {
        ...database,
        transaction: (work) =>
          database.transaction((session) => {
            number += 1;
            session.send({ sql: `update test_transaction set number = ${number}`, parameters: [] });
            return work(counted(session, number));
          }),
      },
    },
    counted: async () => {
      const rows = await database.administer((connection) =>
        connection.query('select number, count(*) as rows from test_deleted group by number', []),
      );
      return rows.map((row) => ({ rows: Number(row.rows), statements: statements[Number(row.number)] ?? 0 }));
    },
  };
}
