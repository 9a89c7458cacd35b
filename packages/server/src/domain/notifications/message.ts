import { type JsonText, MESSAGE_LIMIT, type NOTIFICATION_VARIABLES, wireTimestamp } from '@mintaka/contract';
import { quoted } from '@mintaka/contract/wire';
import type { QueuedNotification } from '../../database/dialects/notifications.ts';
import { pythonText } from '../python-text.ts';
import { fillTemplate, type TemplateValue } from './template.ts';

/** The text to send. */
export type Message = { subject: string; body: string };

type Variable = (typeof NOTIFICATION_VARIABLES)[number];

const subject = 'Prefect flow run notification';

/** The message of policies without a template. */
const defaultTemplate = `
Flow run {flow_name}/{flow_run_name} entered state \`{flow_run_state_name}\` at {flow_run_state_timestamp}.

Flow ID: {flow_id}
Flow run ID: {flow_run_id}
Flow run URL: {flow_run_url}
State message: {flow_run_state_message}
`;

/** The start of links if the URL of the pages is not configured; the reference's own words. */
const unknownPages = 'http://ephemeral-orion/api';

/**
 * The message about a state, rendered with the policy's template. `pages` is the URL of the pages, null if it is unknown.
 * @throws TemplateError if the template cannot be rendered
 */
export function messageOf(notification: QueuedNotification, pages: string | null): Message {
  const values = new Map<string, TemplateValue>(Object.entries(valuesOf(notification, pages)));
  return { subject, body: fillTemplate(notification.message_template || defaultTemplate, values) };
}

function valuesOf(notification: QueuedNotification, pages: string | null): Record<Variable, TemplateValue> {
  const { flow_run_id, flow_run_state_message, flow_run_state_type } = notification;
  const parameters = once(() => shownParameters(notification.flow_run_parameters));
  const moment = wireTimestamp(notification.flow_run_state_timestamp);
  return {
    flow_run_notification_policy_id: id(notification.flow_run_notification_policy_id),
    flow_id: id(notification.flow_id),
    flow_name: text(notification.flow_name),
    flow_run_url: text(`${pages || unknownPages}/flow-runs/flow-run/${flow_run_id}`),
    flow_run_id: id(flow_run_id),
    flow_run_name: text(notification.flow_run_name),
    flow_run_parameters: { text: parameters, shown: parameters, formats: false },
    flow_run_state_type: plain(`StateType.${flow_run_state_type}`, true),
    flow_run_state_name: text(notification.flow_run_state_name),
    flow_run_state_timestamp: plain(moment, false),
    flow_run_state_message:
      flow_run_state_message === null ? plain('None', false) : text(flow_run_state_message),
  };
}

function shownParameters(parameters: JsonText | null): string {
  return parameters === null
    ? '(too large to be shown)'
    : pythonText(parameters.parseExactly(), MESSAGE_LIMIT);
}

/** A value that looks the same in both forms. */
function plain(value: string, formats: boolean): TemplateValue {
  return { text: () => value, shown: () => value, formats };
}

function text(value: string): TemplateValue {
  return { text: () => value, shown: once(() => quoted(value)), formats: true };
}

function id(value: string): TemplateValue {
  return { text: () => value, shown: () => `UUID('${value}')`, formats: false };
}

/** A value that is expensive to compute, computed on first use. */
function once(make: () => string): () => string {
  let made: string | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
