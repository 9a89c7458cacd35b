import type { Operation, OperationTable, Parts, Resource } from '@mintaka/contract';
import type { z } from 'zod';
import type { Batches } from '../domain/batches.ts';
import type { ApiVersion } from '../domain/context.ts';
import type { Created } from '../domain/created.ts';
import type { RequestIdentity } from '../domain/state-changes/replay.ts';

/** The caller: what a handler may need in addition to the parts of the request. */
export type Caller = {
  /** The request's id, for the log. */
  readonly requestId: string;
  /** The client's API version; null if it sends none. */
  readonly apiVersion: ApiVersion | null;
  /** Identifies a repeated request. */
  readonly identity: RequestIdentity;
  /** Seconds since the request began to arrive. */
  elapsed(): number;
  /** Aborts when the client hangs up before it has the answer. */
  gone(): AbortSignal;
};

type Parsed<O extends Operation, Part extends keyof Parts> = O extends {
  [P in Part]: infer Schema extends z.ZodType;
}
  ? z.output<Schema>
  : undefined;

/** The input of a handler: the parsed parts that its operation declares, and the caller. */
export type Input<O extends Operation> = {
  readonly params: Parsed<O, 'params'>;
  readonly query: Parsed<O, 'query'>;
  readonly headers: Parsed<O, 'headers'>;
  readonly body: Parsed<O, 'body'>;
  readonly caller: Caller;
};

/** An answer: `value` as JSON, or `text`, which already is JSON; without either, an empty body. */
export type SentAnswer = {
  readonly status: number;
  readonly value?: unknown;
  readonly text?: string | undefined;
  /** Called if the connection closed before the operating system accepted the answer: the client cannot have received it. */
  readonly whenLost?: (() => Promise<void>) | undefined;
};

/** One of the answers that an operation declares. */
export type Answer<O extends Operation> = {
  [Status in keyof O['responses'] & number]: SentAnswer & AnswerWith<Status, O['responses'][Status]>;
}[keyof O['responses'] & number];

type AnswerWith<Status extends number, Schema> = Schema extends z.ZodType
  ? { readonly status: Status; readonly value: z.output<Schema> | InBatches<z.output<Schema>> }
  : { readonly status: Status; readonly value?: undefined };

/** A list may be answered in batches. */
type InBatches<Value> = Value extends readonly (infer Item)[] ? Batches<Item> : never;

/** Executes an operation. Refusals are thrown. */
export type Handler<O extends Operation> = (input: Input<O>) => Promise<Answer<O>>;

/** A handler for each operation on a resource. */
export type Handlers<R extends Resource> = { readonly [Name in keyof R]: Handler<R[Name]> };

/** A handler for each operation of a table. */
export type HandlerTable<T extends OperationTable> = { readonly [Name in keyof T]: Handlers<T[Name]> };

/** Answers 200 with a value. */
export async function ok<const Value>(value: Value | Promise<Value>): Promise<{ status: 200; value: Value }> {
  return { status: 200, value: await value };
}

/** Answers 201 with the created object. */
export async function created<Value>(value: Promise<Value>): Promise<{ status: 201; value: Value }> {
  return { status: 201, value: await value };
}

/** Answers 201 if the request created the object, 200 if it already existed. */
export async function createdOrFound<Value>(
  result: Promise<Created<Value>>,
): Promise<{ status: 200 | 201; value: Value }> {
  const { created, value } = await result;
  return { status: created ? 201 : 200, value };
}

/** Waits for the work and answers 204, without a body. */
export async function noContent(work: Promise<void>): Promise<{ status: 204 }> {
  await work;
  return { status: 204 };
}

/** Waits for the work and answers with null. */
export async function nothing<Status extends 200 | 201>(
  status: Status,
  work: Promise<void>,
): Promise<{ status: Status; value: null }> {
  await work;
  return { status, value: null };
}
