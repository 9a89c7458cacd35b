import { randomUUID } from 'node:crypto';
import { createFlow, createFlowRun, createRunningFlowRun, createTaskRun } from './api.ts';
import { flowRunBody, flowRunPath, logsBody, setStateBody, taskRunPath } from './bodies.ts';
import type { HttpConnection } from './connection.ts';

/** One request of a client under load; it fails unless the answer is a 201 that contains `expects`. */
export type Step = { path: string; body: string; expects: string; key?: string };

/** A kind of load: what a client creates beforehand, and the requests to measure. */
export type Scenario = {
  /** How many units one request counts for. */
  unitsPerRequest: number;
  /** Creates what all requests of a client share, once per client, and returns its id. */
  ground: (connection: HttpConnection) => Promise<string>;
  /** Requests of one piece of work. */
  stepsPerPiece: number;
  /** Creates what one piece of work needs, and returns its requests, which one client sends in order. */
  prepare: (connection: HttpConnection, ground: string) => Promise<Step[]>;
};

/** Log lines in one call. */
const linesPerCall = 100;

/** Every scenario by its name on the command line. */
export const scenarios = {
  'task-states': {
    unitsPerRequest: 1,
    stepsPerPiece: taskRunPath.length,
    ground: createRunningFlowRun,
    prepare: prepareTaskStates,
  },
  'keyed-task-states': {
    unitsPerRequest: 1,
    stepsPerPiece: taskRunPath.length,
    ground: createRunningFlowRun,
    prepare: prepareKeyedTaskStates,
  },
  'flow-states': {
    unitsPerRequest: 1,
    stepsPerPiece: flowRunPath.length,
    ground: createFlow,
    prepare: prepareFlowStates,
  },
  'flow-runs': { unitsPerRequest: 1, stepsPerPiece: 1, ground: createFlow, prepare: prepareFlowRun },
  logs: {
    unitsPerRequest: linesPerCall,
    stepsPerPiece: 1,
    ground: createRunningFlowRun,
    prepare: prepareLogs,
  },
} satisfies Record<string, Scenario>;

/** The name of a scenario. */
export type ScenarioName = keyof typeof scenarios;

async function prepareTaskStates(connection: HttpConnection, flowRunId: string): Promise<Step[]> {
  const taskRun = await createTaskRun(connection, flowRunId);
  return taskRunPath.map((type) => ({
    path: `/api/task_runs/${taskRun}/set_state`,
    body: setStateBody(type, { taskRun }),
    expects: 'ACCEPT',
  }));
}

/** The same, with a key for each request, as our own SDK sends it. */
async function prepareKeyedTaskStates(connection: HttpConnection, flowRunId: string): Promise<Step[]> {
  const steps = await prepareTaskStates(connection, flowRunId);
  return steps.map((step) => ({ ...step, key: randomUUID() }));
}

async function prepareFlowStates(connection: HttpConnection, flowId: string): Promise<Step[]> {
  const flowRun = await createFlowRun(connection, flowId, 'SCHEDULED');
  return flowRunPath.map((type) => ({
    path: `/api/flow_runs/${flowRun}/set_state`,
    body: setStateBody(type, { flowRun }),
    expects: 'ACCEPT',
  }));
}

async function prepareFlowRun(_connection: HttpConnection, flowId: string): Promise<Step[]> {
  return [{ path: '/api/flow_runs/', body: flowRunBody(flowId, 'bench-run', 'PENDING'), expects: '"id"' }];
}

async function prepareLogs(_connection: HttpConnection, flowRunId: string): Promise<Step[]> {
  return [{ path: '/api/logs/', body: logsBody(flowRunId, linesPerCall), expects: '' }];
}
