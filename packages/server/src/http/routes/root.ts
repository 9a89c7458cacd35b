import type { Operations } from '@mintaka/contract';
import { isReady } from '../../domain/administration.ts';
import type { Context } from '../../domain/context.ts';
import { type Handlers, ok } from '../handler.ts';
import { apiVersion } from '../version.ts';

/** Handles the operations that tell whether the server works, and what it speaks. */
export function rootHandlers(context: Context): Handlers<Operations['root']> {
  return {
    health: () => ok(true),
    ready: async () => ((await isReady(context)) ? ok(true) : { status: 503, value: false }),
    version: () => ok(apiVersion),
    hello: () => ok('👋'),
  };
}
