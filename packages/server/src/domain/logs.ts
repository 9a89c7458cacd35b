import type { LogCreate, LogFilterBody } from '@mintaka/contract';
import { type LogResponse, logFromRow } from '../database/codecs/log.ts';
import { narrow } from '../database/filters/compose.ts';
import { logWhere } from '../database/filters/log.ts';
import { sortLogs } from '../database/sorts.ts';
import { type Batches, readPiece } from './batches.ts';
import { proveByRow } from './commit-proofs.ts';
import type { Context } from './context.ts';
import { pageOf } from './pages.ts';

/** Stores log lines of runs. The runs need not exist. */
export function createLogs(context: Context, lines: readonly LogCreate[]): Promise<void> {
  const { random, clock, database } = context;
  return database.transaction(async (session) => {
    const now = clock.now();
    for (const flow_run_id of new Set(lines.map((line) => line.flow_run_id))) {
      session.changed({ kind: 'log', id: null, action: 'created', flow_run_id });
    }
    for (let from = 0; from < lines.length; from += sliceSize) {
      if (from > 0) await new Promise(setImmediate);
      const slice = lines.slice(from, from + sliceSize);
      const logs = slice.map((line) => ({ ...line, id: random.id(), task_run_id: line.task_run_id ?? null }));
      if (from === 0 && logs[0] !== undefined) proveByRow(session, 'log', logs[0].id);
      session.dialect.questions.insertLogs(session, logs, now);
    }
  });
}

/** The number of lines that are written in one turn of the event loop. */
const sliceSize = 500;

/** One page of the log lines that match the filter. */
export function filterLogs(context: Context, body: LogFilterBody): Batches<LogResponse> {
  return readPiece(pageOf(context, body), ({ limit, offset }) =>
    context.database.readLong(async (session) => {
      const condition = body.logs === undefined ? undefined : logWhere(body.logs, session.dialect.bindings);
      const chosen = narrow(session.sql.selectFrom('log').selectAll(), condition);
      const page = sortLogs(chosen, body.sort).limit(limit).offset(offset);
      return (await session.all(page)).map(logFromRow);
    }),
  );
}
