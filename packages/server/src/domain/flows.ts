import {
  type FlowCountBody,
  type FlowCreate,
  type FlowFilterBody,
  type FlowUpdate,
  storedJson,
} from '@mintaka/contract';
import { type FlowResponse, flowFromRow } from '../database/codecs/flow.ts';
import { composeFlows } from '../database/filters/compose.ts';
import { sortFlows } from '../database/sorts.ts';
import { type Batches, readPiece } from './batches.ts';
import type { Context } from './context.ts';
import type { Created } from './created.ts';
import { deleteWithChildren } from './deletion/deletions.ts';
import { NotFoundError } from './errors.ts';
import { pageOf } from './pages.ts';

const notFound = () => new NotFoundError('Flow not found');

/** The flow with this name, created if it is missing; an existing one is not changed. */
export function createFlow(context: Context, { name, tags }: FlowCreate): Promise<Created<FlowResponse>> {
  const now = context.clock.now();
  return context.database.transaction(async (session) => {
    session.mayRunAgain();
    const values = {
      id: context.random.id(),
      created: now,
      updated: now,
      name,
      tags: storedJson(tags ?? []),
    };
    const added = await session.run(
      session.sql
        .insertInto('flow')
        .values(values)
        .onConflict((conflict) => conflict.column('name').doNothing()),
    );
    const row = await session.first(session.sql.selectFrom('flow').selectAll().where('name', '=', name));
    if (row === undefined) throw notFound();
    return { created: added > 0, value: flowFromRow(row) };
  });
}

/** The flow with this id. @throws NotFoundError */
export async function readFlow(context: Context, id: string): Promise<FlowResponse> {
  const row = await context.database.read((session) =>
    session.first(session.sql.selectFrom('flow').selectAll().where('id', '=', id)),
  );
  if (row === undefined) throw notFound();
  return flowFromRow(row);
}

/** The flow with this name. @throws NotFoundError */
export async function readFlowByName(context: Context, name: string): Promise<FlowResponse> {
  const row = await context.database.read((session) =>
    session.first(session.sql.selectFrom('flow').selectAll().where('name', '=', name)),
  );
  if (row === undefined) throw notFound();
  return flowFromRow(row);
}

/** One page of the flows that match the filters. */
export function filterFlows(context: Context, body: FlowFilterBody): Batches<FlowResponse> {
  return readPiece(pageOf(context, body), ({ limit, offset }) =>
    context.database.readLong(async (session) => {
      const chosen = composeFlows(session, session.sql.selectFrom('flow'), body).selectAll('flow');
      const page = sortFlows(chosen, body.sort).limit(limit).offset(offset);
      return (await session.all(page)).map(flowFromRow);
    }),
  );
}

/** How many flows match the filters. */
export function countFlows(context: Context, body: FlowCountBody): Promise<number> {
  return context.database.readLong(async (session) => {
    const chosen = composeFlows(session, session.sql.selectFrom('flow'), body);
    const row = await session.first(chosen.select((eb) => eb.fn.countAll<number>().as('count')));
    return row?.count ?? 0;
  });
}

/** Updates the given fields of a flow. @throws NotFoundError */
export async function updateFlow(context: Context, id: string, { tags }: FlowUpdate): Promise<void> {
  const changes = tags === undefined ? {} : { tags: storedJson(tags) };
  const changed = await context.database.transaction((session) =>
    session.run(
      session.sql
        .updateTable('flow')
        .set({ ...changes, updated: context.clock.now() })
        .where('id', '=', id),
    ),
  );
  if (changed === 0) throw notFound();
}

/** Deletes a flow with all its deployments and runs. @throws NotFoundError */
export async function deleteFlow(context: Context, id: string): Promise<void> {
  if (!(await deleteWithChildren(context, { kind: 'flow', id }))) throw notFound();
}
