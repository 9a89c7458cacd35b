import {
  BlockDocument,
  BlockDocumentCreate,
  BlockDocumentFilterBody,
  BlockDocumentUpdate,
  IncludeSecretsQuery,
  parameters,
  readText,
  wireType,
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
import { NotFoundError } from '../../domain/errors.ts';
import { done, type EndpointOptions, endpoints, ok } from '../endpoint.ts';

const BlockDocumentPath = parameters('BlockDocumentPath', {
  id: wireType(readText, { type: 'string', format: 'uuid' }),
});

const idForm = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;

/** The id in a path. What is no id makes a path that the reference does not know. @throws NotFoundError */
function idOf({ id }: z.output<typeof BlockDocumentPath>): string {
  const [, ...parts] = idForm.exec(id) ?? [];
  if (parts.length === 0) throw new NotFoundError('Not Found');
  return parts.join('-').toLowerCase();
}

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
  get('/block_documents/:id', {
    summary: 'Read a block document',
    params: BlockDocumentPath,
    query: IncludeSecretsQuery,
    responses: { 200: BlockDocument },
    handler: async ({ params, query }) =>
      ok(await readBlockDocument(context, idOf(params), query.include_secrets)),
  });
  del('/block_documents/:id', {
    summary: 'Delete a block document with the deployments and flow runs that use it',
    params: BlockDocumentPath,
    responses: { 204: undefined },
    handler: async ({ params }) => {
      await deleteBlockDocument(context, idOf(params));
      return done;
    },
  });
  patch('/block_documents/:id', {
    summary: 'Change the data of a block document',
    params: BlockDocumentPath,
    body: BlockDocumentUpdate,
    responses: { 204: undefined },
    handler: async ({ params, body }) => {
      await updateBlockDocument(context, idOf(params), body);
      return done;
    },
  });
}
