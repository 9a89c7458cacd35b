import type { Dialect } from '@mintaka/testing/databases';
import type { Outcome, Told } from './case.ts';

/** A deliberate difference. Each has its line in docs/differences-from-prefect.md. */
export type Explanation = {
  reason: string;
  /** Set if the two differ only on one database. */
  only?: Dialect;
  explains(outcome: Outcome): boolean;
};

/** All deliberate differences. */
export const explanations: readonly Explanation[] = [
  {
    reason: 'Prefect answers 500 although the request is invalid; Mintaka answers with a 4xx.',
    explains: ({ reference, ours }) => reference.status === 500 && ours.status >= 400 && ours.status < 500,
  },
  {
    reason:
      'Fields without which an object cannot be created are required. Prefect notices later that they are missing, and answers 409.',
    explains: ({ reference, ours }) =>
      reference.status === 409 && ours.status === 422 && complaints(ours).every(isAboutMissing),
  },
  {
    reason:
      'Fields without which an object cannot be created are required, and reported together with the other errors.',
    explains: ({ reference, ours }) => {
      if (reference.status !== 422 || ours.status !== 422) return false;
      const others = complaints(ours).filter((complaint) => !isAboutMissing(complaint));
      return JSON.stringify(others) === JSON.stringify(complaints(reference));
    },
  },
  {
    reason:
      'A version with underscores in its numbers is read as Python reads it. Prefect answers 500 to some of them.',
    explains: ({ asked, reference, ours }) =>
      asked.kind === 'version header' && reference.status === 500 && ours.status < 300,
  },
  {
    reason: 'A plot of flow runs accepts a negative limit. Prefect answers 500 on Postgres.',
    only: 'postgres',
    explains: ({ asked, reference, ours }) =>
      asked.path === '/ui/flow_runs/history' && reference.status === 500 && ours.status === 200,
  },
  {
    reason: 'A date-time whose offset is a day or more is 422, even if Prefect would not use it.',
    explains: ({ ours }) =>
      ours.status === 422 && /^offset must be a timedelta/.test(`${complaints(ours)[0]?.msg}`),
  },
  {
    reason: 'An RRULE that is too long is refused because of its length. Prefect reads its content first.',
    explains: ({ ours }) =>
      ours.status === 422 && /Max length is 6500, got \d+$/.test(`${complaints(ours).at(-1)?.msg}`),
  },
  {
    reason:
      'Without an API key, the body of an admin operation must be declared as JSON. Prefect also reads it without a media type.',
    explains: ({ asked, ours }) =>
      asked.path.startsWith('/admin/database/') && asked.detail === 'none' && ours.status === 403,
  },
];

type Complaint = { type?: unknown; msg?: unknown };

function complaints({ body }: Told): Complaint[] {
  const { exception_detail: listed } = JSON.parse(body) as { exception_detail?: Complaint[] };
  return listed ?? [];
}

function isAboutMissing({ type }: Complaint): boolean {
  return type === 'value_error.missing';
}
