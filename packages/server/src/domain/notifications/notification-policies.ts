import {
  type FlowRunNotificationPolicyCreate,
  type FlowRunNotificationPolicyFilterBody,
  type FlowRunNotificationPolicyUpdate,
  storedJson,
} from '@mintaka/contract';
import {
  type NotificationPolicyResponse,
  notificationPolicyFromRow,
} from '../../database/codecs/notification-policy.ts';
import type { ReadSession } from '../../database/database.ts';
import { narrow } from '../../database/filters/compose.ts';
import { notificationPolicyWhere } from '../../database/filters/notification-policy.ts';
import { type Batches, readPiece } from '../batches.ts';
import { proveByRow } from '../commit-proofs.ts';
import type { Context } from '../context.ts';
import { deleteWithChildren } from '../deletion/deletions.ts';
import { IntegrityError, NotFoundError } from '../errors.ts';
import { pageOf } from '../pages.ts';

const notFound = () => new NotFoundError('flow run notification policy not found');

// Word for word: the reference inserts a Python function instead of the id.
const nothingToUpdate = () =>
  new NotFoundError('Flow run notification policy <built-in function id> not found');

/** Creates a notification policy. @throws IntegrityError if its block document does not exist */
export function createNotificationPolicy(
  context: Context,
  body: FlowRunNotificationPolicyCreate,
): Promise<NotificationPolicyResponse> {
  const id = context.random.id();
  return context.database.transaction(async (session) => {
    proveByRow(session, 'flow_run_notification_policy', id);
    const now = context.clock.now();
    await session.run(
      session.sql.insertInto('flow_run_notification_policy').values({
        id,
        created: now,
        updated: now,
        is_active: body.is_active ?? true,
        state_names: storedJson(body.state_names ?? []),
        tags: storedJson(body.tags ?? []),
        block_document_id: body.block_document_id,
        message_template: body.message_template ?? null,
      }),
    );
    return findById(session, id);
  });
}

/** The notification policy with this id. @throws NotFoundError */
export function readNotificationPolicy(context: Context, id: string): Promise<NotificationPolicyResponse> {
  return context.database.read((session) => findById(session, id));
}

async function findById(session: ReadSession, id: string): Promise<NotificationPolicyResponse> {
  const row = await session.first(
    session.sql.selectFrom('flow_run_notification_policy').selectAll().where('id', '=', id),
  );
  if (row === undefined) throw notFound();
  return notificationPolicyFromRow(row);
}

/** One page of the notification policies that match the filter, by id. */
export function filterNotificationPolicies(
  context: Context,
  body: FlowRunNotificationPolicyFilterBody,
): Batches<NotificationPolicyResponse> {
  const filter = body.flow_run_notification_policy_filter;
  return readPiece(pageOf(context, body), ({ limit, offset }) =>
    context.database.read(async (session) => {
      const chosen = narrow(
        session.sql.selectFrom('flow_run_notification_policy').selectAll(),
        filter && notificationPolicyWhere(filter),
      );
      const page = chosen.orderBy('id').limit(limit).offset(offset);
      return (await session.all(page)).map(notificationPolicyFromRow);
    }),
  );
}

/** Updates the given fields of a notification policy. @throws NotFoundError, IntegrityError for null in a required field */
export function updateNotificationPolicy(
  context: Context,
  id: string,
  body: FlowRunNotificationPolicyUpdate,
): Promise<void> {
  return context.database.transaction(async (session) => {
    const policy = await session.first(
      session.sql.selectFrom('flow_run_notification_policy').select('id').where('id', '=', id),
    );
    if (policy === undefined) throw nothingToUpdate();
    await session.run(
      session.sql
        .updateTable('flow_run_notification_policy')
        .set({ ...storedChanges(body), updated: context.clock.now() })
        .where('id', '=', id),
    );
  });
}

function storedChanges(body: FlowRunNotificationPolicyUpdate) {
  const { is_active, state_names, tags, block_document_id, message_template } = body;
  return {
    ...(is_active === undefined ? {} : { is_active: notNull(is_active) }),
    ...(state_names === undefined ? {} : { state_names: storedJson(notNull(state_names)) }),
    ...(tags === undefined ? {} : { tags: storedJson(notNull(tags)) }),
    ...(block_document_id === undefined ? {} : { block_document_id: notNull(block_document_id) }),
    ...(message_template === undefined ? {} : { message_template }),
  };
}

/** A value for a column that has always one. Null is refused here as the database would. */
function notNull<Value>(value: Value | null): Value {
  if (value === null) throw new IntegrityError('not null', undefined);
  return value;
}

/** Deletes a notification policy with its unsent messages. @throws NotFoundError */
export async function deleteNotificationPolicy(context: Context, id: string): Promise<void> {
  if (!(await deleteWithChildren(context, { kind: 'notification_policy', id }))) throw notFound();
}
