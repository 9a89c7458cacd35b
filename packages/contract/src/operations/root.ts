import * as z from 'zod';
import type { Resource } from './operation.ts';

const tag = 'Root';

/** The operations that check the server's health and return its API version. */
export const root = {
  health: {
    method: 'GET',
    path: '/health',
    summary: 'Health check',
    tag,
    access: 'public',
    anyVersion: true,
    responses: { 200: z.literal(true) },
  },
  ready: {
    method: 'GET',
    path: '/ready',
    summary: 'Readiness check: the database answers and has its tables',
    tag,
    access: 'public',
    anyVersion: true,
    responses: { 200: z.literal(true), 503: z.literal(false) },
  },
  version: {
    method: 'GET',
    path: '/version',
    summary: 'Read the version of the API',
    tag,
    access: 'read',
    anyVersion: true,
    responses: { 200: z.string() },
  },
  hello: {
    method: 'GET',
    path: '/hello',
    summary: 'Say hello',
    tag,
    access: 'read',
    responses: { 200: z.string() },
  },
} as const satisfies Resource;
