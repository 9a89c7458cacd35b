import type { RunKind, SetStateStatus, StateType } from '@mintaka/contract';

/** Receives events of the domain once they are durable. Implementations must return immediately and never throw. */
export type Observer = {
  /** A state was proposed for a run, by a client or by the server itself, and answered. */
  stateAnswered(kind: RunKind, proposed: StateType, status: SetStateStatus): void;
  /** A run started, `lateness` seconds after its expected start; 0 if it was early. */
  runStarted(kind: RunKind, lateness: number): void;
  /** A poll was answered after a number of seconds, with a number of runs. */
  pollAnswered(source: 'work_pool' | 'work_queue', seconds: number, runs: number): void;
  /** A claim got so many runs. */
  runsClaimed(runs: number): void;
};

/** Listens to nothing: for tools and tests. */
export const noObserver: Observer = {
  stateAnswered: () => {},
  runStarted: () => {},
  pollAnswered: () => {},
  runsClaimed: () => {},
};
