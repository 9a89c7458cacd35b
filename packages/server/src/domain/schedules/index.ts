export { dateOnClock } from './date-text.ts';
export type { CronSchedule, IntervalSchedule, RecurrenceSchedule, Schedule } from './schedule.ts';
export { scheduleDates, type Wanted } from './schedule-dates.ts';
