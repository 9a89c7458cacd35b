import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { isTimezone, timezoneAliases } from '../../src/schedules/timezone.ts';

const zonesOfTheMachine = '/usr/share/zoneinfo';

/** Names that engines or machines know, each also in other letters, and some that no database lists. */
function names(): Set<string> {
  const known = [...Intl.supportedValuesOf('timeZone'), ...timezoneAliases];
  const files = existsSync(zonesOfTheMachine)
    ? readdirSync(zonesOfTheMachine, { recursive: true, encoding: 'utf8' })
    : [];
  const spelled = [...known, ...files].flatMap((name) => [name, name.toLowerCase(), name.toUpperCase()]);
  return new Set([
    ...spelled,
    ...['US/Pacific-New', 'Factory', 'Asia/Riyadh87', 'Canada/East-Saskatchewan'],
    ...['', 'PST', 'IST', 'ACT', 'SystemV/EST5', '+01:00', 'UTC+1', 'Etc/Unknown'],
  ]);
}

test('a time zone is valid if Temporal knows exactly this name', () => {
  const epoch = Temporal.Instant.fromEpochMilliseconds(0);
  const isKnown = (name: string) => {
    try {
      return !/^[+-]/.test(name) && epoch.toZonedDateTimeISO(name).timeZoneId === name;
    } catch {
      return false;
    }
  };

  assert.deepEqual(
    [...names()].filter((name) => isTimezone(name) !== isKnown(name)),
    [],
  );
});
