import type { Operations } from '@mintaka/contract';
import {
  createBlockDocument,
  deleteBlockDocument,
  filterBlockDocuments,
  readBlockDocument,
  updateBlockDocument,
} from '../../domain/blocks/block-documents.ts';
import type { Context } from '../../domain/context.ts';
import { created, type Handlers, noContent, ok } from '../handler.ts';

/** Handles the operations on block documents. */
export function blockDocumentHandlers(context: Context): Handlers<Operations['blockDocuments']> {
  return {
    create: ({ body }) => created(createBlockDocument(context, body)),
    filter: ({ body }) => ok(filterBlockDocuments(context, body)),
    read: ({ params, query }) => ok(readBlockDocument(context, params.id, query.include_secrets)),
    delete: ({ params }) => noContent(deleteBlockDocument(context, params.id)),
    update: ({ params, body }) => noContent(updateBlockDocument(context, params.id, body)),
  };
}
