import {
  keepsLostAnswer,
  type Operation,
  type OperationTable,
  type Parts,
  type Resource,
} from '@mintaka/contract';
import { encoderOf, type WireError } from '@mintaka/contract/wire';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiVersion } from '../domain/context.ts';
import { InvalidRequestError } from './errors.ts';
import type { Caller, Handler, Handlers, HandlerTable, Input, SentAnswer } from './handler.ts';
import type { BodyReader, FingerprintedBody, OperationPlace } from './large-bodies.ts';
import { checkLimit } from './limit.ts';
import { parsePart } from './parsed-body.ts';
import { type Recall, type RecalledRequest, watchLoss } from './recalled.ts';
import { type AnswerEncoders, sendAnswer } from './send-answer.ts';
import { storableTexts } from './storable-text.ts';
import { readApiVersion } from './version-header.ts';

/** The options shared by all operations. */
export type BindOptions = {
  pageLimit: number;
  /** Refuses a request for secrets if its sender must not see them. @throws RefusedError */
  permitSecrets: (request: FastifyRequest) => void;
  bodies: BodyReader;
  /** Whether the database can store a NUL; otherwise it is replaced by U+FFFD. */
  takesNul: boolean;
  /** Executes a request, unless an equal request was executed before and its answer was lost. */
  answerOnce: (
    recall: Recall,
    request: RecalledRequest,
    work: () => Promise<SentAnswer>,
  ) => Promise<SentAnswer>;
};

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operation behind a route. */
    operation?: Operation;
  }
}

/** Adds a route for each operation of a table. */
export function bindTable<T extends OperationTable>(
  app: FastifyInstance,
  options: BindOptions,
  table: T,
  handlers: HandlerTable<T>,
): void {
  for (const name in table) bindResource(app, options, name, table[name], handlers[name]);
}

function bindResource<R extends Resource>(
  app: FastifyInstance,
  options: BindOptions,
  resource: string,
  operations: R,
  handlers: Handlers<R>,
): void {
  for (const name in operations) {
    bind(app, options, { resource, name }, operations[name], handlers[name]);
  }
}

/**
 * Adds a route for an operation. The order of its checks is the reference's: the body must be JSON, then the version header
 * and the page limit are checked, then all parts together.
 */
function bind<O extends Operation>(
  app: FastifyInstance,
  { pageLimit, permitSecrets, bodies, takesNul, answerOnce }: BindOptions,
  place: OperationPlace,
  operation: O,
  handler: Handler<O>,
): void {
  const encoders = encodersOf(operation);
  const recall = recallOf(operation, encoders);
  app.route({
    method: operation.method,
    url: routePath(operation),
    config: { operation },
    handler: async (request, reply) => {
      if (hasEmptyParameter(request.params)) return reply.callNotFound();
      const body = await bodies.read(place, operation, request);
      const version = operation.anyVersion === true ? null : readApiVersion(request.headers);
      if (operation.limited === true) checkLimit(body.limit, pageLimit);
      const texts = storable(request, takesNul);
      const input = readInput(operation, texts, body, callerOf(request, reply, version, body));
      if (asksForSecrets(input.query) || asksForSecrets(input.body)) permitSecrets(request);
      const answer: SentAnswer =
        recall === undefined
          ? watched(reply, await handler(input))
          : await answerOnce(recall, { reply, fingerprint: body.fingerprint }, () => handler(input));
      return sendAnswer(reply, answer, encoders.get(answer.status));
    },
  });
}

/** Undefined for operations that can simply be executed again. */
function recallOf(operation: Operation, encoders: Recall['encoders']): Recall | undefined {
  const keeps = keepsLostAnswer(operation);
  return keeps || operation.repeated === 'by-state' ? { keeps, encoders } : undefined;
}

/** Every operation that can show secrets has a parameter of this name. */
function asksForSecrets(part: unknown): boolean {
  return (
    typeof part === 'object' && part !== null && 'include_secrets' in part && part.include_secrets === true
  );
}

function encodersOf({ responses }: Operation): ReadonlyMap<number, AnswerEncoders> {
  const encoders = new Map<number, AnswerEncoders>();
  for (const [status, schema] of Object.entries(responses)) {
    if (schema === undefined) continue;
    const item = schema instanceof z.ZodArray ? schema.element : schema;
    encoders.set(Number(status), { whole: encoderOf(schema), item: encoderOf(item) });
  }
  return encoders;
}

const uuid = '[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}';

/** The path in the router's syntax. */
function routePath({ path, onlyIds }: Operation): string {
  return onlyIds === true ? path.replace(':id', `:id(^${uuid}$)`) : path;
}

// The router matches `/flows/` with `/flows/:id` and an empty id; the reference does not know that path.
function hasEmptyParameter(params: unknown): boolean {
  return typeof params === 'object' && params !== null && Object.values(params).includes('');
}

function callerOf(
  request: FastifyRequest,
  reply: FastifyReply,
  apiVersion: ApiVersion | null,
  { fingerprint }: FingerprintedBody,
): Caller {
  const key = request.headers['idempotency-key'];
  return {
    requestId: request.id,
    apiVersion,
    identity: {
      requestId: typeof key === 'string' && key !== '' ? key : null,
      fingerprint,
    },
    elapsed: () => reply.elapsedTime / 1000,
    gone: () => {
      const leaving = new AbortController();
      watchLoss(reply.raw, () => leaving.abort());
      return leaving.signal;
    },
  };
}

function watched(reply: FastifyReply, answer: SentAnswer): SentAnswer {
  const { whenLost } = answer;
  if (whenLost === undefined) return answer;
  watchLoss(reply.raw, () => {
    whenLost().catch((err: unknown) => {
      reply.request.log.warn({ err }, 'could not note that an answer was lost');
    });
  });
  return answer;
}

/** The parts of a request that are text. */
type TextParts = { params: unknown; query: unknown; headers: unknown };

function storable({ params, query, headers }: FastifyRequest, takesNul: boolean): TextParts {
  return { params: storableTexts(params, takesNul), query: storableTexts(query, takesNul), headers };
}

function readInput<O extends Operation>(
  operation: O,
  texts: TextParts,
  body: FingerprintedBody,
  caller: Caller,
): Input<O> {
  const problems: WireError[] = [];
  const parts: Record<keyof Parts, unknown> = {
    params: parsePart(operation.params, texts.params, 'path', problems),
    query: parsePart(operation.query, texts.query, 'query', problems),
    headers: parsePart(operation.headers, texts.headers, 'header', problems),
    body: body.data,
  };
  problems.push(...body.problems);
  // The limit is checked first, so its errors are reported first.
  if (operation.limited === true) problems.sort((a, b) => Number(isAboutLimit(b)) - Number(isAboutLimit(a)));
  if (problems.length > 0) throw new InvalidRequestError(problems, body.shown);
  // Each part was parsed with the schema that defines its type; the compiler cannot infer this through O.
  return { ...parts, caller } as Input<O>;
}

function isAboutLimit({ loc }: WireError): boolean {
  return loc[0] === 'body' && loc[1] === 'limit';
}
