import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  cronProblem,
  intervalProblem,
  parseCron,
  parseRecurrence,
  recurrenceProblem,
  timezoneProblem,
} from '../../src/index.ts';

/** A text, and Prefect's answer to it: a message, nothing, or the name of an error for which it answers 500. */
type Verdict = [text: string, message: string | null];
type Grammar = { crons: Verdict[]; rules: Verdict[]; timezones: Verdict[] };

const file = new URL('./reference/grammar.json', import.meta.url);
const grammar: Grammar = JSON.parse(readFileSync(file, 'utf8'));

function compare(verdicts: Verdict[], problem: (text: string) => string | undefined): void {
  for (const [text, message] of verdicts) {
    const ours = problem(text);
    if (message !== null && /^\w+Error$/.test(message)) assert.notEqual(ours, undefined, text);
    else assert.equal(ours ?? null, message, text);
  }
}

test('cron expressions are accepted and refused as by Prefect, with its messages', () => {
  compare(grammar.crons, cronProblem);
});

test('RRULE texts are accepted and refused as by Prefect, with its messages', () => {
  compare(grammar.rules, recurrenceProblem);
});

test('time zones are accepted and refused as by Prefect, with its messages', () => {
  compare(grammar.timezones, timezoneProblem);
  assert.equal(timezoneProblem(null), undefined);
});

test('intervals must be positive', () => {
  assert.equal(intervalProblem(0.000001), undefined);
  assert.equal(intervalProblem(0), 'The interval must be positive');
  assert.equal(intervalProblem(-1), 'The interval must be positive');
});

test('random forms with a range or a step are refused like the plain letter', () => {
  for (const field of ['r/5', 'R(0-10)', 'r(1-5)/2']) {
    assert.match(cronProblem(`${field} * * * *`) ?? '', /^Random and Hashed expressions are unsupported/);
  }
});

test('the interval of a rule must be at least 1, because 0 would never advance', () => {
  assert.match(recurrenceProblem('FREQ=DAILY;INTERVAL=0') ?? '', /invalid 'INTERVAL': 0$/);
});

test('a cron expression is parsed into its values', () => {
  assert.deepEqual(parseCron('*/20 9-17/4 L,1 jan,dec fri#2,l0 30'), {
    seconds: [30],
    minutes: [0, 20, 40],
    hours: [9, 13, 17],
    days: [1],
    lastDay: true,
    months: [1, 12],
    weekdays: undefined,
    nthWeekdays: [
      { weekday: 5, nth: 2 },
      { weekday: 0, nth: 'last' },
    ],
  });
});

test('a recurrence is parsed into rules and local dates', () => {
  const read = parseRecurrence('DTSTART;TZID=Europe/Berlin:20240229T010203\nrrule:freq=weekly;byday=mo,-1tu');
  assert.ok(typeof read !== 'string');
  assert.equal(read.start, Date.UTC(2024, 1, 29, 1, 2, 3) / 1000);
  assert.deepEqual(read.rules[0]?.weekdays, [
    { weekday: 0, nth: undefined },
    { weekday: 1, nth: -1 },
  ]);
});
