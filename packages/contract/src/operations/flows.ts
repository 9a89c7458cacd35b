import * as z from 'zod';
import {
  Flow,
  FlowCountBody,
  FlowCreate,
  FlowFilterBody,
  FlowUpdate,
  IdPath,
  NamePath,
} from '../schemas/index.ts';
import { integer } from '../wire/index.ts';
import type { Resource } from './operation.ts';

const tag = 'Flows';

/** The operations on flows. */
export const flows = {
  create: {
    method: 'POST',
    path: '/flows/',
    summary: 'Create a flow, or get the existing one with this name',
    tag,
    access: 'run',
    body: FlowCreate,
    responses: { 200: Flow, 201: Flow },
  },
  read: {
    method: 'GET',
    path: '/flows/:id',
    summary: 'Read a flow',
    tag,
    access: 'read',
    params: IdPath,
    refuses: [404],
    responses: { 200: Flow },
  },
  readByName: {
    method: 'GET',
    path: '/flows/name/:name',
    summary: 'Read a flow by name',
    tag,
    access: 'read',
    params: NamePath,
    refuses: [404],
    responses: { 200: Flow },
  },
  filter: {
    method: 'POST',
    path: '/flows/filter',
    summary: 'List flows',
    tag,
    access: 'read',
    body: FlowFilterBody,
    bodyOptional: true,
    limited: true,
    responses: { 200: z.array(Flow) },
  },
  count: {
    method: 'POST',
    path: '/flows/count',
    summary: 'Count flows',
    tag,
    access: 'read',
    body: FlowCountBody,
    bodyOptional: true,
    responses: { 200: integer() },
  },
  update: {
    method: 'PATCH',
    path: '/flows/:id',
    summary: 'Update a flow',
    tag,
    access: 'write',
    params: IdPath,
    body: FlowUpdate,
    refuses: [404],
    responses: { 204: undefined },
  },
  delete: {
    method: 'DELETE',
    path: '/flows/:id',
    summary: 'Delete a flow with its deployments and runs',
    tag,
    access: 'write',
    params: IdPath,
    refuses: [404],
    responses: { 204: undefined },
  },
} as const satisfies Resource;
