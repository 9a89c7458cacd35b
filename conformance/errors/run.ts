import { redirectTarget } from '../support/redirect.ts';
import type { Case, Outcome, Told } from './case.ts';
import { allCases } from './cases.ts';
import { type Explanation, explanations } from './explained.ts';
import { makeWorld, render, type World, withNames } from './world.ts';

/** The result of all cases. */
export type Findings = {
  outcomes: Outcome[];
  /** Answers that differ without an explanation. */
  unexplained: Outcome[];
  /** Explanations that nothing needed. */
  unused: Explanation[];
};

/** Sends every case, or the selected ones, to both servers, one after the other. */
export async function compareErrors(
  reference: { url: string },
  ours: { url: string },
  wanted: (one: Case) => boolean = () => true,
): Promise<Findings> {
  const worlds = await Promise.all([makeWorld(reference.url), makeWorld(ours.url)]);
  const outcomes: Outcome[] = [];
  for (const asked of allCases().filter(wanted)) {
    const [expected, answered] = await Promise.all([
      send(reference.url, worlds[0], asked),
      send(ours.url, worlds[1], asked),
    ]);
    outcomes.push({ asked, reference: expected, ours: answered });
  }
  const different = outcomes.filter(differs);
  return {
    outcomes,
    unexplained: different.filter((outcome) => !explanations.some(({ explains }) => explains(outcome))),
    unused: explanations.filter(({ explains }) => !different.some(explains)),
  };
}

async function send(url: string, world: World, { method, path, headers, body }: Case): Promise<Told> {
  const asked = `${url}/api${render(path, world)}`;
  const ask = () =>
    fetch(asked, {
      method,
      redirect: 'manual',
      headers,
      // As bytes, because for a string fetch would add the media type.
      ...(body === undefined ? {} : { body: bytes(body, world) }),
    });
  // Retried if a keep-alive connection was closed at that moment.
  const answer = await ask().catch(ask);
  const location = redirectTarget(answer.headers.get('location'), asked);
  return {
    status: answer.status,
    body: withNames(await answer.text(), world),
    location: withNames(location, world),
  };
}

function bytes(body: string | Uint8Array<ArrayBuffer>, world: World): Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? new TextEncoder().encode(render(body, world)) : body;
}

/** Refusals must be equal, word for word; for successes the status is enough here. */
function differs({ reference, ours }: Outcome): boolean {
  if (reference.status !== ours.status || reference.location !== ours.location) return true;
  return reference.status >= 400 && sorted(reference.body) !== sorted(ours.body);
}

function sorted(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
  } catch {
    return text;
  }
}
