import type { OrchestrationResult } from '../domain/state-changes/result.ts';
import type { Answer } from './endpoint.ts';

/** The answer to a proposed state: 201 where a state was written, else 200. */
export function orchestrated({ wrote, ...value }: OrchestrationResult): Answer {
  return { status: wrote ? 201 : 200, value };
}
