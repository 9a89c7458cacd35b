import type { Compilable, Kysely } from 'kysely';
import type { FlowRunRow } from '../codecs/flow-run.ts';
import { oncePerBuilder } from '../codecs/once.ts';
import type { TaskRunRow } from '../codecs/task-run.ts';
import type { Reader } from '../statements.ts';
import type { Tables } from '../tables.ts';

/** Runs with everything that an answer needs, by their ids, in any order. Unknown ids are omitted. */
export type RunsById = {
  flowRuns(session: Reader, ids: readonly string[]): Promise<FlowRunRow[]>;
  taskRuns(session: Reader, ids: readonly string[]): Promise<TaskRunRow[]>;
};

/** The text of a query, compiled once per builder: compiling takes longer than reading a run. */
export function compiled(
  build: (builder: Kysely<Tables>) => Compilable,
): (builder: Kysely<Tables>) => string {
  return oncePerBuilder((builder) => build(builder).compile().sql);
}
