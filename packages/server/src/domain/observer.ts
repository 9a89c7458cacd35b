import type { RunKind, SetStateStatus, StateType } from '@mintaka/contract';

/** What the domain tells about its work, once it is durable. Whoever listens must return at once and never throw. */
export type Observer = {
  /** A state was proposed for a run, by a client or by the server itself, and answered. */
  stateAnswered(kind: RunKind, proposed: StateType, status: SetStateStatus): void;
  /** A run went to Running for the first time, so many seconds after its expected start; 0 where it was early. */
  runStarted(kind: RunKind, lateness: number): void;
  /** A poll was answered, which took so many seconds, with so many runs. */
  pollAnswered(source: 'work_pool' | 'work_queue', seconds: number, runs: number): void;
};

/** Listens to nothing: for tools and tests. */
export const noObserver: Observer = { stateAnswered: () => {}, runStarted: () => {}, pollAnswered: () => {} };
