export { dateOnClock } from './date-text.ts';
export type {
  CronDefinition,
  IntervalDefinition,
  RecurrenceDefinition,
  ScheduleDefinition,
} from './definition.ts';
export { datesInSteps, scheduleDates, type Wanted } from './schedule-dates.ts';
export {
  mostWork,
  newPace,
  newWork,
  PAUSE,
  type Pace,
  type Pause,
  pauseIsDue,
  spend,
  type Work,
} from './work.ts';
