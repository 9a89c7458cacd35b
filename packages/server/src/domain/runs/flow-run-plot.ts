import type { SimpleFlowRun, SimpleFlowRunsBody } from '@mintaka/contract';
import { estimatedRunTime, estimatedStartTimeDelta } from '../../database/codecs/run-times.ts';
import { composeFlowRuns } from '../../database/filters/compose.ts';
import { sortFlowRuns } from '../../database/sorts.ts';
import type { Context } from '../context.ts';

/** The maximum number of points of a plot. */
const mostPoints = 1000;

/** A page of the flow runs that match the filters, as points: when each ran, how long, and how late it started. */
export function plotFlowRuns(context: Context, body: SimpleFlowRunsBody): Promise<SimpleFlowRun[]> {
  return context.database.readLong(async (session) => {
    const chosen = composeFlowRuns(session, session.sql.selectFrom('flow_run'), body);
    const page = sortFlowRuns(
      chosen
        .select(['flow_run.id', 'state_type', 'state_timestamp', 'start_time'])
        .select(['expected_start_time', 'total_run_time']),
      body.sort,
    )
      .limit(body.limit < 0 ? mostPoints : body.limit)
      .offset(body.offset);
    const now = context.clock.now();
    return (await session.all(page)).flatMap((row) => {
      const moment = row.start_time ?? row.expected_start_time;
      if (row.state_type === null || moment === null) return [];
      return {
        id: row.id,
        state_type: row.state_type,
        timestamp: moment,
        duration: estimatedRunTime(row, now),
        lateness: estimatedStartTimeDelta(row, now),
      };
    });
  });
}
