import type { Operation } from '@mintaka/contract';
import { integer, json, jsonObject, list, model, text, union } from '@mintaka/contract/wire';
import type { z } from 'zod';

/** The reason of a refusal, in one sentence, under one of two names. */
const Refusal = model('Refusal', {
  detail: text().optional(),
  exception_message: text().optional(),
});

/** An error in one value of a request. */
const Complaint = model('Complaint', {
  loc: list(union([text(), integer()])),
  msg: text(),
  type: text(),
  ctx: jsonObject().optional(),
});

/** The errors of a request, and its body. */
const InvalidRequest = model('InvalidRequest', {
  exception_message: text(),
  exception_detail: list(Complaint),
  request_body: json(),
});

const Unprocessable = union([InvalidRequest, Refusal]).meta({ id: 'Unprocessable', title: 'Unprocessable' });

/** How an operation may refuse a request: the answers by status code. */
export function refusalsOf(operation: Operation): Record<number, z.ZodType | undefined> {
  const { anyVersion, params, query, headers, body, refuses = [] } = operation;
  const isJudged = [params, query, headers, body].some((part) => part !== undefined);
  return {
    ...(anyVersion === true ? {} : { 400: Refusal }),
    ...Object.fromEntries(refuses.map((status) => [status, Refusal])),
    ...(isJudged ? { 422: Unprocessable } : {}),
  };
}
