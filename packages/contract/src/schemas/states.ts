import type * as z from 'zod';
import { JSON_NULL } from '../json.ts';
import { defaultStateName, NO_STATE_DETAILS, STATE_TYPES } from '../states.ts';
import {
  boolean,
  choice,
  dateTimeTz,
  integer,
  json,
  literal,
  model,
  parameters,
  text,
  union,
  uuid,
} from '../wire/index.ts';

/** The type of a state in a request. */
export const StateTypeSchema = choice(STATE_TYPES, 'StateType');

/** The details of a proposed state. All fields are set after parsing. */
export const StateDetailsCreate = model('StateDetailsCreate', {
  flow_run_id: uuid().nullable().default(null),
  task_run_id: uuid().nullable().default(null),
  child_flow_run_id: uuid().nullable().default(null),
  scheduled_time: dateTimeTz().nullable().default(null),
  cache_key: text().nullable().default(null),
  cache_expiration: dateTimeTz().nullable().default(null),
  untrackable_result: boolean().default(false),
  pause_timeout: dateTimeTz().nullable().default(null),
  pause_reschedule: boolean().default(false),
  pause_key: text().nullable().default(null),
  refresh_cache: boolean().nullable().default(null),
});
export type StateDetailsCreate = z.output<typeof StateDetailsCreate>;
/** StateDetailsCreate as a client sends it. */
export type StateDetailsCreateInput = z.input<typeof StateDetailsCreate>;

/**
 * A state that a client proposes. The name defaults to that of the type. Timestamp and id are validated but ignored.
 * A Scheduled state without a time is scheduled for now; this is done later, where the clock is known.
 */
export const StateCreate = model(
  'StateCreate',
  {
    type: StateTypeSchema,
    name: text().nullable().default(null),
    message: text().nullable().default(null),
    data: json().default(() => JSON_NULL),
    state_details: StateDetailsCreate.default(() => ({ ...NO_STATE_DETAILS })),
    timestamp: dateTimeTz().nullish(),
    id: uuid().nullish(),
  },
  {
    extra: 'forbid',
    after: (state) => {
      delete state.timestamp;
      delete state.id;
      const type = STATE_TYPES.find((known) => known === state.type);
      if (state.name === null && type !== undefined) state.name = defaultStateName(type);
    },
  },
);
export type StateCreate = z.output<typeof StateCreate>;
/** StateCreate as a client sends it. */
export type StateCreateInput = z.input<typeof StateCreate>;

/** The body of a proposal. `force` skips the rules. */
export const SetStateBody = parameters('SetStateBody', {
  state: StateCreate,
  force: boolean().default(false),
});
export type SetStateBody = z.output<typeof SetStateBody>;
/** SetStateBody as a client sends it. */
export type SetStateBodyInput = z.input<typeof SetStateBody>;

/** The details of a state in an answer. */
export const StateDetails = model('StateDetails', {
  flow_run_id: uuid().nullable(),
  task_run_id: uuid().nullable(),
  child_flow_run_id: uuid().nullable(),
  scheduled_time: dateTimeTz().nullable(),
  cache_key: text().nullable(),
  cache_expiration: dateTimeTz().nullable(),
  untrackable_result: boolean(),
  pause_timeout: dateTimeTz().nullable(),
  pause_reschedule: boolean(),
  pause_key: text().nullable(),
  refresh_cache: boolean().nullable(),
});
export type StateDetails = z.output<typeof StateDetails>;

/** A state of a run. */
export const State = model('State', {
  id: uuid(),
  type: StateTypeSchema,
  name: text(),
  timestamp: dateTimeTz(),
  message: text().nullable(),
  data: json(),
  state_details: StateDetails,
});
export type State = z.output<typeof State>;

/** How the server answered a proposal. */
export const SET_STATE_STATUSES = ['ACCEPT', 'REJECT', 'ABORT', 'WAIT'] as const;
export type SetStateStatus = (typeof SET_STATE_STATUSES)[number];

/** The state was accepted. */
export const StateAcceptDetails = model('StateAcceptDetails', { type: literal('accept_details') });
/** Another state was set instead. */
export const StateRejectDetails = model('StateRejectDetails', {
  type: literal('reject_details'),
  reason: text().nullable(),
});
/** No state was set, and the client must stop. */
export const StateAbortDetails = model('StateAbortDetails', {
  type: literal('abort_details'),
  reason: text().nullable(),
});
/** The client must retry after `delay_seconds`. */
export const StateWaitDetails = model('StateWaitDetails', {
  type: literal('wait_details'),
  delay_seconds: integer(),
  reason: text().nullable(),
});

/** The answer to a proposal: the state that the run has now (null if it has none), and the reason. */
export const OrchestrationResult = model('OrchestrationResult', {
  state: State.nullable(),
  status: choice(SET_STATE_STATUSES, 'SetStateStatus'),
  details: union([StateAcceptDetails, StateWaitDetails, StateRejectDetails, StateAbortDetails]),
});
export type OrchestrationResult = z.output<typeof OrchestrationResult>;
/** The reason of an answer to a proposal. */
export type SetStateDetails = OrchestrationResult['details'];

/** The flow run whose states to list. */
export const FlowRunStatesQuery = parameters('FlowRunStatesQuery', { flow_run_id: uuid() });
export type FlowRunStatesQuery = z.output<typeof FlowRunStatesQuery>;
/** FlowRunStatesQuery as a client sends it. */
export type FlowRunStatesQueryInput = z.input<typeof FlowRunStatesQuery>;

/** The task run whose states to list. */
export const TaskRunStatesQuery = parameters('TaskRunStatesQuery', { task_run_id: uuid() });
export type TaskRunStatesQuery = z.output<typeof TaskRunStatesQuery>;
/** TaskRunStatesQuery as a client sends it. */
export type TaskRunStatesQueryInput = z.input<typeof TaskRunStatesQuery>;
