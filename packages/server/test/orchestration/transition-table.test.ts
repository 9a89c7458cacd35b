import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultStateName, STATE_TYPES, type StateType } from '@mintaka/contract';
import { inState, proposeForFlow, proposeForTask } from './setup.ts';

/** The meaning of each sign in the tables below: the status, the reason, and the written state, if any. */
const meanings: Record<string, { status: string; reason?: string; state?: string }> = {
  '+': { status: 'ACCEPT', state: 'TO' },
  R: { status: 'ACCEPT', state: 'RUNNING Retrying' },
  '<': { status: 'ABORT', reason: 'This run cannot transition to the TO state from the FROM state.' },
  x: { status: 'ABORT', reason: 'This run has already terminated.' },
  s: { status: 'ABORT', reason: 'The enclosing flow must be running to begin task execution.' },
  n: { status: 'ABORT', reason: 'Cannot pause flows with no state.' },
  p: { status: 'REJECT', reason: 'Cannot pause flows that are not currently running.' },
  c: {
    status: 'REJECT',
    reason: 'Cannot transition flows that are cancelling to a state other than Cancelled.',
  },
  r: { status: 'REJECT', reason: 'This run cannot transition to the TO state from the FROM state.' },
  P: {
    status: 'REJECT',
    reason: 'The flow is paused, new tasks can execute after resuming flow run: f.',
    state: 'PAUSED NotReady',
  },
};

// Columns: SCHEDULED PENDING RUNNING COMPLETED FAILED CANCELLED CRASHED PAUSED CANCELLING
const flowTable = `
  None       + + + + + + + n +
  SCHEDULED  < + + + + + + p +
  PENDING    < < + + + + + p +
  RUNNING    < < < + + + + + +
  COMPLETED  x x x x x x x x x
  FAILED     x x x x x x x x x
  CANCELLED  x x x x x x x x x
  CRASHED    x x x x x x x x x
  PAUSED     + r + + + + + p r
  CANCELLING c c c c c + c c c`;

const taskTable = `
  None       + + + + + + + + +
  SCHEDULED  < + + + + + + + +
  PENDING    < < + + + + + + +
  RUNNING    < < < + + + + + +
  COMPLETED  x x x x x x x x x
  FAILED     x x x x x x x x x
  CANCELLED  x x x x x x x x x
  CRASHED    x x x x x x x x x
  PAUSED     + + + + + + + + +
  CANCELLING < < < + + + + + <`;

/** The rows in which a task run may start although it could not in a flow run that runs for the first time. */
const inNewAttempt = taskTable
  .replace('FAILED     x x x', 'FAILED     x x R')
  .replace('CANCELLED  x x x', 'CANCELLED  x x R')
  .replace('CRASHED    x x x', 'CRASHED    x x R');

/** In a flow run that is not running nothing starts, but ended task runs stay ended. */
const inStoppedFlow = taskTable.replace(/^( +(?:\w+) +\S \S) [+<]/gm, '$1 s');
const inPausedFlow = taskTable.replace(/^( +(?:\w+) +\S \S) [+<]/gm, '$1 P');

type Outcome = Pick<Awaited<ReturnType<typeof proposeForFlow>>, 'status' | 'details' | 'state'>;

function check(
  name: string,
  table: string,
  propose: (from: StateType | null, to: StateType) => Promise<Outcome>,
) {
  test(`every pair of states has its outcome: ${name}`, async () => {
    const rows = table.trim().split('\n');
    assert.equal(rows.length, STATE_TYPES.length + 1);
    for (const row of rows) {
      const [label, ...signs] = row.trim().split(/ +/);
      const from = STATE_TYPES.find((type) => type === label) ?? null;
      assert.equal(signs.length, STATE_TYPES.length);
      for (const [column, to] of STATE_TYPES.entries()) {
        const meaning = meanings[signs[column] ?? ''];
        const outcome = await propose(from, to);
        assert.deepEqual(told(outcome), expected(meaning, from, to), `${label} -> ${to}`);
      }
    }
  });
}

function told({ status, details, state }: Outcome) {
  return {
    status,
    reason: 'reason' in details ? details.reason : undefined,
    state: state && `${state.type} ${state.name}`,
  };
}

function expected(meaning: (typeof meanings)[string] | undefined, from: StateType | null, to: StateType) {
  const fromText = from === null ? 'None' : `StateType.${from}`;
  return {
    status: meaning?.status,
    reason: meaning?.reason?.replace('TO', `StateType.${to}`).replace('FROM', fromText),
    state: meaning?.state === 'TO' ? `${to} ${defaultStateName(to)}` : meaning?.state,
  };
}

for (const deployment_id of [null, 'd']) {
  check(`flow run ${deployment_id ? 'with' : 'without'} a deployment`, flowTable, (from, to) =>
    proposeForFlow({ current: inState(from), proposal: { type: to }, run: { deployment_id } }),
  );
}

const everything = STATE_TYPES.map(() => '+').join(' ');
const allowed = ['None', ...STATE_TYPES].map((label) => `${label} ${everything}`).join('\n');
check('forced flow run', allowed, (from, to) =>
  proposeForFlow({ current: inState(from), proposal: { type: to }, force: true }),
);
check('forced task run', allowed, (from, to) =>
  proposeForTask({ current: inState(from), proposal: { type: to }, force: true }),
);

check('task run of the same attempt', taskTable, (from, to) =>
  proposeForTask({ current: inState(from), proposal: { type: to } }),
);
check('task run in a new attempt of its flow run', inNewAttempt, (from, to) =>
  proposeForTask({
    current: inState(from),
    proposal: { type: to },
    flowRun: { run_count: 2, state_type: 'RUNNING' },
  }),
);
for (const state_type of [null, 'PENDING', 'COMPLETED', 'CANCELLING'] as const) {
  check(`task run of a flow run in ${state_type}`, inStoppedFlow, (from, to) =>
    proposeForTask({ current: inState(from), proposal: { type: to }, flowRun: { run_count: 1, state_type } }),
  );
}
check('task run of a paused flow run', inPausedFlow, (from, to) =>
  proposeForTask({
    current: inState(from),
    proposal: { type: to },
    flowRun: { run_count: 1, state_type: 'PAUSED' },
  }),
);
