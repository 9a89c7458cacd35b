import { type Operations, timestamp } from '@mintaka/contract';
import type { Handler, Handlers } from '../../src/http/handler.ts';

/** The compiler checks this file; it never runs. Each `@ts-expect-error` is an answer that must not compile. */
type Flows = Operations['flows'];

const moment = timestamp('2026-01-01 00:00:00.000000');
const flow = { id: '', created: moment, updated: moment, name: 'etl', tags: [] };

export const found: Handler<Flows['create']> = async () => ({ status: 200, value: flow });
export const made: Handler<Flows['create']> = async () => ({ status: 201, value: flow });
export const deleted: Handler<Flows['delete']> = async () => ({ status: 204 });

// @ts-expect-error: 202 is not among the declared responses
export const otherStatus: Handler<Flows['create']> = async () => ({ status: 202, value: flow });
// @ts-expect-error: a flow has more fields
export const partOfValue: Handler<Flows['create']> = async () => ({ status: 200, value: { id: '' } });
// @ts-expect-error: the answer has a body
export const noValue: Handler<Flows['read']> = async () => ({ status: 200 });
// @ts-expect-error: the answer has no body
export const value: Handler<Flows['delete']> = async () => ({ status: 204, value: flow });
// @ts-expect-error: each status has its own value
export const exchanged: Handler<Operations['root']['ready']> = async () => ({ status: 503, value: true });

export const parts: Handler<Flows['readByName']> = async ({ params, body }) => {
  const name: string = params.name;
  const undeclared: undefined = body;
  // @ts-expect-error: the path has no parameter of this name
  const id: unknown = params.id;
  return { status: 200, value: { ...flow, name: `${name}${undeclared}${id}` } };
};

// @ts-expect-error: handlers are missing
export const incomplete: Handlers<Flows> = { read: async () => ({ status: 200, value: flow }) };
