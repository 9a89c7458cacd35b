import { addSeconds, type Timestamp } from '@mintaka/contract';
import type { WriteSession } from '../../database/database.ts';
import type { Proposal } from '../../orchestration/context.ts';
import type { Context } from '../context.ts';
import { setFlowRunStateWithin } from '../state-changes/set-flow-run-state.ts';

/** How long a claim is remembered after its last request, in seconds: clients give up long before. */
export const claimMemory = 3600;
/** How long a client has to repeat a claim whose answer it did not receive, in seconds. Then its runs are returned. */
const lostClaimSeconds = 30;
/** The number of runs that one transaction returns. */
const atOnce = 200;

/** A run that a claim made Pending, the state that it got, and where it waited. */
export type ClaimedRun = {
  readonly runId: string;
  readonly stateId: string;
  readonly poolId: string;
  readonly queueId: string;
};

/** The runs of a claim, and when it was last requested: this distinguishes an answer from that of a repetition. */
export type RecordedClaim = { readonly requested: Timestamp; readonly runs: readonly ClaimedRun[] };

/** The earlier claims with the same ids. They are requested again now, and count as received. */
export async function earlierClaims(
  session: WriteSession,
  claimIds: readonly string[],
  now: Timestamp,
): Promise<Map<string, RecordedClaim>> {
  const { sql, dialect } = session;
  const isOfClaim = dialect.bindings.isAnyOf('mintaka_claimed_run.claim_id', claimIds);
  const rows = await session.all(
    sql.selectFrom('mintaka_claimed_run').selectAll().where(isOfClaim).orderBy('place'),
  );
  if (rows.length > 0) {
    session.send(sql.updateTable('mintaka_claimed_run').set({ requested: now, lost: null }).where(isOfClaim));
  }
  const claims = new Map<string, RecordedClaim>();
  for (const [claimId, own] of Map.groupBy(rows, (row) => row.claim_id)) {
    const runs = own.map(({ run_id, state_id, work_pool_id, work_queue_id }) => ({
      runId: run_id,
      stateId: state_id,
      poolId: work_pool_id,
      queueId: work_queue_id,
    }));
    claims.set(claimId, { requested: now, runs });
  }
  return claims;
}

/** Records claims in the transaction that makes them. */
export function recordClaims(session: WriteSession, claims: ReadonlyMap<string, RecordedClaim>): void {
  const rows = [...claims].flatMap(([claim_id, { requested, runs }]) =>
    runs.map(({ runId, stateId, poolId, queueId }, place) => ({
      run_id: runId,
      state_id: stateId,
      work_pool_id: poolId,
      work_queue_id: queueId,
      claim_id,
      place,
      requested,
      lost: null,
    })),
  );
  if (rows.length === 0) return;
  session.send(
    session.sql
      .insertInto('mintaka_claimed_run')
      .values(rows)
      .onConflict((on) =>
        on.column('run_id').doUpdateSet((eb) => ({
          state_id: eb.ref('excluded.state_id'),
          work_pool_id: eb.ref('excluded.work_pool_id'),
          work_queue_id: eb.ref('excluded.work_queue_id'),
          claim_id: eb.ref('excluded.claim_id'),
          place: eb.ref('excluded.place'),
          requested: eb.ref('excluded.requested'),
          lost: null,
        })),
      ),
  );
}

/** Notes that the client of a claim did not receive the answer to the request of that time; not if it has repeated it since. */
export function noteLostClaim(
  { database, clock }: Context,
  claimId: string,
  requested: Timestamp,
): Promise<void> {
  return database.transaction(async (session) => {
    session.mayRunAgain();
    await session.run(
      session.sql
        .updateTable('mintaka_claimed_run')
        .set({ lost: clock.now() })
        .where('claim_id', '=', claimId)
        .where('requested', '=', requested),
    );
  });
}

/**
 * Returns the runs of claims whose answer was lost and that were not repeated: those that are still in the state that the claim
 * gave them become Scheduled again.
 * @returns their number
 */
export function giveBackLostClaims(context: Context): Promise<number> {
  const { database, clock } = context;
  return database.transaction(async (session) => {
    const { sql, dialect } = session;
    const lost = sql
      .selectFrom('mintaka_claimed_run')
      .select(['run_id', 'state_id'])
      .where('lost', '<', addSeconds(clock.now(), -lostClaimSeconds))
      .limit(atOnce);
    const rows = await session.all(dialect.bindings.claim(lost, 'mintaka_claimed_run'));
    if (rows.length === 0) return 0;
    const stateOf = new Map(rows.map(({ run_id, state_id }) => [run_id, state_id]));
    const ids = [...stateOf.keys()];
    const runs = sql
      .selectFrom('flow_run')
      .select(['id', 'state_id', 'expected_start_time'])
      .where(dialect.bindings.hasId('flow_run.id', ids));
    // Locked, so that none of them begins to run before it is rescheduled.
    const locked = await session.all(dialect.bindings.lock(runs, 'flow_run'));
    const untouched = locked.filter(({ id, state_id }) => state_id === stateOf.get(id));
    for (const { id, expected_start_time } of untouched) {
      await reschedule(context, session, id, expected_start_time);
    }
    await session.run(
      sql.deleteFrom('mintaka_claimed_run').where(dialect.bindings.hasId('mintaka_claimed_run.run_id', ids)),
    );
    return untouched.length;
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
