import {
  BlockDocument,
  BlockDocumentNamePath,
  BlockType,
  BlockTypeCreate,
  BlockTypeFilterBody,
  BlockTypeUpdate,
  IdPath,
  IncludeSecretsQuery,
  SlugPath,
} from '@mintaka/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
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
import { done, type EndpointOptions, endpoints, ok } from '../endpoint.ts';

/** Adds the operations on block types. */
export function addBlockTypeRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const { get, post, patch, del } = endpoints(app, options, 'Block types');

  post('/block_types/', {
    summary: 'Create a block type',
    body: BlockTypeCreate,
    refuses: [403, 409],
    responses: { 201: BlockType },
    handler: async ({ body }) => ({ status: 201, value: await createBlockType(context, body) }),
  });
  get('/block_types/:id', {
    summary: 'Read a block type',
    params: IdPath,
    refuses: [404],
    responses: { 200: BlockType },
    handler: async ({ params }) => ok(await readBlockType(context, params.id)),
  });
  get('/block_types/slug/:slug', {
    summary: 'Read a block type by its slug',
    params: SlugPath,
    refuses: [404],
    responses: { 200: BlockType },
    handler: async ({ params }) => ok(await readBlockTypeBySlug(context, params.slug)),
  });
  post('/block_types/filter', {
    summary: 'List block types',
    body: BlockTypeFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(BlockType) },
    handler: async ({ body }) => ok(await filterBlockTypes(context, body)),
  });
  patch('/block_types/:id', {
    summary: 'Change a block type',
    params: IdPath,
    body: BlockTypeUpdate,
    refuses: [404],
    responses: { 204: undefined },
    handler: async ({ params, body }) => {
      await updateBlockType(context, params.id, body);
      return done;
    },
  });
  del('/block_types/:id', {
    summary: 'Delete a block type with its schemas and documents',
    params: IdPath,
    refuses: [403, 404],
    responses: { 204: undefined },
    handler: async ({ params }) => {
      await deleteBlockType(context, params.id);
      return done;
    },
  });
  post('/block_types/install_system_block_types', {
    summary: 'Register the block types that the server itself needs',
    responses: { 200: z.null() },
    handler: async () => {
      await registerProtectedBlocks(context);
      return ok(null);
    },
  });
  addDocumentRoutes(app, options, context);
}

function addDocumentRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const { get } = endpoints(app, options, 'Block types');

  get('/block_types/slug/:slug/block_documents', {
    summary: 'List the block documents of a block type',
    params: SlugPath,
    query: IncludeSecretsQuery,
    refuses: [404],
    responses: { 200: z.array(BlockDocument) },
    handler: async ({ params, query }) =>
      ok(await readBlockDocumentsOfType(context, params.slug, query.include_secrets)),
  });
  get('/block_types/slug/:slug/block_documents/name/:block_document_name', {
    summary: 'Read a block document by its block type and its name',
    params: BlockDocumentNamePath,
    query: IncludeSecretsQuery,
    refuses: [404],
    responses: { 200: BlockDocument },
    handler: async ({ params, query }) => {
      const place = { slug: params.slug, name: params.block_document_name };
      return ok(await readBlockDocumentByName(context, place, query.include_secrets));
    },
  });
}
