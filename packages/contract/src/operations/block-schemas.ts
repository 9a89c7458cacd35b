import * as z from 'zod';
import {
  BlockSchema,
  BlockSchemaCreate,
  BlockSchemaFilterBody,
  BlockSchemaVersionQuery,
  ChecksumPath,
  IdPath,
} from '../schemas/index.ts';
import type { Resource } from './operation.ts';

const tag = 'Block schemas';

/** The operations on block schemas. */
export const blockSchemas = {
  create: {
    method: 'POST',
    path: '/block_schemas/',
    summary: 'Create a block schema, or get the existing one with this checksum and version',
    tag,
    access: 'run',
    body: BlockSchemaCreate,
    refuses: [404, 409],
    responses: { 200: BlockSchema, 201: BlockSchema },
  },
  delete: {
    method: 'DELETE',
    path: '/block_schemas/:id',
    summary: 'Delete a block schema with its documents',
    tag,
    access: 'write',
    params: IdPath,
    refuses: [403, 404],
    responses: { 204: undefined },
  },
  filter: {
    method: 'POST',
    path: '/block_schemas/filter',
    summary: 'List block schemas',
    tag,
    access: 'read',
    body: BlockSchemaFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(BlockSchema) },
  },
  read: {
    method: 'GET',
    path: '/block_schemas/:id',
    summary: 'Read a block schema',
    tag,
    access: 'read',
    params: IdPath,
    refuses: [404],
    responses: { 200: BlockSchema },
  },
  readByChecksum: {
    method: 'GET',
    path: '/block_schemas/checksum/:checksum',
    summary: 'Read the newest block schema with a checksum',
    tag,
    access: 'read',
    params: ChecksumPath,
    query: BlockSchemaVersionQuery,
    refuses: [404],
    responses: { 200: BlockSchema },
  },
} as const satisfies Resource;

/** The operations on the capabilities of blocks. */
export const blockCapabilities = {
  list: {
    method: 'GET',
    path: '/block_capabilities/',
    summary: 'List block capabilities',
    tag: 'Block capabilities',
    access: 'read',
    responses: { 200: z.array(z.string()) },
  },
} as const satisfies Resource;
