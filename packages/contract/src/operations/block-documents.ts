import * as z from 'zod';
import {
  BlockDocument,
  BlockDocumentCreate,
  BlockDocumentFilterBody,
  BlockDocumentUpdate,
  IdPath,
  IncludeSecretsQuery,
} from '../schemas/index.ts';
import type { Resource } from './operation.ts';

const tag = 'Block documents';

/** The operations on block documents. A running flow saves blocks, for example the storage of its results. */
export const blockDocuments = {
  create: {
    method: 'POST',
    path: '/block_documents/',
    summary: 'Create a block document',
    tag,
    access: 'run',
    body: BlockDocumentCreate,
    refuses: [409],
    responses: { 201: BlockDocument },
  },
  filter: {
    method: 'POST',
    path: '/block_documents/filter',
    summary: 'List block documents',
    tag,
    access: 'read',
    body: BlockDocumentFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(BlockDocument) },
  },
  read: {
    method: 'GET',
    path: '/block_documents/:id',
    onlyIds: true,
    summary: 'Read a block document',
    tag,
    access: 'read',
    params: IdPath,
    query: IncludeSecretsQuery,
    refuses: [404],
    responses: { 200: BlockDocument },
  },
  delete: {
    method: 'DELETE',
    path: '/block_documents/:id',
    onlyIds: true,
    summary: 'Delete a block document; deployments and flow runs that use it lose the reference',
    tag,
    access: 'write',
    params: IdPath,
    refuses: [404],
    responses: { 204: undefined },
  },
  update: {
    method: 'PATCH',
    path: '/block_documents/:id',
    onlyIds: true,
    summary: 'Update the data of a block document',
    tag,
    access: 'run',
    params: IdPath,
    body: BlockDocumentUpdate,
    refuses: [404, 409],
    responses: { 204: undefined },
  },
} as const satisfies Resource;
