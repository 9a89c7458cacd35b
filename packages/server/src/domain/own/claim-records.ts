import { addSeconds, type Timestamp } from '@mintaka/contract';
import type { SelectQueryBuilder } from 'kysely';
import type { WriteSession } from '../../database/database.ts';
import type { Tables } from '../../database/tables.ts';
import type { Proposal } from '../../orchestration/context.ts';
import type { Context } from '../context.ts';
import { setFlowRunStateWithin } from '../state-changes/set-flow-run-state.ts';

/** How long a claim is remembered, in seconds: clients give up long before. */
const claimMemory = 3600;
/** How long a client has to repeat a claim whose answer it did not receive, in seconds. Then its runs are returned. */
const lostClaimSeconds = 30;
/** The number of runs that one transaction deletes or returns. */
const atOnce = 200;

/** A run that a claim made Pending, and its queue. */
export type ClaimedRun = { readonly runId: string; readonly queueId: string };

/** The runs of earlier claims with the same ids, by claim. They count as received from now on. */
export async function earlierClaims(
  session: WriteSession,
  claimIds: readonly string[],
): Promise<Map<string, readonly ClaimedRun[]>> {
  const { sql, dialect } = session;
  const isOfClaim = dialect.bindings.isAnyOf('mintaka_claimed_run.claim_id', claimIds);
  const rows = await session.all(
    sql
      .selectFrom('mintaka_claimed_run')
      .select(['claim_id', 'run_id', 'work_queue_id'])
      .where(isOfClaim)
      .orderBy('place'),
  );
  if (rows.length > 0) {
    session.send(sql.updateTable('mintaka_claimed_run').set({ lost: null }).where(isOfClaim));
  }
  const claims = new Map<string, readonly ClaimedRun[]>();
  for (const [claimId, runs] of Map.groupBy(rows, (row) => row.claim_id)) {
    claims.set(
      claimId,
      runs.map((run) => ({ runId: run.run_id, queueId: run.work_queue_id })),
    );
  }
  return claims;
}

/** Records the runs of claims in the transaction that claims them. */
export function recordClaims(
  session: WriteSession,
  claims: ReadonlyMap<string, readonly ClaimedRun[]>,
  now: Timestamp,
): void {
  const { sql } = session;
  const rows = [...claims].flatMap(([claimId, runs]) =>
    runs.map(({ runId, queueId }, place) => ({
      run_id: runId,
      claim_id: claimId,
      work_queue_id: queueId,
      place,
      claimed: now,
      lost: null,
    })),
  );
  if (rows.length === 0) return;
  session.send(
    sql
      .insertInto('mintaka_claimed_run')
      .values(rows)
      .onConflict((on) =>
        on.column('run_id').doUpdateSet((eb) => ({
          claim_id: eb.ref('excluded.claim_id'),
          work_queue_id: eb.ref('excluded.work_queue_id'),
          place: eb.ref('excluded.place'),
          claimed: eb.ref('excluded.claimed'),
          lost: null,
        })),
      ),
  );
}

/** Notes that the client of a claim did not receive its answer. */
export function noteLostClaim({ database, clock }: Context, claimId: string): Promise<void> {
  return database.transaction(async (session) => {
    session.mayRunAgain();
    await session.run(
      session.sql
        .updateTable('mintaka_claimed_run')
        .set({ lost: clock.now() })
        .where('claim_id', '=', claimId),
    );
  });
}

/**
 * Returns the runs of claims whose answer was lost and that were not repeated: those that are still Pending become Scheduled
 * again.
 * @returns their number
 */
export function giveBackLostClaims(context: Context): Promise<number> {
  const lostBefore = addSeconds(context.clock.now(), -lostClaimSeconds);
  return giveBack(context, (lost) => lost.where('lost', '<', lostBefore));
}

/** Returns the runs of claims whose clients have disconnected, like {@link giveBackLostClaims}. */
export async function giveBackClaims(context: Context, claimIds: readonly string[]): Promise<void> {
  const { isAnyOf } = context.database.dialect.bindings;
  const isOfClaim = isAnyOf('mintaka_claimed_run.claim_id', claimIds);
  await giveBack(context, (claimed) => claimed.where(isOfClaim));
}

type ClaimedRuns = SelectQueryBuilder<Tables, 'mintaka_claimed_run', { run_id: string }>;

function giveBack(context: Context, choose: (claimed: ClaimedRuns) => ClaimedRuns): Promise<number> {
  return context.database.transaction(async (session) => {
    const { sql, dialect } = session;
    const chosen = choose(sql.selectFrom('mintaka_claimed_run').select('run_id')).limit(atOnce);
    const rows = await session.all(dialect.bindings.claim(chosen, 'mintaka_claimed_run'));
    const ids = rows.map(({ run_id }) => run_id);
    if (ids.length === 0) return 0;
    const isPending = sql
      .selectFrom('flow_run')
      .select(['id', 'expected_start_time'])
      .where(dialect.bindings.hasId('flow_run.id', ids))
      .where('state_type', '=', 'PENDING');
    // Locked, so that none of them begins to run before it is rescheduled.
    const pending = await session.all(dialect.bindings.lock(isPending, 'flow_run'));
    for (const { id, expected_start_time } of pending) {
      await reschedule(context, session, id, expected_start_time);
    }
    await session.run(
      sql.deleteFrom('mintaka_claimed_run').where(dialect.bindings.hasId('mintaka_claimed_run.run_id', ids)),
    );
    return pending.length;
  });
}

async function reschedule(
  context: Context,
  session: WriteSession,
  flowRunId: string,
  scheduledTime: Timestamp | null,
): Promise<void> {
  const proposal: Proposal = {
    type: 'SCHEDULED',
    message: 'The worker that claimed this run did not receive it.',
    state_details: { scheduled_time: scheduledTime ?? context.clock.now() },
  };
  await setFlowRunStateWithin(context, session, { flowRunId, proposal, force: true, apiVersion: null });
}

/** Forgets claims that no client repeats any more. @returns how many runs they had */
export function forgetOldClaims({ database, clock }: Context): Promise<number> {
  return database.transaction(async (session) => {
    session.mayRunAgain();
    const { sql, dialect } = session;
    const old = sql
      .selectFrom('mintaka_claimed_run')
      .select('run_id')
      .where('claimed', '<', addSeconds(clock.now(), -claimMemory))
      .where('lost', 'is', null)
      .orderBy('claimed')
      .limit(atOnce);
    const rows = await session.all(dialect.bindings.claim(old, 'mintaka_claimed_run'));
    if (rows.length === 0) return 0;
    const ids = rows.map(({ run_id }) => run_id);
    return session.run(
      sql.deleteFrom('mintaka_claimed_run').where(dialect.bindings.hasId('mintaka_claimed_run.run_id', ids)),
    );
  });
}
