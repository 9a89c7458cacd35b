import { after, before, describe, test } from 'node:test';
import { type DialectApp, dialectApp, dialects } from '@mintaka/testing/dialect-apps';

/** Creates a block type and returns its id. */
export async function makeType(app: DialectApp, slug: string): Promise<string> {
  return (await app.send('POST', '/api/block_types/', { name: slug, slug })).body.id;
}

/** Creates a block schema and returns it. */
export async function makeSchema(app: DialectApp, typeId: string, fields: object = {}, more: object = {}) {
  const body = { block_type_id: typeId, fields, ...more };
  return (await app.send('POST', '/api/block_schemas/', body)).body;
}

/** Creates a block type with a schema that has the given secrets. */
export async function makeKind(app: DialectApp, slug: string, secrets: string[] = []) {
  const typeId = await makeType(app, slug);
  const fields = { title: slug, block_type_slug: slug, secret_fields: secrets };
  return { block_type_id: typeId, block_schema_id: (await makeSchema(app, typeId, fields)).id as string };
}

/** Creates a block document and returns the answer. */
export async function makeDocument(app: DialectApp, kind: object, name: string, data: object) {
  return (await app.send('POST', '/api/block_documents/', { ...kind, name, data })).body;
}

/** A field with another document. */
export const refer = (id: string) => ({ $ref: { block_document_id: id } });

/** An id that nothing has. */
export const nobody = '00000000-0000-0000-0000-000000000000';

/** Declares one test, which gets the application of its dialect. */
export type Check = (name: string, body: (app: DialectApp) => Promise<void>) => void;

/** Declares the same tests on each dialect; all of one dialect share an application and its database. */
export function onEachDialect(title: string, declare: (check: Check) => void): void {
  for (const dialect of dialects) {
    describe(`${title}, on ${dialect}`, () => {
      let app: DialectApp | undefined;
      before(async () => {
        app = await dialectApp(dialect);
      });
      after(() => app?.close());
      declare((name, body) => {
        test(name, async (context) => {
          if (app === undefined) return context.skip('Postgres is not installed');
          await body(app);
        });
      });
    });
  }
}
