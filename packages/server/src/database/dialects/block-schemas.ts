import { sql } from 'kysely';
import { type BlockSchemaRow, selectBlockSchemas } from '../codecs/block-schema.ts';
import type { Reader } from '../statements.ts';
import { type Roots, sortedLast } from './block-documents.ts';

/**
 * A block schema in a tree of references. It occurs once for each reference to it: `parent_id` refers to it in the field
 * `reference_name`; both are null for a root.
 */
export type BlockSchemaNode = BlockSchemaRow & { reference_name: string | null; parent_id: string | null };

/** The given block schemas with all schemas that they refer to, at any depth, the oldest first. */
export type BlockSchemas = (session: Reader, roots: Roots<'block_schema'>) => Promise<BlockSchemaNode[]>;

/** {@link BlockSchemas} for both dialects. The casts give Postgres the types of the columns. */
export const readSchemas: BlockSchemas = (session, roots) => {
  const tree = session.sql
    .withRecursive('tree(id, reference_name, parent_id)', (db) =>
      db
        .selectFrom(roots.as('root'))
        .select([
          'root.id',
          sql<string | null>`cast(null as varchar)`.as('reference_name'),
          sql<string | null>`cast(null as uuid)`.as('parent_id'),
        ])
        // Not UNION ALL, which would never end if schemas refer to each other.
        .union(
          db
            .selectFrom('tree')
            .innerJoin('block_schema_reference as ref', 'ref.parent_block_schema_id', 'tree.id')
            .select([
              'ref.reference_block_schema_id as id',
              'ref.name as reference_name',
              'ref.parent_block_schema_id as parent_id',
            ]),
        ),
    )
    .selectFrom('tree')
    .select(['tree.id', 'tree.reference_name', 'tree.parent_id'])
    .as('node');
  return session.all(
    selectBlockSchemas(session.sql)
      .innerJoin(tree, 'node.id', 'block_schema.id')
      .select(['node.reference_name', 'node.parent_id'])
      .orderBy(sql.raw(sortedLast('block_schema.created')))
      .orderBy('block_schema.id')
      .orderBy('node.reference_name'),
  );
};
