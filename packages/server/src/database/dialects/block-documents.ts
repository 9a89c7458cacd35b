import type { JsonValue, Timestamp } from '@mintaka/contract';
import { type SelectQueryBuilder, sql } from 'kysely';
import type { Conversation } from '../conversation.ts';
import type { Tables } from '../tables.ts';

/** A query for the ids of rows, with its order and its page. */
export type Roots<Table extends keyof Tables> = SelectQueryBuilder<Tables, Table, { id: string }>;

/**
 * A block document, as often as others refer to it: a root has no `parent_id`, any other row tells whose field
 * (`reference_name`) it is. Its block type is in `type_*`.
 */
export type BlockDocumentNode = {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  data: JsonValue;
  block_schema_id: string;
  block_type_id: string;
  is_anonymous: boolean;
  type_created: Timestamp;
  type_updated: Timestamp;
  type_name: string;
  type_slug: string;
  type_logo_url: string | null;
  type_documentation_url: string | null;
  type_description: string | null;
  type_code_example: string | null;
  type_is_protected: boolean;
  reference_name: string | null;
  parent_id: string | null;
};

/** The chosen block documents with all that they refer to, however deep, in one question; by name. */
export type BlockDocuments = (
  session: Conversation,
  roots: Roots<'block_document'>,
) => Promise<BlockDocumentNode[]>;

/**
 * A column to sort by, in a way that lets no index give the order: the few rows of a tree are sorted once they are found,
 * where SQLite would rather read the whole table in order.
 */
export function sortedLast(column: string) {
  return sql`coalesce(${sql.ref(column)}, ${sql.ref(column)})`;
}

/** Both dialects ask alike: the empty columns of the roots are cast, since Postgres wants their types. */
export const blockDocuments: BlockDocuments = (session, roots) =>
  session.all(
    session.sql
      .withRecursive('tree(id, reference_name, parent_id)', (db) =>
        db
          .selectFrom(roots.as('root'))
          .select([
            'root.id',
            sql<string | null>`cast(null as varchar)`.as('reference_name'),
            sql<string | null>`cast(null as uuid)`.as('parent_id'),
          ])
          // Not UNION ALL: it would go round for ever where documents refer to each other.
          .union(
            db
              .selectFrom('tree')
              .innerJoin('block_document_reference as ref', 'ref.parent_block_document_id', 'tree.id')
              .select([
                'ref.reference_block_document_id as id',
                'ref.name as reference_name',
                'ref.parent_block_document_id as parent_id',
              ]),
          ),
      )
      .selectFrom('tree')
      .innerJoin('block_document as document', 'document.id', 'tree.id')
      .innerJoin('block_type', 'block_type.id', 'document.block_type_id')
      .select([
        'document.id',
        'document.created',
        'document.updated',
        'document.name',
        'document.data',
        'document.block_schema_id',
        'document.block_type_id',
        'document.is_anonymous',
        'tree.reference_name',
        'tree.parent_id',
      ])
      .select([
        'block_type.created as type_created',
        'block_type.updated as type_updated',
        'block_type.name as type_name',
        'block_type.slug as type_slug',
        'block_type.logo_url as type_logo_url',
        'block_type.documentation_url as type_documentation_url',
        'block_type.description as type_description',
        'block_type.code_example as type_code_example',
        'block_type.is_protected as type_is_protected',
      ])
      .orderBy(sortedLast('document.name'))
      .orderBy('document.id')
      .orderBy('tree.reference_name'),
  );
