import type { Answer, LogicalRequest } from './client.ts';

/** A request with both answers. */
export type Exchange = { resource: string; request: LogicalRequest; reference: Answer; ours: Answer };

/** A difference that is meant. Each has its line in docs/differences-from-prefect.md. */
export type Explanation = {
  reason: string;
  /** Whether the answers of an exchange differ for this reason. */
  explains(exchange: Exchange): boolean;
};

/** Every difference that is meant. */
export const explanations: readonly Explanation[] = [
  {
    reason:
      'The reference answers 500 where a run is created in a state that carries data: ours keeps the data.',
    explains: ({ request, reference, ours }) =>
      reference.status === 500 && ours.status === 201 && /"data":(?!null)/.test(JSON.stringify(request.body)),
  },
  {
    reason:
      'The reference answers 500 to the graph of a run in which a task run has inputs that are no task runs.',
    explains: ({ request, reference, ours }) =>
      reference.status === 500 && ours.status === 200 && request.path.endsWith('/graph'),
  },
  {
    reason: 'The reference answers 500 where the fault is the request: ours says so with a 4xx.',
    explains: ({ reference, ours }) => reference.status === 500 && ours.status >= 400 && ours.status < 500,
  },
];
