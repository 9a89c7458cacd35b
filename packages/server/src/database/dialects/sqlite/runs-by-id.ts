import { type SqlBool, sql } from 'kysely';
import { selectFlowRuns } from '../../codecs/flow-run.ts';
import { selectTaskRuns } from '../../codecs/task-run.ts';
import { compiled, type RunsById } from '../runs-by-id.ts';

const isListed = (column: string) => sql<SqlBool>`${sql.ref(column)} in (select value from json_each(?))`;

const flowRuns = compiled((builder) => selectFlowRuns(builder).where(isListed('flow_run.id')));
const taskRuns = compiled((builder) => selectTaskRuns(builder).where(isListed('task_run.id')));

/** One statement; the ids are one parameter. */
export const runsByIdFromSqlite: RunsById = {
  flowRuns: (session, ids) => session.ask({ sql: flowRuns(session.sql), parameters: [JSON.stringify(ids)] }),
  taskRuns: (session, ids) => session.ask({ sql: taskRuns(session.sql), parameters: [JSON.stringify(ids)] }),
};
