import type { Operations } from '@mintaka/contract';
import { readBlockDocumentByName, readBlockDocumentsOfType } from '../../domain/blocks/block-documents.ts';
import {
  createBlockType,
  deleteBlockType,
  filterBlockTypes,
  readBlockType,
  readBlockTypeBySlug,
  updateBlockType,
} from '../../domain/blocks/block-types.ts';
import { registerProtectedBlocks } from '../../domain/blocks/registration.ts';
import type { Context } from '../../domain/context.ts';
import { created, type Handlers, noContent, nothing, ok } from '../handler.ts';

/** Handles the operations on block types. */
export function blockTypeHandlers(context: Context): Handlers<Operations['blockTypes']> {
  return {
    create: ({ body }) => created(createBlockType(context, body)),
    read: ({ params }) => ok(readBlockType(context, params.id)),
    readBySlug: ({ params }) => ok(readBlockTypeBySlug(context, params.slug)),
    filter: ({ body }) => ok(filterBlockTypes(context, body)),
    update: ({ params, body }) => noContent(updateBlockType(context, params.id, body)),
    delete: ({ params }) => noContent(deleteBlockType(context, params.id)),
    installSystemTypes: () => nothing(200, registerProtectedBlocks(context)),
    readDocuments: ({ params, query }) =>
      ok(readBlockDocumentsOfType(context, params.slug, query.include_secrets)),
    readDocumentByName: ({ params, query }) => {
      const place = { slug: params.slug, name: params.block_document_name };
      return ok(readBlockDocumentByName(context, place, query.include_secrets));
    },
  };
}
