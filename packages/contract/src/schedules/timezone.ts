/**
 * Whether a name is a time zone of the IANA database, written as the database writes it: `Europe/Berlin`, `US/Eastern`,
 * `UTC`; not `utc`, and no offset such as `+01:00`.
 */
export function isTimezone(name: string): boolean {
  if (name.startsWith('+') || name.startsWith('-')) return false;
  try {
    return epoch.toZonedDateTimeISO(name).timeZoneId === name;
  } catch {
    return false;
  }
}

const epoch = Temporal.Instant.fromEpochMilliseconds(0);
