export { ApiError } from './api-error.ts';
export { createClient } from './create-client.ts';
export type {
  Answer,
  Call,
  Client,
  ClientOptions,
  Fetch,
  FetchRequest,
  FetchResponse,
  Received,
  Request,
  RequestHeaders,
  ResourceClient,
  Sent,
  Value,
} from './types.ts';
