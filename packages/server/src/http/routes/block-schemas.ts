import {
  BlockSchema,
  BlockSchemaCreate,
  BlockSchemaFilterBody,
  BlockSchemaVersionQuery,
  ChecksumPath,
  IdPath,
} from '@mintaka/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  createBlockSchema,
  deleteBlockSchema,
  filterBlockSchemas,
  readBlockSchema,
  readBlockSchemaByChecksum,
  readCapabilities,
} from '../../domain/blocks/block-schemas.ts';
import type { Context } from '../../domain/context.ts';
import { done, type EndpointOptions, endpoints, made, ok } from '../endpoint.ts';

/** Adds the operations on block schemas, and the list of their capabilities. */
export function addBlockSchemaRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const { get, post, del } = endpoints(app, options, 'Block schemas');

  post('/block_schemas/', {
    summary: 'Create a block schema, or give the one that has its checksum and version',
    body: BlockSchemaCreate,
    refuses: [404, 409],
    responses: { 200: BlockSchema, 201: BlockSchema },
    handler: async ({ body }) => made(await createBlockSchema(context, body)),
  });
  del('/block_schemas/:id', {
    summary: 'Delete a block schema with its documents',
    params: IdPath,
    refuses: [403, 404],
    responses: { 204: undefined },
    handler: async ({ params }) => {
      await deleteBlockSchema(context, params.id);
      return done;
    },
  });
  post('/block_schemas/filter', {
    summary: 'List block schemas',
    body: BlockSchemaFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(BlockSchema) },
    handler: async ({ body }) => ok(await filterBlockSchemas(context, body)),
  });
  get('/block_schemas/:id', {
    summary: 'Read a block schema',
    params: IdPath,
    refuses: [404],
    responses: { 200: BlockSchema },
    handler: async ({ params }) => ok(await readBlockSchema(context, params.id)),
  });
  get('/block_schemas/checksum/:checksum', {
    summary: 'Read the newest block schema with a checksum',
    params: ChecksumPath,
    query: BlockSchemaVersionQuery,
    refuses: [404],
    responses: { 200: BlockSchema },
    handler: async ({ params, query }) =>
      ok(await readBlockSchemaByChecksum(context, params.checksum, query.version)),
  });
  endpoints(app, options, 'Block capabilities').get('/block_capabilities/', {
    summary: 'List the capabilities that blocks have',
    responses: { 200: z.array(z.string()) },
    handler: async () => ok(await readCapabilities(context)),
  });
}
