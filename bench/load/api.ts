import { randomUUID } from 'node:crypto';
import { flowBody, flowRunBody, type StateType, setStateBody, taskRunBody } from './bodies.ts';
import type { Answer, HttpConnection } from './connection.ts';

const idPattern = /"id":\s*"([0-9a-f-]{36})"/;
const acceptPattern = /"status":\s*"ACCEPT"/;

/** Whether the server wrote the proposed state. */
export function isAccepted(answer: Answer): boolean {
  return answer.status === 201 && acceptPattern.test(answer.body.toString('latin1'));
}

/** The first id in an answer: the run's after a creation, the state's after a state change. */
export function idOf(answer: Answer): string {
  const id = idPattern.exec(answer.body.toString('latin1'))?.[1];
  if (id === undefined || answer.status >= 300) throw new Error(describe(answer));
  return id;
}

/** An answer in words, for error messages. */
export function describe(answer: Answer): string {
  return `${answer.status} ${answer.body.toString('utf8', 0, 300)}`;
}

/** Registers a flow with a new name and returns its id. */
export async function createFlow(connection: HttpConnection): Promise<string> {
  return idOf(await connection.request('POST', '/api/flows/', flowBody(`bench-${randomUUID()}`)));
}

/** Creates a flow run in a state and returns its id. */
export async function createFlowRun(connection: HttpConnection, flowId: string, state: StateType) {
  return idOf(await connection.request('POST', '/api/flow_runs/', flowRunBody(flowId, 'bench-run', state)));
}

/** Creates a Running flow run, as task runs need one, and returns its id. */
export async function createRunningFlowRun(connection: HttpConnection): Promise<string> {
  const flowRunId = await createFlowRun(connection, await createFlow(connection), 'PENDING');
  const answer = await proposeFlowRunState(connection, flowRunId, 'RUNNING');
  if (!isAccepted(answer)) throw new Error(describe(answer));
  return flowRunId;
}

/** Creates a Pending task run in a flow run and returns its id. */
export async function createTaskRun(connection: HttpConnection, flowRunId: string): Promise<string> {
  return idOf(await connection.request('POST', '/api/task_runs/', taskRunBody(flowRunId, randomUUID())));
}

/** Proposes a state for a flow run, as the client does. */
export function proposeFlowRunState(
  connection: HttpConnection,
  id: string,
  type: StateType,
): Promise<Answer> {
  return connection.request('POST', `/api/flow_runs/${id}/set_state`, setStateBody(type, { flowRun: id }));
}

/** Proposes a state for a task run, as the client does. */
export function proposeTaskRunState(
  connection: HttpConnection,
  id: string,
  type: StateType,
): Promise<Answer> {
  return connection.request('POST', `/api/task_runs/${id}/set_state`, setStateBody(type, { taskRun: id }));
}
