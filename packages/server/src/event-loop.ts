import type { Logger } from 'pino';

/** Something that runs on the event loop: a request, or a round of a background loop. */
export type Activity = {
  /** Its kind, such as `POST /api/flows/` or `loop scheduler`; there are few kinds. */
  readonly name: string;
  readonly requestId?: string;
};

/** Measures how long the turns of the event loop take. */
export type EventLoopWatch = {
  /** Records the start of an activity; call the returned function at its end. */
  begin(activity: Activity): () => void;
  /** Measures the delay; called by a timer. */
  look(): void;
};

/** The options of a watch. All times are in milliseconds. */
export type EventLoopWatchOptions = {
  log: Pick<Logger, 'warn'>;
  /** The interval of the timer. */
  interval: number;
  /** The time since any fixed point. */
  now: () => number;
  /** The CPU time of this thread since any fixed point. */
  processorTime: () => number;
  /** Receives the delay of each measurement, in seconds. */
  observe: (seconds: number) => void;
};

/** From which length a delay is logged as a warning, in milliseconds. */
const longTurn = 200;
/** How long further delays with the same probable cause are counted instead of logged, in milliseconds. */
const quietMilliseconds = 10_000;
/** How many activities a warning names. */
const mostNamed = 5;

type Entry = Activity & { began: number; ended: number };

/**
 * Watches the event loop. A late timer means that a turn took that long. The activity that caused it usually starts or ends
 * in that turn, so a warning names such activities first, then the other active ones, the oldest last.
 */
export function createEventLoopWatch({
  log,
  interval,
  now,
  processorTime,
  observe,
}: EventLoopWatchOptions): EventLoopWatch {
  const active = new Set<Entry>();
  let ended: Entry[] = [];
  const logged = new Map<string, { at: number; omitted: number }>();
  let lookedAt = now();
  let usedThen = processorTime();

  function warn(delay: number, used: number): void {
    const at = now();
    const causes = [...ended, ...active]
      .sort((a, b) => lastEvent(b) - lastEvent(a))
      .slice(0, mostNamed)
      .map(({ name, requestId }) => (requestId === undefined ? { name } : { name, requestId }));
    const kind = causes[0]?.name ?? 'unknown';
    const last = logged.get(kind);
    if (last !== undefined && at - last.at < quietMilliseconds) {
      last.omitted += 1;
      return;
    }
    logged.set(kind, { at, omitted: 0 });
    const omitted = last === undefined || last.omitted === 0 ? {} : { omitted: last.omitted };
    log.warn(
      { milliseconds: Math.round(delay), processorMilliseconds: Math.round(used), causes, ...omitted },
      'the event loop was blocked',
    );
  }

  return {
    begin: (activity) => {
      const entry: Entry = { ...activity, began: now(), ended: Number.NaN };
      active.add(entry);
      return () => {
        if (!active.delete(entry)) return;
        entry.ended = now();
        ended.push(entry);
      };
    },
    look: () => {
      const at = now();
      const used = processorTime();
      const delay = Math.max(at - lookedAt - interval, 0);
      observe(delay / 1000);
      if (delay >= longTurn) warn(delay, used - usedThen);
      ended = [];
      lookedAt = at;
      usedThen = used;
    },
  };
}

function lastEvent({ began, ended }: Entry): number {
  return Number.isNaN(ended) ? began : ended;
}
