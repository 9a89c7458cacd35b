export * from './cron.ts';
export * from './problems.ts';
export * from './recurrence.ts';
export { isTimezone } from './timezone.ts';
