import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestDatabase } from '@mintaka/testing/open';
import type { Database, ReadSession } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrations/migrate.ts';
import type { Statement } from '../../src/database/statements.ts';

let database: Database;
before(async () => {
  database = await openTestDatabase('sqlite://');
  await migrate(database);
});
after(() => database.close());

/** SQLite's plan for the query that `ask` sends. */
function planOf(ask: (session: ReadSession) => Promise<unknown>): Promise<string> {
  return database.read(async (session) => {
    let asked: Statement | undefined;
    const note = async <Row>(statement: Statement): Promise<Row[]> => {
      asked = statement;
      return [];
    };
    await ask({ ...session, ask: note, all: (query) => note(query.compile()) });
    assert.ok(asked !== undefined);
    const sql = `EXPLAIN QUERY PLAN ${asked.sql}`;
    const steps = await session.ask<{ detail: string }>({ sql, parameters: asked.parameters });
    return steps.map((step) => step.detail).join('\n');
  });
}

test('nested documents are found with an index, at every depth', async () => {
  const plan = await planOf((session) => {
    const roots = session.sql.selectFrom('block_document').select('block_document.id').where('id', '=', 'x');
    return session.dialect.questions.blockDocuments(session, roots);
  });
  assert.match(plan, /SEARCH ref USING INDEX mintaka_block_document_reference_by_parent/);
  assert.match(plan, /SEARCH former USING INDEX/);
  assert.doesNotMatch(plan, /SCAN (document|block_document|block_type|ref|former)\b/);
});

test('nested schemas are found with an index, at every depth', async () => {
  const plan = await planOf((session) => {
    const roots = session.sql.selectFrom('block_schema').select('block_schema.id').where('id', '=', 'x');
    return session.dialect.questions.blockSchemas(session, roots);
  });
  assert.match(plan, /SEARCH ref USING INDEX mintaka_block_schema_reference_by_parent/);
  assert.doesNotMatch(plan, /SCAN (block_schema|block_type|ref)\b/);
});
