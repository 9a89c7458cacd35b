import type { Operation, OperationTable, Resource } from '../operations/operation.ts';
import { ApiError } from './api-error.ts';
import { type SentParts, send } from './send.ts';
import type { Call, Client, ClientOptions, ResourceClient } from './types.ts';

/**
 * Creates a client of the API from its operations. `client.flows.create({ body: { name: 'etl' } })` returns the flow,
 * `client.flows.create.withStatus(...)` also the status. It sends each request once. It neither retries nor validates
 * requests, because the server does.
 */
export function createClient<T extends OperationTable>(operations: T, options: ClientOptions): Client<T> {
  const resources: { [Name in keyof T]?: ResourceClient<T[Name]> } = {};
  for (const name in operations) {
    resources[name] = resourceClient<T[typeof name]>(name, operations[name], options);
  }
  // Every key of the table has been set; so the parts that may be absent are not.
  return resources as Client<T>;
}

function resourceClient<R extends Resource>(
  resource: string,
  operations: R,
  options: ClientOptions,
): ResourceClient<R> {
  const calls: { [Name in keyof R]?: Call<R[Name]> } = {};
  for (const name in operations) {
    calls[name] = createCall<R[typeof name]>(`${resource}.${name}`, operations[name], options);
  }
  return calls as ResourceClient<R>;
}

function createCall<O extends Operation>(name: string, operation: O, options: ClientOptions): Call<O> {
  const withStatus = (parts: SentParts = {}) => send(options, name, operation, parts);
  const call = async (parts?: SentParts) => {
    const { status, value, requestId } = await withStatus(parts);
    if (status >= 400) throw new ApiError({ operation: name, status, requestId, body: value });
    return value;
  };
  // The declared types are trusted; the answer is not validated against them.
  return Object.assign(call, { withStatus }) as Call<O>;
}
