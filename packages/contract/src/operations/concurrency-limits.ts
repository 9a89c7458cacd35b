import * as z from 'zod';
import {
  ConcurrencyLimit,
  ConcurrencyLimitCreate,
  IdPath,
  PageBody,
  ResetConcurrencyLimitBody,
  TagPath,
} from '../schemas/index.ts';
import type { Resource } from './operation.ts';

const tag = 'Concurrency Limits';

/** The operations on the concurrency limits of task tags. */
export const concurrencyLimits = {
  create: {
    method: 'POST',
    path: '/concurrency_limits/',
    summary: 'Create or update the concurrency limit of a tag',
    tag,
    access: 'write',
    body: ConcurrencyLimitCreate,
    responses: { 200: ConcurrencyLimit },
  },
  read: {
    method: 'GET',
    path: '/concurrency_limits/:id',
    summary: 'Read a concurrency limit',
    tag,
    access: 'read',
    params: IdPath,
    refuses: [404],
    responses: { 200: ConcurrencyLimit },
  },
  readByTag: {
    method: 'GET',
    path: '/concurrency_limits/tag/:tag',
    summary: 'Read the concurrency limit of a tag',
    tag,
    access: 'read',
    params: TagPath,
    refuses: [404],
    responses: { 200: ConcurrencyLimit },
  },
  filter: {
    method: 'POST',
    path: '/concurrency_limits/filter',
    summary: 'List concurrency limits',
    tag,
    access: 'read',
    body: PageBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(ConcurrencyLimit) },
  },
  resetByTag: {
    method: 'POST',
    path: '/concurrency_limits/tag/:tag/reset',
    summary: 'Reset the slots of the concurrency limit of a tag',
    tag,
    access: 'write',
    params: TagPath,
    body: ResetConcurrencyLimitBody,
    bodyOptional: true,
    refuses: [404],
    responses: { 200: z.null() },
  },
  delete: {
    method: 'DELETE',
    path: '/concurrency_limits/:id',
    summary: 'Delete a concurrency limit',
    tag,
    access: 'write',
    params: IdPath,
    refuses: [404],
    responses: { 200: z.null() },
  },
  deleteByTag: {
    method: 'DELETE',
    path: '/concurrency_limits/tag/:tag',
    summary: 'Delete the concurrency limit of a tag',
    tag,
    access: 'write',
    params: TagPath,
    refuses: [404],
    responses: { 200: z.null() },
  },
} as const satisfies Resource;
