import type { FastifyBaseLogger } from 'fastify';
import type { Context } from '../domain/context.ts';

/** A background loop of the server. */
export type Service = {
  /** Its name in the log. */
  readonly name: string;
  /** Begins to run; returns at once. */
  start(): void;
  /** Begins no further round, and answers once the present one is done. A second call does no harm. */
  stop(): Promise<void>;
};

/** The background loops that the settings ask for, not started yet. */
export function buildServices(_context: Context, _log: FastifyBaseLogger): Service[] {
  return [];
}
