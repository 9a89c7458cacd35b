import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  encodeJson,
  JsonText,
  type ListableName,
  type ListedOperation,
  listableOperations,
  MOST_LISTED_CHARACTERS,
  type Operation,
  type OperationList,
  type OperationListBody,
  type OperationResult,
  type ResultReference,
} from '@mintaka/contract';
import { encoderOf } from '@mintaka/contract/wire';
import type { Context } from '../../domain/context.ts';
import { RefusedError } from '../../domain/errors.ts';
import { type Attempt, answerListOnce } from '../../domain/own/operation-list-records.ts';
import { errorAnswer } from '../errors.ts';
import type { Caller, Handler, Input, SentAnswer } from '../handler.ts';
import { deploymentHandlers } from './deployments.ts';
import { flowRunHandlers } from './flow-runs.ts';
import { flowHandlers } from './flows.ts';
import { logHandlers } from './logs.ts';
import { taskRunHandlers } from './task-runs.ts';

/** The parts of a listed operation, with all references replaced by ids. */
type ListedParts = { readonly params: unknown; readonly body: unknown };
type Run = (parts: ListedParts, caller: Caller) => Promise<SentAnswer>;

/** The result of an operation, with the value that later operations refer to. */
type Outcome = { readonly status: number; readonly value: unknown; readonly text: string | null };

/** References are filled in after the schemas have checked the parts, so they must be checked as well. */
const uuidText = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The number of operations after which the list yields to other requests. */
const turnLength = 20;

/** Undoes the transaction of a list whose mode is `together`. */
class ListUndone extends Error {
  readonly outcomes: readonly Outcome[];

  constructor(outcomes: readonly Outcome[]) {
    super('an operation of the list was refused');
    this.name = 'ListUndone';
    this.outcomes = outcomes;
  }
}

/** Runs the operations of a list in one transaction. @throws RefusedError if its id was used for another list, or if the results are too large */
export async function runOperations(
  context: Context,
  list: OperationListBody,
  caller: Caller,
): Promise<OperationList> {
  const { id, operations } = list;
  const identity = { id, fingerprint: caller.identity.fingerprint() };
  try {
    const answer = await answerListOnce(context, identity, async (joined, attempt) =>
      JSON.stringify((await runAll(joined, list, caller, attempt)).map(recordOf)),
    );
    const recorded: RecordedResult[] = JSON.parse(answer);
    return { id, committed: true, results: recorded.map(resultOf) };
  } catch (error) {
    if (!(error instanceof ListUndone)) throw error;
    return { id, committed: false, results: undoneResults(error.outcomes, operations.length) };
  }
}

async function runAll(
  context: Context,
  { mode, operations }: OperationListBody,
  caller: Caller,
  attempt: Attempt,
): Promise<Outcome[]> {
  const runs = runsOf(context);
  const outcomes: Outcome[] = [];
  let characters = 0;
  for (const [index, operation] of operations.entries()) {
    if (index > 0 && index % turnLength === 0) await nextTurn();
    const outcome = await answerRefusal(() => attempt(() => runOne(runs, operation, outcomes, caller)));
    outcomes.push(outcome);
    characters += outcome.text?.length ?? 0;
    if (characters > MOST_LISTED_CHARACTERS && index > 0) throw tooLarge();
    if (mode === 'together' && outcome.status >= 400) throw new ListUndone(outcomes);
  }
  return outcomes;
}

function tooLarge(): RefusedError {
  return new RefusedError(
    422,
    `The results of the list have more than ${MOST_LISTED_CHARACTERS} characters. Send fewer operations in a list.`,
  );
}

/** The listable operations, bound to the context of a transaction. */
function runsOf(context: Context): Readonly<Record<ListableName, Run>> {
  const [flows, flowRuns, taskRuns] = [
    flowHandlers(context),
    flowRunHandlers(context),
    taskRunHandlers(context),
  ];
  const listable = listableOperations;
  return {
    'flows.create': runOf(listable['flows.create'], flows.create),
    'deployments.createFlowRun': runOf(
      listable['deployments.createFlowRun'],
      deploymentHandlers(context).createFlowRun,
    ),
    'flowRuns.create': runOf(listable['flowRuns.create'], flowRuns.create),
    'flowRuns.read': runOf(listable['flowRuns.read'], flowRuns.read),
    'flowRuns.update': runOf(listable['flowRuns.update'], flowRuns.update),
    'flowRuns.setState': runOf(listable['flowRuns.setState'], flowRuns.setState),
    'taskRuns.create': runOf(listable['taskRuns.create'], taskRuns.create),
    'taskRuns.read': runOf(listable['taskRuns.read'], taskRuns.read),
    'taskRuns.update': runOf(listable['taskRuns.update'], taskRuns.update),
    'taskRuns.setState': runOf(listable['taskRuns.setState'], taskRuns.setState),
    'logs.create': runOf(listable['logs.create'], logHandlers(context).create),
  };
}

function runOf<O extends Operation>(_operation: O, handler: Handler<O>): Run {
  // The list's schema has parsed both parts with the operation's schemas, which the compiler cannot infer.
  return (parts, caller) => handler({ ...parts, query: undefined, headers: undefined, caller } as Input<O>);
}

async function runOne(
  runs: Readonly<Record<ListableName, Run>>,
  listed: ListedOperation,
  earlier: readonly Outcome[],
  caller: Caller,
): Promise<Outcome> {
  const parts = { params: copyOf(listed.params), body: copyOf(listed.body) };
  for (const { part, place, operation, field } of listed.references) {
    const id = fieldOf(earlier[operation]?.value, field);
    if (typeof id !== 'string') {
      return failedDependency(`Operation ${operation} has no result with a field "${field}".`);
    }
    if (!uuidText.test(id)) {
      return failedDependency(`The field "${field}" in the result of operation ${operation} is not an id.`);
    }
    fillIn(parts[part], place, id);
  }
  const answer = await runs[listed.operation](parts, { ...caller, identity: ofOne(caller, listed) });
  const { status, value } = answer;
  return { status, value, text: value === undefined ? null : encode(listed.operation, status, value) };
}

/** The identity of a listed operation: only the list as a whole is recognised when it is repeated. */
function ofOne(caller: Caller, listed: ListedOperation): Caller['identity'] {
  return {
    requestId: null,
    fingerprint: () => `${caller.identity.fingerprint()} ${listed.operation}`,
  };
}

/** Returns a refusal as the result of its operation. Every other error fails the whole list. */
async function answerRefusal(run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    const { status, body } = errorAnswer(error);
    if (status >= 500) throw error;
    return { status, value: body, text: encodeJson(body) };
  }
}

function encode(name: ListableName, status: number, value: unknown): string {
  const responses: Operation['responses'] = listableOperations[name].responses;
  const schema = responses[status];
  return schema === undefined ? encodeJson(value) : encoderOf(schema)(value);
}

function failedDependency(detail: string): Outcome {
  const value = { detail };
  return { status: 424, value, text: encodeJson(value) };
}

/** A copy whose fields can be set: the parsed list is read again if the transaction is retried. */
function copyOf(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(copyOf);
  return isRecord(part) ? { ...part } : part;
}

function fillIn(part: unknown, place: ResultReference['place'], id: string): void {
  const [first, second] = place;
  if (typeof first === 'number') {
    if (Array.isArray(part) && second !== undefined) fillIn(part[first], [second], id);
  } else if (isRecord(part)) part[first] = id;
}

function fieldOf(value: unknown, field: string): unknown {
  return isRecord(value) && Object.hasOwn(value, field) ? value[field] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A result as it is stored: its body as JSON. */
type RecordedResult = Pick<Outcome, 'status' | 'text'>;

function recordOf({ status, text }: Outcome): RecordedResult {
  return { status, text };
}

function resultOf({ status, text }: RecordedResult): OperationResult {
  return { status, body: text === null ? null : new JsonText(text) };
}

function undoneResults(outcomes: readonly Outcome[], count: number): OperationResult[] {
  const refused = outcomes.length - 1;
  return Array.from({ length: count }, (_, index) => {
    const outcome = outcomes[index];
    if (index === refused && outcome !== undefined) return resultOf(outcome);
    const what = index < refused ? 'It was undone' : 'It was not done';
    return resultOf(failedDependency(`${what}, because operation ${refused} was refused.`));
  });
}
