import type { DependencyResult, JsonObject, JsonValue, TaskRunResult } from '@mintaka/contract';
import { selectTaskRuns, type TaskRunResponse, taskRunFromRow } from '../../database/codecs/task-run.ts';
import type { Context } from '../context.ts';
import { NotFoundError } from '../errors.ts';

/** The task runs of a flow run, each with the runs whose results it took. @throws NotFoundError */
export function flowRunGraph(context: Context, id: string): Promise<DependencyResult[]> {
  return context.database.readLong(async (session) => {
    const flowRun = await session.first(session.sql.selectFrom('flow_run').select('id').where('id', '=', id));
    if (flowRun === undefined)
      throw new NotFoundError(`Flow run with id ${id} not found`, 'exception_message');
    const rows = await session.all(
      selectTaskRuns(session.sql).where('task_run.flow_run_id', '=', id).orderBy('task_run.id', 'desc'),
    );
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

/** Each task run among the inputs once, in the order of its first mention. */
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
