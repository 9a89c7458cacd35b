import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonText } from '@mintaka/contract';
import { scheduleFromJson } from '../../../src/database/codecs/schedule.ts';

test('a schedule is returned in its own order of fields, which Postgres does not keep', () => {
  const anchor_date = '2026-01-01T00:00:00+02:00';
  const interval = { anchor_date, timezone: 'Europe/Paris', interval: JSON.rawJSON('60.0') };
  assert.equal(
    JSON.stringify(scheduleFromJson(jsonText(interval))),
    '{"interval":60,"anchor_date":"2026-01-01T00:00:00+02:00","timezone":"Europe/Paris"}',
  );
  assert.equal(
    JSON.stringify(scheduleFromJson(jsonText({ day_or: false, timezone: null, cron: '* * * * *' }))),
    '{"cron":"* * * * *","timezone":null,"day_or":false}',
  );
  assert.equal(
    JSON.stringify(scheduleFromJson(jsonText({ timezone: 'UTC', rrule: 'FREQ=DAILY' }))),
    '{"rrule":"FREQ=DAILY","timezone":"UTC"}',
  );
});

test('no schedule is null', () => {
  assert.equal(scheduleFromJson(null), null);
});
