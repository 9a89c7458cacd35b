import { type BlockDocuments, readDocuments } from '../block-documents.ts';

/** differs because Postgres expects trees to be large, and would read whole tables to join them: `offset 0` makes it look up each row. */
export const blockDocumentsInPostgres: BlockDocuments = readDocuments({
  references: `cross join lateral (
    -- offset 0: looks up each row by its index
    select * from block_document_reference where parent_block_document_id = tree.id offset 0) as ref`,
  documents: 'cross join lateral (select * from block_document where id = tree.id offset 0) as document',
  formerSecrets: `left join lateral (
    select paths from mintaka_former_secret where block_document_id = document.id offset 0) as former on true`,
});
