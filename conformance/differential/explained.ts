import type { Answer, LogicalRequest } from './client.ts';
import { jsonText, member } from './json.ts';

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
      'A block type of a known name and a new slug: the reference creates it and answers with the old one.',
    explains: ({ request, reference, ours }) =>
      request.path === '/block_types/' &&
      reference.status === 201 &&
      ours.status === 201 &&
      jsonText(member(reference.json, 'slug') ?? null) !== jsonText(member(ours.json, 'slug') ?? null),
  },
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
