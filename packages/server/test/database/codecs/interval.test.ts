import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  postgresInterval,
  secondsOfPostgresInterval,
  secondsOfSqliteInterval,
  sqliteInterval,
} from '../../../src/database/codecs/interval.ts';

test('a run time is read as it was stored, to the microsecond', () => {
  for (const seconds of [0, 0.000001, 59.999999, 86_399.5, 86_400, 9_000_000.25]) {
    assert.equal(secondsOfSqliteInterval(sqliteInterval(seconds)), seconds);
  }
  assert.equal(postgresInterval(9.5), '9.500000 seconds');
  assert.equal(secondsOfPostgresInterval('P1DT2H3M4.000005S'), 93_784.000005);
});

test('a negative run time, which Prefect stores after its clock was set back, is read as 0', () => {
  assert.equal(secondsOfSqliteInterval(sqliteInterval(-3600.5)), 0);
  assert.equal(secondsOfPostgresInterval('PT-1H-0.5S'), 0);
});
