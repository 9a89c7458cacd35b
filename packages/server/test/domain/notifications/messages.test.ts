import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonText, timestamp } from '@mintaka/contract';
import type { QueuedNotification } from '../../../src/database/dialects/notifications.ts';
import { messageOf } from '../../../src/domain/notifications/message.ts';
import { TemplateError } from '../../../src/domain/notifications/template.ts';
import recorded from './recorded-messages.json' with { type: 'json' };

const numbered = (number: number) => `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`;

function notification(message_template: string | null): QueuedNotification {
  return {
    queue_id: numbered(9),
    first_taken: timestamp('2023-02-01 03:04:06.000000'),
    flow_run_notification_policy_id: numbered(1),
    message_template,
    block_document_id: numbered(2),
    flow_id: numbered(3),
    flow_name: 'f',
    flow_run_id: numbered(4),
    flow_run_name: 'r',
    flow_run_parameters: new JsonText(recorded.parameters),
    flow_run_state_type: 'FAILED',
    flow_run_state_name: 'Failed',
    flow_run_state_timestamp: timestamp('2023-02-01 03:04:05.123456'),
    flow_run_state_message: null,
  };
}

test("messages are the same as Prefect's for the same templates and run", () => {
  for (const { template, message } of recorded.filled) {
    assert.equal(messageOf(notification(template), null).body, message, template ?? 'the default template');
  }
});

test('a template that Prefect cannot render is an error, not a message with gaps', () => {
  for (const template of recorded.failing) {
    assert.throws(() => messageOf(notification(template), null), TemplateError, template);
  }
});

test('the link leads to the pages at their public URL', () => {
  const { body } = messageOf(notification('{flow_run_url}'), 'https://flows.example.com');
  assert.equal(body, `https://flows.example.com/flow-runs/flow-run/${numbered(4)}`);
});
