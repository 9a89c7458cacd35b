import type { Context } from '../domain/context.ts';
import type { Outside } from '../domain/notifications/delivery.ts';
import { type NotificationReport, sendQueuedNotifications } from '../domain/notifications/send-queued.ts';
import type { Log } from '../log.ts';
import { type LoopObserver, loop, type Service } from './loop.ts';
import { outsideWorld } from './outbound.ts';

const name = 'notifications';

/** The loop that sends queued notifications. When it stops, it begins no further notification. */
export function notifications(
  context: Context,
  log: Log,
  observer?: LoopObserver,
  outside: Outside = outsideWorld(),
): Service {
  const report = reportTo(log);
  let stopping = false;
  const service = loop({
    name,
    seconds: context.settings.services.notifications.loopSeconds,
    log,
    observer,
    runOnce: () => sendQueuedNotifications(context, { outside, report, isStopping: () => stopping }),
  });
  return {
    ...service,
    stop: () => {
      stopping = true;
      return service.stop();
    },
  };
}

/** Logs the outcome of notifications. */
function reportTo(log: Log): NotificationReport {
  const about = (notification: Parameters<NotificationReport['sent']>[0]) => ({
    service: name,
    policy: notification.flow_run_notification_policy_id,
    block: notification.block_document_id,
    flowRun: notification.flow_run_id,
    state: notification.flow_run_state_name,
  });
  return {
    sent: (notification) => log.debug(about(notification), 'sent a notification'),
    partlyFailed: (notification, error) =>
      log.error({ ...about(notification), err: error }, 'a notification was sent to only some recipients'),
    failed: (notification, error, wait) =>
      log.warn({ ...about(notification), err: error, wait }, 'could not send a notification; retrying'),
    givenUp: (notification, error) =>
      log.error({ ...about(notification), err: error }, 'could not send a notification; giving up'),
  };
}
