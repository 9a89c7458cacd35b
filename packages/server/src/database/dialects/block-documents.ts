import type { JsonText, Timestamp } from '@mintaka/contract';
import type { SelectQueryBuilder } from 'kysely';
import type { Reader } from '../statements.ts';
import type { Tables } from '../tables.ts';

/** A query for the ids of rows, with its order and its page. */
export type Roots<Table extends keyof Tables> = SelectQueryBuilder<Tables, Table, { id: string }>;

/**
 * A block document in a tree of references. It occurs once for each reference to it: `parent_id` refers to it in the field
 * `reference_name`; both are null for a root. Its block type is in `type_*`.
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
  /** Which of its fields were secret in an earlier schema; null if none were. */
  former_secret_paths: JsonText | null;
  reference_name: string | null;
  parent_id: string | null;
};

/** The given block documents with all nested documents, ordered by name. */
export type BlockDocuments = (
  session: Reader,
  roots: Roots<'block_document'>,
) => Promise<BlockDocumentNode[]>;

/**
 * A column to sort by, spelled so that no index gives its order: SQLite would rather read a whole table in order than sort
 * the few rows of a tree.
 */
export function sortedLast(column: string): string {
  return `coalesce(${column}, ${column})`;
}

/** How a dialect joins the tables of {@link BlockDocuments}. */
export type Joins = {
  /** `ref`, the references of the documents in `tree`. */
  readonly references: string;
  /** `document`, the documents in `tree`. */
  readonly documents: string;
  /** `former`, the former secrets of `document`, if it has any. */
  readonly formerSecrets: string;
};

/** Makes {@link BlockDocuments} of a dialect's joins. */
export function readDocuments({ references, documents, formerSecrets }: Joins): BlockDocuments {
  return (session, roots) => {
    const { sql, parameters } = roots.compile();
    return session.ask<BlockDocumentNode>({
      sql: `
        with recursive
        -- The roots, and all that they refer to. Not UNION ALL, which would never end if documents refer to each other.
        tree (id, reference_name, parent_id) as (
          -- the casts give Postgres the types of the columns
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
