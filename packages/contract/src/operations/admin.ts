import * as z from 'zod';
import { ConfirmBody, Settings } from '../schemas/index.ts';
import type { Resource } from './operation.ts';

const tag = 'Admin';

/** The operations for operators. Those on the database can be disabled in the server's settings. */
export const admin = {
  readSettings: {
    method: 'GET',
    path: '/admin/settings',
    summary: 'Read the settings of the server, secrets masked',
    tag,
    access: 'admin',
    responses: { 200: Settings },
  },
  readVersion: {
    method: 'GET',
    path: '/admin/version',
    summary: 'Read the version of Prefect that this server stands in for',
    tag,
    access: 'read',
    responses: { 200: z.string() },
  },
  clearDatabase: {
    method: 'POST',
    path: '/admin/database/clear',
    summary: 'Delete every row of the database',
    tag,
    access: 'admin',
    body: ConfirmBody,
    bodyOptional: true,
    refuses: [403],
    responses: { 204: undefined, 400: undefined },
  },
  dropDatabase: {
    method: 'POST',
    path: '/admin/database/drop',
    summary: 'Drop every table of the database',
    tag,
    access: 'admin',
    body: ConfirmBody,
    bodyOptional: true,
    refuses: [403],
    responses: { 204: undefined, 400: undefined },
  },
  createDatabase: {
    method: 'POST',
    path: '/admin/database/create',
    summary: 'Create the tables of the database',
    tag,
    access: 'admin',
    body: ConfirmBody,
    bodyOptional: true,
    refuses: [403],
    responses: { 204: undefined, 400: undefined },
  },
} as const satisfies Resource;
