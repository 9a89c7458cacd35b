import type { DependencyResult, JsonObject, JsonValue, TaskRunResult } from '@mintaka/contract';
import { selectTaskRuns, type TaskRunResponse, taskRunFromRow } from '../../database/codecs/task-run.ts';
import { type Piece, readPiece } from '../batches.ts';
import type { Context } from '../context.ts';
import { NotFoundError } from '../errors.ts';

/** The task runs of a flow run, each with the runs whose results it used. @throws NotFoundError */
export async function* flowRunGraph(context: Context, id: string): AsyncGenerator<DependencyResult[]> {
  const flowRun = await context.database.read((session) =>
    session.first(session.sql.selectFrom('flow_run').select('id').where('id', '=', id)),
  );
  if (flowRun === undefined) throw new NotFoundError(`Flow run with id ${id} not found`, 'exception_message');
  let last: string | undefined;
  let found: number;
  do {
    found = 0;
    const after = last;
    for await (const batch of readPiece({ limit: pieceSize, offset: 0 }, (piece) =>
      readNodes(context, id, after, piece),
    )) {
      found += batch.length;
      last = batch.at(-1)?.id ?? last;
      yield batch;
    }
  } while (found === pieceSize);
}

/** The number of task runs that are read at once. */
const pieceSize = 500;

/** Task runs of a flow run, in descending order of ids, after the given id. */
function readNodes(
  context: Context,
  flowRunId: string,
  after: string | undefined,
  { limit, offset }: Piece,
): Promise<DependencyResult[]> {
  return context.database.readLong(async (session) => {
    const runs = selectTaskRuns(session.sql)
      .where('task_run.flow_run_id', '=', flowRunId)
      .orderBy('task_run.id', 'desc');
    const next = after === undefined ? runs : runs.where('task_run.id', '<', after);
    const rows = await session.all(next.limit(limit).offset(offset));
    const now = context.clock.now();
    return rows.map((row) => nodeOf(taskRunFromRow(row, now)));
  });
}

function nodeOf(run: TaskRunResponse): DependencyResult {
  return {
    id: run.id,
    name: run.name,
    upstream_dependencies: upstreamOf(run.task_inputs),
    state: run.state,
    expected_start_time: run.expected_start_time,
    start_time: run.start_time,
    end_time: run.end_time,
    total_run_time: run.total_run_time,
    estimated_run_time: run.estimated_run_time,
    untrackable_result: run.state?.state_details.untrackable_result ?? false,
  };
}

/** The task runs among the inputs, without duplicates, in the order of their first occurrence. */
function upstreamOf(inputs: JsonObject): TaskRunResult[] {
  const ids = Object.values(inputs)
    .flatMap((input) => (Array.isArray(input) ? input : []))
    .map(taskRunIdOf)
    .filter((id) => id !== undefined);
  return [...new Set(ids)].map((id) => ({ input_type: 'task_run', id }));
}

function taskRunIdOf(input: JsonValue): string | undefined {
  if (typeof input !== 'object' || input === null || !('id' in input)) return undefined;
  return 'input_type' in input && input.input_type === 'task_run' && typeof input.id === 'string'
    ? input.id
    : undefined;
}
