import {
  type StateResponse,
  selectFlowRunStates,
  selectTaskRunStates,
  stateFromRow,
} from '../../database/codecs/state.ts';
import { type Batches, readAllPieces } from '../batches.ts';
import type { Context } from '../context.ts';
import { NotFoundError } from '../errors.ts';

// The reference calls a missing task run state a flow run state, too.
const notFound = () => new NotFoundError('Flow run state not found');

/** A state of a flow run. @throws NotFoundError */
export async function readFlowRunState(context: Context, id: string): Promise<StateResponse> {
  const row = await context.database.read((session) =>
    session.first(selectFlowRunStates(session.sql).where('flow_run_state.id', '=', id)),
  );
  if (row === undefined) throw notFound();
  return stateFromRow(row);
}

/** A state of a task run. @throws NotFoundError */
export async function readTaskRunState(context: Context, id: string): Promise<StateResponse> {
  const row = await context.database.read((session) =>
    session.first(selectTaskRunStates(session.sql).where('task_run_state.id', '=', id)),
  );
  if (row === undefined) throw notFound();
  return stateFromRow(row);
}

/** All states of a flow run, the oldest first. */
export function readFlowRunStates(context: Context, flowRunId: string): Batches<StateResponse> {
  return readAllPieces(({ limit, offset }) =>
    context.database.read(async (session) => {
      const states = selectFlowRunStates(session.sql)
        .where('flow_run_state.flow_run_id', '=', flowRunId)
        .orderBy('flow_run_state.timestamp');
      return (await session.all(states.limit(limit).offset(offset))).map(stateFromRow);
    }),
  );
}

/** All states of a task run, the oldest first. */
export function readTaskRunStates(context: Context, taskRunId: string): Batches<StateResponse> {
  return readAllPieces(({ limit, offset }) =>
    context.database.read(async (session) => {
      const states = selectTaskRunStates(session.sql)
        .where('task_run_state.task_run_id', '=', taskRunId)
        .orderBy('task_run_state.timestamp');
      return (await session.all(states.limit(limit).offset(offset))).map(stateFromRow);
    }),
  );
}
