import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { timestamp } from '../../../src/index.ts';
import { type ScheduleDefinition, scheduleDates } from '../../../src/schedules/index.ts';

type Case = {
  schedule: ScheduleDefinition;
  start: string;
  end: string | null;
  limit: number;
  dates: string[];
};

const file = new URL('../reference/cases.json', import.meta.url);
const cases: Case[] = JSON.parse(readFileSync(file, 'utf8'));

function answer(asked: Case): string[] {
  const start = timestamp(asked.start);
  const end = asked.end === null ? undefined : timestamp(asked.end);
  return scheduleDates(asked.schedule, { now: start, start, end, limit: asked.limit });
}

for (const kind of ['interval', 'cron', 'rrule']) {
  test(`${kind} schedules have the same dates as Prefect's, except near clock changes`, () => {
    const ofKind = cases.filter((asked) => kind in asked.schedule);
    assert.ok(ofKind.length > 50);
    for (const asked of ofKind) {
      assert.deepEqual(answer(asked), asked.dates, JSON.stringify({ ...asked, dates: undefined }));
    }
  });
}
