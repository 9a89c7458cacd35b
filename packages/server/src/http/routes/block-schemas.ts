import type { Operations } from '@mintaka/contract';
import {
  createBlockSchema,
  deleteBlockSchema,
  filterBlockSchemas,
  readBlockSchema,
  readBlockSchemaByChecksum,
  readCapabilities,
} from '../../domain/blocks/block-schemas.ts';
import type { Context } from '../../domain/context.ts';
import { createdOrFound, type Handlers, noContent, ok } from '../handler.ts';

/** Handles the operations on block schemas. */
export function blockSchemaHandlers(context: Context): Handlers<Operations['blockSchemas']> {
  return {
    create: ({ body }) => createdOrFound(createBlockSchema(context, body)),
    delete: ({ params }) => noContent(deleteBlockSchema(context, params.id)),
    filter: ({ body }) => ok(filterBlockSchemas(context, body)),
    read: ({ params }) => ok(readBlockSchema(context, params.id)),
    readByChecksum: ({ params, query }) =>
      ok(readBlockSchemaByChecksum(context, params.checksum, query.version)),
  };
}

/** Handles the operations on the capabilities of blocks. */
export function blockCapabilityHandlers(context: Context): Handlers<Operations['blockCapabilities']> {
  return { list: () => ok(readCapabilities(context)) };
}
