import { type Compilable, type Kysely, sql } from 'kysely';
import { selectFlowRuns } from '../../codecs/flow-run.ts';
import { selectTaskRuns } from '../../codecs/task-run.ts';
import type { Tables } from '../../tables.ts';
import { compiled, type RunsById } from '../runs-by-id.ts';

const wantedId = sql.ref<string>('wanted.id');

const flowRuns = oneByOne((builder) => selectFlowRuns(builder).where('flow_run.id', '=', wantedId));
const taskRuns = oneByOne((builder) => selectTaskRuns(builder).where('task_run.id', '=', wantedId));

/** One statement; the ids are one parameter. */
export const runsByIdFromPostgres: RunsById = {
  flowRuns: (session, ids) => session.ask({ sql: flowRuns(session.sql), parameters: [ids] }),
  taskRuns: (session, ids) => session.ask({ sql: taskRuns(session.sql), parameters: [ids] }),
};

function oneByOne(build: (builder: Kysely<Tables>) => Compilable): (builder: Kysely<Tables>) => string {
  const text = compiled(build);
  return (builder) => `
    select run.*
    -- The select around the ids hides their number, so that one generic plan serves every list; planning a list takes as
    -- long as reading a hundred runs.
    from unnest((select cast($1 as uuid[]))) as wanted(id)
    -- offset 0: finds the runs one by one by their ids
    cross join lateral (${text(builder)} offset 0) as run`;
}
