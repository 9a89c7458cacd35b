import { choice } from '../wire/index.ts';

/** The orders of a list of flow runs. */
export const FLOW_RUN_SORTS = [
  'ID_DESC',
  'START_TIME_ASC',
  'START_TIME_DESC',
  'EXPECTED_START_TIME_ASC',
  'EXPECTED_START_TIME_DESC',
  'NAME_ASC',
  'NAME_DESC',
  'NEXT_SCHEDULED_START_TIME_ASC',
  'END_TIME_DESC',
] as const;
/** The orders of flow runs. */
export const FlowRunSort = choice(FLOW_RUN_SORTS, 'FlowRunSort');
export type FlowRunSort = (typeof FLOW_RUN_SORTS)[number];

/** The orders of a list of task runs. */
export const TASK_RUN_SORTS = [
  'ID_DESC',
  'EXPECTED_START_TIME_ASC',
  'EXPECTED_START_TIME_DESC',
  'NAME_ASC',
  'NAME_DESC',
  'NEXT_SCHEDULED_START_TIME_ASC',
  'END_TIME_DESC',
] as const;
/** The orders of task runs. */
export const TaskRunSort = choice(TASK_RUN_SORTS, 'TaskRunSort');
export type TaskRunSort = (typeof TASK_RUN_SORTS)[number];

/** The orders of a list of log records. */
export const LOG_SORTS = [
  'TIMESTAMP_ASC',
  'TIMESTAMP_DESC',
  'LEVEL_ASC',
  'LEVEL_DESC',
  'FLOW_RUN_ID_ASC',
  'FLOW_RUN_ID_DESC',
  'TASK_RUN_ID_ASC',
  'TASK_RUN_ID_DESC',
] as const;
/** The orders of logs. */
export const LogSort = choice(LOG_SORTS, 'LogSort');
export type LogSort = (typeof LOG_SORTS)[number];

/** The orders of a list of flows. */
export const FLOW_SORTS = ['CREATED_DESC', 'UPDATED_DESC', 'NAME_ASC', 'NAME_DESC'] as const;
/** The orders of flows. */
export const FlowSort = choice(FLOW_SORTS, 'FlowSort');
export type FlowSort = (typeof FLOW_SORTS)[number];

/** The orders of a list of deployments. */
export const DEPLOYMENT_SORTS = ['CREATED_DESC', 'UPDATED_DESC', 'NAME_ASC', 'NAME_DESC'] as const;
/** The orders of deployments. */
export const DeploymentSort = choice(DEPLOYMENT_SORTS, 'DeploymentSort');
export type DeploymentSort = (typeof DEPLOYMENT_SORTS)[number];
