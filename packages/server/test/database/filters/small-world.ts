import { timestamp } from '@mintaka/contract';
import { idOf, type World } from './world.ts';

/** Noon, plus a number of seconds. */
export function noon(seconds = 0): ReturnType<typeof timestamp> {
  return timestamp(`2026-03-01 12:00:${String(seconds).padStart(2, '0')}.000000`);
}

/** Ids of the small world's rows by their number. */
export const pool = (row: number): string => idOf(1, row);
export const queue = (row: number): string => idOf(2, row);
export const flow = (row: number): string => idOf(3, row);
export const deployment = (row: number): string => idOf(4, row);
export const flowRun = (row: number): string => idOf(5, row);
export const taskRun = (row: number): string => idOf(6, row);
export const log = (row: number): string => idOf(7, row);

/**
 * A world that is easy to remember. Flow 0 has deployment 0 (pool 0, queue 0) and flow runs 0 (of the deployment, running,
 * with task runs 0 and 1) and 1 (late, with nothing else); flow run 2 is the subflow that task run 1 represents. Flow 1 has
 * only flow run 2, flow 2 has nothing.
 */
export const smallWorld: World = {
  pools: [
    { id: pool(0), name: 'local', type: 'process' },
    { id: pool(1), name: 'cluster', type: 'kubernetes' },
  ],
  queues: [
    { id: queue(0), name: 'default', work_pool_id: pool(0) },
    { id: queue(1), name: 'Default', work_pool_id: pool(1) },
  ],
  flows: [
    { id: flow(0), name: 'Marvin', tags: ['red', 'blue'] },
    { id: flow(1), name: 'sad-marvin', tags: ['red'] },
    { id: flow(2), name: 'arthur', tags: [] },
  ],
  deployments: [
    {
      id: deployment(0),
      name: 'nightly',
      flow_id: flow(0),
      tags: ['red'],
      is_schedule_active: true,
      work_queue_name: 'default',
      work_queue_id: queue(0),
    },
    {
      id: deployment(1),
      name: 'by hand',
      flow_id: flow(0),
      tags: [],
      is_schedule_active: false,
      work_queue_name: null,
      work_queue_id: null,
    },
  ],
  flowRuns: [
    {
      id: flowRun(0),
      name: 'quick-fox',
      tags: ['red', 'blue'],
      state_type: 'RUNNING',
      state_name: 'Running',
      start_time: noon(10),
      flow_id: flow(0),
      deployment_id: deployment(0),
      work_queue_id: queue(0),
      work_queue_name: 'default',
      flow_version: '1',
      parent_task_run_id: null,
      expected_start_time: noon(9),
      next_scheduled_start_time: null,
    },
    {
      id: flowRun(1),
      name: 'lazy-dog',
      tags: [],
      state_type: 'SCHEDULED',
      state_name: 'Late',
      start_time: null,
      flow_id: flow(0),
      deployment_id: null,
      work_queue_id: null,
      work_queue_name: null,
      flow_version: '2',
      parent_task_run_id: null,
      expected_start_time: noon(20),
      next_scheduled_start_time: noon(20),
    },
    {
      id: flowRun(2),
      name: 'lazy-fox',
      tags: ['red'],
      state_type: null,
      state_name: null,
      start_time: noon(12),
      flow_id: flow(1),
      deployment_id: null,
      work_queue_id: null,
      work_queue_name: null,
      flow_version: null,
      parent_task_run_id: taskRun(1),
      expected_start_time: null,
      next_scheduled_start_time: null,
    },
  ],
  taskRuns: [
    {
      id: taskRun(0),
      name: 'extract-0',
      tags: ['red'],
      state_type: 'COMPLETED',
      state_name: 'Cached',
      start_time: noon(11),
      flow_run_id: flowRun(0),
    },
    {
      id: taskRun(1),
      name: 'subflow-0',
      tags: [],
      state_type: null,
      state_name: null,
      start_time: null,
      flow_run_id: flowRun(0),
    },
  ],
  logs: [
    { id: log(0), level: 10, timestamp: noon(1), flow_run_id: flowRun(0), task_run_id: null },
    { id: log(1), level: 30, timestamp: noon(2), flow_run_id: flowRun(0), task_run_id: taskRun(0) },
    { id: log(2), level: 50, timestamp: noon(3), flow_run_id: flowRun(1), task_run_id: null },
  ],
};
