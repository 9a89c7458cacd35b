import type { JsonText, Timestamp } from '@mintaka/contract';
import type { SelectQueryBuilder } from 'kysely';
import type { Reader } from '../statements.ts';
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
  data: JsonText;
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
  /** Which of its fields were secret under another schema; null if none were. */
  former_secret_paths: JsonText | null;
  reference_name: string | null;
  parent_id: string | null;
};

/** The chosen block documents with all that they refer to, however deep, in one question; by name. */
export type BlockDocuments = (
  session: Reader,
  roots: Roots<'block_document'>,
) => Promise<BlockDocumentNode[]>;

/**
 * A column to sort by, in a way that lets no index give the order: the few rows of a tree are sorted once they are found,
 * where SQLite would rather read the whole table in order.
 */
export function sortedLast(column: string): string {
  return `coalesce(${column}, ${column})`;
}

type Joins = { readonly references: string; readonly documents: string; readonly formerSecrets: string };

/** Asks SQLite. */
export const blockDocumentsInSqlite: BlockDocuments = asking({
  references: 'join block_document_reference as ref on ref.parent_block_document_id = tree.id',
  documents: 'join block_document as document on document.id = tree.id',
  formerSecrets: 'left join mintaka_former_secret as former on former.block_document_id = document.id',
});

/** Asks Postgres, which thinks that trees are large: `offset 0` keeps it from reading whole tables to join them. */
export const blockDocumentsInPostgres: BlockDocuments = asking({
  references: `cross join lateral (
    select * from block_document_reference where parent_block_document_id = tree.id offset 0) as ref`,
  documents: 'cross join lateral (select * from block_document where id = tree.id offset 0) as document',
  formerSecrets: `left join lateral (
    select paths from mintaka_former_secret where block_document_id = document.id offset 0) as former on true`,
});

/** The empty columns of the roots are cast, since Postgres wants their types. */
function asking({ references, documents, formerSecrets }: Joins): BlockDocuments {
  return (session, roots) => {
    const { sql, parameters } = roots.compile();
    return session.ask<BlockDocumentNode>({
      // Not UNION ALL: it would go round for ever where documents refer to each other.
      sql: `
        with recursive tree (id, reference_name, parent_id) as (
          select root.id, cast(null as varchar), cast(null as uuid) from (${sql}) as root
          union
          select ref.reference_block_document_id, ref.name, ref.parent_block_document_id from tree ${references}
        )
        select document.id, document.created, document.updated, document.name, document.data, document.block_schema_id,
          document.block_type_id, document.is_anonymous, former.paths as former_secret_paths,
          tree.reference_name, tree.parent_id,
          block_type.created as type_created, block_type.updated as type_updated, block_type.name as type_name,
          block_type.slug as type_slug, block_type.logo_url as type_logo_url,
          block_type.documentation_url as type_documentation_url, block_type.description as type_description,
          block_type.code_example as type_code_example, block_type.is_protected as type_is_protected
        from tree ${documents} join block_type on block_type.id = document.block_type_id
          ${formerSecrets}
        order by ${sortedLast('document.name')}, document.id, tree.reference_name`,
      parameters,
    });
  };
}
