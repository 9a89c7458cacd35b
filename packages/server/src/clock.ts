import { type Timestamp, timestamp } from '@mintaka/contract';

/** The source of time. It is passed in, so that tests can control it. */
export type Clock = {
  /** The current time, to the microsecond. */
  now(): Timestamp;
};

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => {
    const text = Temporal.Now.instant().toString({ fractionalSecondDigits: 6 });
    return timestamp(`${text.slice(0, 10)} ${text.slice(11, 26)}`);
  },
};
