import type * as z from 'zod';
import type { Json, JsonText, JsonValue, RawJson } from '../json.ts';
import type { Operation, OperationTable, Parts, Resource } from '../operations/operation.ts';
import type { Timestamp } from '../timestamp.ts';

/** The result of `JSON.parse` for a value from the server: times become strings, free JSON becomes plain values. */
export type Received<Value> = [JsonValue] extends [Value]
  ? Json
  : Value extends RawJson
    ? never
    : Value extends Timestamp
      ? string
      : Value extends JsonText<infer Free>
        ? Received<Free>
        : Value extends readonly (infer Item)[]
          ? Received<Item>[]
          : Value extends object
            ? { [Key in keyof Value]: Received<Value[Key]> }
            : Value;

/** A value that a client sends. It is read-only, so lists and objects can be constants. */
export type Sent<Value> = [Json] extends [Value]
  ? SentJson
  : Value extends readonly (infer Item)[]
    ? readonly Sent<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]: Sent<Value[Key]> }
      : Value;

type SentJson = string | number | boolean | null | readonly SentJson[] | { readonly [key: string]: SentJson };

/** Headers by name; undefined ones are not sent. */
export type RequestHeaders = { readonly [name: string]: string | boolean | undefined };

/** The input of a call: the parts that the operation declares. A part is optional if all its fields are. */
export type Request<O extends Operation> = NeededPart<'params', O> &
  OptionalPart<'query', O> &
  OptionalPart<'headers', O> &
  (O extends { bodyOptional: true } ? OptionalPart<'body', O> : NeededPart<'body', O>) & {
    /** Headers in addition to those that the operation declares. */
    readonly headers?: RequestHeaders;
    /** Aborts the call. */
    readonly signal?: AbortSignal;
  };

type Schema<Part extends keyof Parts, O extends Operation> = O extends {
  [P in Part]: infer S extends z.ZodType;
}
  ? S
  : undefined;

type NeededPart<Part extends keyof Parts, O extends Operation> =
  Schema<Part, O> extends infer S extends z.ZodType ? { readonly [P in Part]: Sent<z.input<S>> } : unknown;

type OptionalPart<Part extends keyof Parts, O extends Operation> =
  Schema<Part, O> extends infer S extends z.ZodType ? { readonly [P in Part]?: Sent<z.input<S>> } : unknown;

/** One of the answers that the operation declares. */
export type Answer<O extends Operation> = {
  [Status in keyof O['responses'] & number]: {
    readonly status: Status;
    readonly value: ValueOf<O['responses'][Status]>;
    /** The server's id of the request, as in its log; null if the server sends none. */
    readonly requestId: string | null;
  };
}[keyof O['responses'] & number];

type ValueOf<S> = S extends z.ZodType ? Received<z.output<S>> : undefined;

/** The value of a successful answer. */
export type Value<O extends Operation> = Extract<Answer<O>, { status: 200 | 201 | 204 }>['value'];

type Arguments<O extends Operation> =
  object extends Request<O> ? [request?: Request<O>] : [request: Request<O>];

/** Calls one operation. */
export type Call<O extends Operation> = {
  /** Returns the value of the answer. @throws ApiError for every status except 200, 201 and 204. */
  (...request: Arguments<O>): Promise<Value<O>>;
  /** Returns the answer with its status. @throws ApiError for every undeclared status. */
  withStatus(...request: Arguments<O>): Promise<Answer<O>>;
};

/** A call for each operation on a resource. */
export type ResourceClient<R extends Resource> = { readonly [Name in keyof R]: Call<R[Name]> };

/** A call for each operation of a table: `client.flows.read({ params: { id } })`. */
export type Client<T extends OperationTable> = { readonly [Name in keyof T]: ResourceClient<T[Name]> };

/** The part of `fetch` that a client needs. */
export type Fetch = (url: string, request: FetchRequest) => Promise<FetchResponse>;

/** The input of {@link Fetch}. */
export type FetchRequest = {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
};

/** The output of {@link Fetch}. */
export type FetchResponse = {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
};

/** The options of a client. */
export type ClientOptions = {
  /** Sends the requests, for example the platform's own `fetch`. */
  readonly fetch: Fetch;
  /** The URL of the API, such as `http://127.0.0.1:4200/api`. */
  readonly baseUrl: string;
  /** Sent with every request, such as `authorization` and `x-prefect-api-version`. */
  readonly headers?: RequestHeaders;
};
