import type { WireError } from '../wire/index.ts';

/** An answer that is not one of the declared ones. */
type Failure = {
  operation: string;
  status: number;
  requestId: string | null;
  /** The body, parsed; as text if it is not JSON. */
  body: unknown;
  /** The reason, if the body does not give it. */
  detail?: string | undefined;
};

/** The server refused a request, or failed. Network errors are thrown by `fetch` and passed on unchanged. */
export class ApiError extends Error {
  /** The operation by resource and name, such as `flows.read`. */
  readonly operation: string;
  readonly status: number;
  /** The reason in the server's words; empty if it gave none. */
  readonly detail: string;
  /** The invalid parts of the request; empty unless the status is 422. */
  readonly problems: readonly WireError[];
  /** The server's id of the request, as in its log; null if the answer has none. */
  readonly requestId: string | null;
  /** The parsed body of the answer; text if it is not JSON. */
  readonly body: unknown;

  constructor({ operation, status, requestId, body, detail = detailOf(body) }: Failure) {
    const problems = problemsOf(body);
    super(messageOf({ operation, status, requestId, detail, problems }));
    this.name = 'ApiError';
    this.operation = operation;
    this.status = status;
    this.detail = detail;
    this.problems = problems;
    this.requestId = requestId;
    this.body = body;
  }
}

/** Proxies may answer with whole pages, so only the beginning is kept. */
const longestText = 200;

function detailOf(body: unknown): string {
  if (typeof body === 'string') return body.slice(0, longestText);
  const { detail, exception_message: message } = fieldsOf(body);
  if (typeof detail === 'string') return detail;
  return typeof message === 'string' ? message : '';
}

function problemsOf(body: unknown): WireError[] {
  const { exception_detail: problems } = fieldsOf(body);
  return Array.isArray(problems) ? problems.filter(isProblem) : [];
}

function isProblem(value: unknown): value is WireError {
  const { loc, msg, type } = fieldsOf(value);
  return Array.isArray(loc) && typeof msg === 'string' && typeof type === 'string';
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function messageOf({
  operation,
  status,
  requestId,
  detail,
  problems,
}: Pick<ApiError, 'operation' | 'status' | 'requestId' | 'detail' | 'problems'>): string {
  const places = problems.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`);
  const reasons = [detail, ...places].filter((reason) => reason !== '').join('; ');
  const id = requestId === null ? '' : ` (request ${requestId})`;
  return `${operation} was answered with ${status}${reasons === '' ? '' : `: ${reasons}`}${id}`;
}
