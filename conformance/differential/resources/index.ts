import type { Resource } from '../resource.ts';
import { concurrencyLimits } from './concurrency-limits.ts';
import { flowRuns } from './flow-runs.ts';
import { flows } from './flows.ts';
import { logs } from './logs.ts';
import { states } from './states.ts';
import { taskRuns } from './task-runs.ts';

/** All resources, in the order in which the command line lists them. */
export const resources: readonly Resource[] = [flows, flowRuns, taskRuns, states, logs, concurrencyLimits];
