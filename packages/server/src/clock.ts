import { type Timestamp, timestamp } from '@mintaka/contract';

/** Where the time comes from. Passed to whatever needs it, so that a test can hold it still. */
export type Clock = {
  /** The present moment, to the microsecond. */
  now(): Timestamp;
};

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => {
    const text = Temporal.Now.instant().toString({ fractionalSecondDigits: 6 });
    return timestamp(`${text.slice(0, 10)} ${text.slice(11, 26)}`);
  },
};
