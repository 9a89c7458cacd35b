import {
  BlockDocument,
  BlockDocumentCreate,
  BlockDocumentFilterBody,
  BlockDocumentUpdate,
  IdPath,
  IncludeSecretsQuery,
} from '@mintaka/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  createBlockDocument,
  deleteBlockDocument,
  filterBlockDocuments,
  readBlockDocument,
  updateBlockDocument,
} from '../../domain/blocks/block-documents.ts';
import type { Context } from '../../domain/context.ts';
import { done, type EndpointOptions, endpoints, ok } from '../endpoint.ts';

// Unlike elsewhere, what has not the form of an id makes a path that is not known at all.
const one = '/block_documents/:id(^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$)';

/** Adds the operations on block documents. */
export function addBlockDocumentRoutes(
  app: FastifyInstance,
  options: EndpointOptions,
  context: Context,
): void {
  const { get, post, patch, del } = endpoints(app, options, 'Block documents');

  post('/block_documents/', {
    summary: 'Create a block document',
    body: BlockDocumentCreate,
    refuses: [409],
    responses: { 201: BlockDocument },
    handler: async ({ body }) => ({ status: 201, value: await createBlockDocument(context, body) }),
  });
  post('/block_documents/filter', {
    summary: 'List block documents',
    body: BlockDocumentFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(BlockDocument) },
    handler: async ({ body }) => ok(await filterBlockDocuments(context, body)),
  });
  get(one, {
    summary: 'Read a block document',
    params: IdPath,
    query: IncludeSecretsQuery,
    refuses: [404],
    responses: { 200: BlockDocument },
    handler: async ({ params, query }) =>
      ok(await readBlockDocument(context, params.id, query.include_secrets)),
  });
  del(one, {
    summary: 'Delete a block document with the deployments and flow runs that use it',
    params: IdPath,
    refuses: [404],
    responses: { 204: undefined },
    handler: async ({ params }) => {
      await deleteBlockDocument(context, params.id);
      return done;
    },
  });
  patch(one, {
    summary: 'Change the data of a block document',
    params: IdPath,
    body: BlockDocumentUpdate,
    refuses: [404, 409],
    responses: { 204: undefined },
    handler: async ({ params, body }) => {
      await updateBlockDocument(context, params.id, body);
      return done;
    },
  });
}
