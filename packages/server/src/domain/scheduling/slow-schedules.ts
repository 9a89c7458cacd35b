import type { Timestamp } from '@mintaka/contract';
import { mostWork, newPace, newWork, type Pace, type Work } from '@mintaka/contract/schedules';
import type { ScheduledDeployment } from './planned-runs.ts';

/** Steps that a schedule gets at first in a round: more than any ordinary one needs, some milliseconds. */
const firstShare = 100_000;
/** The first share after the round has used up its budget. */
const leastShare = 20_000;
/** Steps that a round spends on slow schedules: about a second in all. */
const mostOfRound = 5 * mostWork;

/** Receives a schedule that exceeded its budget, and the number of other slow ones. None of them is reported again. */
export type OnSlowSchedule = (deploymentId: string, others: number) => void;

type Known = { readonly updated: Timestamp; triedIn: number; told: boolean };

/** State between the rounds of one scheduler: the deployments whose schedules exceeded their first share. */
export type SlowSchedules = {
  /** Begins a round. */
  begin(): PlanningRound;
};

/** The step budget of one round. */
export type PlanningRound = {
  /** The first share of a schedule; undefined if it is known to need more and must wait for the others. */
  share(deployment: ScheduledDeployment): Work | undefined;
  /** Puts a deployment off that needed more than its first share, or is known to. */
  putOff(deployment: ScheduledDeployment): void;
  /** The postponed deployments, each with its full budget, as long as the round has one; those that waited longest first. */
  slowOnes(): Generator<{ deployment: ScheduledDeployment; work: Work }, void>;
};

/** Creates the empty state. */
export function rememberSlowSchedules(onSlow: OnSlowSchedule = () => {}): SlowSchedules {
  let known = new Map<string, Known>();
  let rounds = 0;
  return {
    begin: () => {
      rounds += 1;
      const before = known;
      known = new Map();
      return beginRound({ before, after: known, number: rounds }, onSlow);
    },
  };
}

type Memory = {
  readonly before: ReadonlyMap<string, Known>;
  readonly after: Map<string, Known>;
  readonly number: number;
};

function beginRound({ before, after, number }: Memory, onSlow: OnSlowSchedule): PlanningRound {
  const pace: Pace = newPace();
  const waiting: ScheduledDeployment[] = [];
  let left = mostOfRound;

  const isKnown = ({ id, updated }: ScheduledDeployment) => before.get(id)?.updated === updated;
  const memoryOf = ({ id, updated }: ScheduledDeployment): Known => {
    const known = before.get(id);
    return known?.updated === updated ? known : { updated, triedIn: 0, told: false };
  };

  return {
    share: (deployment) =>
      isKnown(deployment) ? undefined : newWork(left > 0 ? firstShare : leastShare, pace),
    putOff: (deployment) => {
      if (!isKnown(deployment)) left -= firstShare;
      waiting.push(deployment);
      after.set(deployment.id, memoryOf(deployment));
    },
    *slowOnes() {
      let worst: ScheduledDeployment | undefined;
      for (const deployment of waiting.toSorted((a, b) => memoryOf(a).triedIn - memoryOf(b).triedIn)) {
        if (left <= 0) break;
        const memory = after.get(deployment.id) ?? memoryOf(deployment);
        const work = newWork(mostWork, pace);
        yield { deployment, work };
        left -= mostWork - work.left;
        memory.triedIn = number;
        if (mostWork - work.left <= firstShare) after.delete(deployment.id);
        else if (work.left < 0 && !memory.told) worst ??= deployment;
      }
      if (worst === undefined) return;
      for (const memory of after.values()) memory.told = true;
      onSlow(worst.id, after.size - 1);
    },
  };
}
