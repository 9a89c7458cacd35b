import { addSeconds, type BlockDocument, secondsBetween, type Timestamp, toEpoch } from '@mintaka/contract';
import { objectOf } from '../../database/codecs/values.ts';
import type { QueuedNotification } from '../../database/dialects/notifications.ts';
import type { Redact } from '../../redact.ts';
import { readBlockDocument } from '../blocks/block-documents.ts';
import type { Context } from '../context.ts';
import { fieldsOf } from './block-fields.ts';
import { blockRedactor } from './block-secrets.ts';
import { type Delivery, DeliveryError, deliver, type Outside } from './delivery.ts';
import { type Message, messageOf } from './message.ts';
import { withCredentialsInHeader } from './sender.ts';
import { senderFor } from './senders/index.ts';

/** The number of notifications that a server takes at once. */
const batchSize = 100;
/** How long other servers leave taken notifications alone, in seconds; no attempt may last longer. */
const leaseSeconds = 180;
/** The time after which a server starts none of its remaining taken notifications, in seconds. */
const workSeconds = 60;
/** The first wait after a failure, in seconds. Each wait is as long as the notification has been tried so far, so they double. */
const firstWait = 10;
/** For how long a notification is tried, in seconds. */
const triedSeconds = 3600;
/** The delay of other notifications for a service that did not respond, in seconds. */
const waitBehind = 5;

/** The maximum number of requests of one notification; they are sent concurrently. */
const mostDeliveries = 500;

/** Receives the outcome of notifications, for the log. */
export type NotificationReport = {
  sent(notification: QueuedNotification): void;
  /** One of several deliveries failed; others succeeded, so the notification is not retried. */
  partlyFailed(notification: QueuedNotification, error: unknown): void;
  /** It is retried after `wait` seconds. */
  failed(notification: QueuedNotification, error: unknown, wait: number): void;
  /** It has been retried long enough, or its message cannot be rendered, and is abandoned. */
  givenUp(notification: QueuedNotification, error: unknown): void;
};

/** The dependencies of sending, in addition to the context. `isStopping` is called before each notification. */
export type SendingParts = { outside: Outside; report: NotificationReport; isStopping?: () => boolean };

/**
 * Sends all due notifications. Any number of servers can do so concurrently, because each leases its own from the queue. If a
 * server dies, another one sends its notifications later. Notifications for one block are sent in order, those for different
 * blocks concurrently. If one cannot be sent, it stays in the queue and is due again later.
 */
export async function sendQueuedNotifications(context: Context, parts: SendingParts): Promise<void> {
  while (parts.isStopping?.() !== true) {
    const now = context.clock.now();
    const lease = { limit: batchSize, now, until: addSeconds(now, leaseSeconds) };
    const { taken, notifications } = await context.database.transaction((session) =>
      session.dialect.questions.takeNotifications(session, lease),
    );
    if (taken === 0) return;
    const ways = Map.groupBy(notifications, (notification) => notification.block_document_id);
    await Promise.all([...ways.values()].map((queue) => sendInOrder(context, parts, queue, now)));
  }
}

async function sendInOrder(
  context: Context,
  parts: SendingParts,
  queue: readonly QueuedNotification[],
  begun: Timestamp,
): Promise<void> {
  const block = blockOf(context, queue);
  for (const [place, notification] of queue.entries()) {
    const isLate = secondsBetween(begun, context.clock.now()) > workSeconds;
    if (isLate || parts.isStopping?.() === true) return postpone(context, queue.slice(place), 0);
    const error = await trySending(context, parts, block, notification);
    if (error instanceof DeliveryError && error.unreachable) {
      return postpone(context, queue.slice(place + 1), waitBehind);
    }
  }
}

/** Reads the block of some notifications on first use, only once. */
function blockOf(context: Context, [first]: readonly QueuedNotification[]): () => Promise<BlockDocument> {
  let reading: Promise<BlockDocument> | undefined;
  return () => {
    reading ??= readBlockDocument(context, first?.block_document_id ?? '', true);
    return reading;
  };
}

/** Sends one notification, and records the outcome. Returns the error. */
async function trySending(
  context: Context,
  { outside, report }: SendingParts,
  block: () => Promise<BlockDocument>,
  notification: QueuedNotification,
): Promise<unknown> {
  try {
    const failures = await send(context, outside, await block(), notification);
    await forget(context, notification);
    for (const failure of failures) report.partlyFailed(notification, failure);
    report.sent(notification);
    return undefined;
  } catch (error) {
    const tried = secondsBetween(notification.first_taken, context.clock.now());
    if (tried >= triedSeconds || error instanceof UnsendableError) {
      await forget(context, notification);
      report.givenUp(notification, error);
    } else {
      const wait = Math.max(firstWait, tried);
      await postpone(context, [notification], wait);
      report.failed(notification, error, wait);
    }
    return error;
  }
}

/** A retry would not help: the message cannot be rendered, or it has too many recipients. The message is for the log. */
class UnsendableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnsendableError';
  }
}

/** @throws UnsendableError if the template cannot be rendered, for any reason: it would fail in the same way again. */
function messageFor(context: Context, notification: QueuedNotification): Message {
  try {
    return messageOf(notification, context.settings.ui.url);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnsendableError(`cannot render the message: ${reason}`);
  }
}

/** Sends one notification; returns the failures if only some of its deliveries succeeded. @throws if none did */
async function send(
  context: Context,
  outside: Outside,
  block: BlockDocument,
  notification: QueuedNotification,
): Promise<readonly unknown[]> {
  const data = objectOf(block.data);
  const made = senderFor(block.block_type?.slug ?? '')({
    fields: fieldsOf(data),
    message: messageFor(context, notification),
    seconds: secondsOf(context.clock.now()),
  });
  const deliveries = made.map(withCredentialsInHeader);
  if (deliveries.length > mostDeliveries)
    throw new UnsendableError(
      `a notification takes at most ${mostDeliveries} requests, not ${deliveries.length}`,
    );
  const failures = await failuresOf(outside, deliveries, blockRedactor(data, deliveries));
  if (failures.length > 0 && failures.length === deliveries.length) throw failures[0];
  return failures;
}

async function failuresOf(
  outside: Outside,
  deliveries: readonly Delivery[],
  redact: Redact,
): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(deliveries.map((delivery) => deliver(outside, delivery, redact)));
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
}

function secondsOf(moment: Timestamp): number {
  const { seconds, micros } = toEpoch(moment);
  return seconds + micros / 1e6;
}

function forget(context: Context, { queue_id }: QueuedNotification): Promise<number> {
  return context.database.transaction((session) =>
    session.run(session.sql.deleteFrom('flow_run_notification_queue').where('id', '=', queue_id)),
  );
}

/** Puts notifications back into the queue, due after a delay in seconds. */
async function postpone(
  context: Context,
  notifications: readonly QueuedNotification[],
  seconds: number,
): Promise<void> {
  if (notifications.length === 0) return;
  const ids = notifications.map((notification) => notification.queue_id);
  await context.database.transaction((session) =>
    session.run(
      session.sql
        .updateTable('flow_run_notification_queue')
        .set({ updated: addSeconds(context.clock.now(), seconds) })
        .where(session.dialect.bindings.isAnyOf('flow_run_notification_queue.id', ids)),
    ),
  );
}
