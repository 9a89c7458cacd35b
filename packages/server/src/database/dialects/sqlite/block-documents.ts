import { type BlockDocuments, readDocuments } from '../block-documents.ts';

/** Plain joins. */
export const blockDocumentsInSqlite: BlockDocuments = readDocuments({
  references: 'join block_document_reference as ref on ref.parent_block_document_id = tree.id',
  documents: 'join block_document as document on document.id = tree.id',
  formerSecrets: 'left join mintaka_former_secret as former on former.block_document_id = document.id',
});
