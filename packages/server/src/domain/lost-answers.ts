import { addSeconds, type Timestamp } from '@mintaka/contract';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Random } from '../random.ts';

/** How long a lost answer is kept, in seconds: the client's next attempt follows after at most 32 seconds. */
export const lostAnswerSeconds = 120;
/** The maximum number of lost answers that a server tracks; further ones are not kept. */
const mostAnswers = 10_000;

/** An answer as it is sent. */
export type KeptAnswer = {
  readonly status: number;
  /** Its text; null if it has no body. */
  readonly body: string | null;
};

/**
 * Answers to writes whose clients have disconnected, each for the first equal request. They are stored, so that other servers
 * on the database and the next process have them too.
 */
export type LostAnswers = {
  /** Whether there are no lost answers; then requests need no fingerprint. */
  isEmpty(): boolean;
  /**
   * Takes the answer that an equal request did not receive; undefined if there is none. If that request is still running,
   * waits for it.
   * @param fingerprint is the same for equal requests.
   */
  take(fingerprint: string): Promise<KeptAnswer | undefined>;
  /**
   * Keeps the answer of a request whose client has disconnected.
   * @param answer resolves when the request's work ends; undefined if nothing is to be kept.
   * @param onError is called if the answer could not be kept or stored.
   */
  keep(fingerprint: string, answer: Promise<KeptAnswer | undefined>, onError: (error: unknown) => void): void;
  /** Reads which answers other servers have stored. */
  learn(): Promise<void>;
  /** Waits until the answers of ended requests are stored, at most this many milliseconds. */
  idle(milliseconds: number): Promise<void>;
};

/** The dependencies of {@link createLostAnswers}. */
export type LostAnswerParts = {
  database: Database;
  clock: Clock;
  random: Random;
};

/** A request whose client has disconnected: an equal one can take its answer. */
type Abandoned = {
  claimed: boolean;
  /** The answer; undefined if it was stored or there is none. */
  readonly answer: Promise<KeptAnswer | undefined>;
  /** When it expires, once its work has ended; null until then. */
  until: Timestamp | null;
};

/** Creates a server's lost answers; it does not know of stored ones until it reads them. */
export function createLostAnswers({ database, clock, random }: LostAnswerParts): LostAnswers {
  const abandoned = new Map<string, Abandoned[]>();
  /** Fingerprints of stored answers, with the time until which they are valid. */
  const stored = new Map<string, Timestamp>();

  function claim(fingerprint: string): Abandoned | undefined {
    const request = abandoned.get(fingerprint)?.[0];
    if (request === undefined) return undefined;
    request.claimed = true;
    remove(fingerprint, request);
    return request;
  }

  function remove(fingerprint: string, request: Abandoned): void {
    const others = abandoned.get(fingerprint)?.filter((other) => other !== request) ?? [];
    if (others.length > 0) abandoned.set(fingerprint, others);
    else abandoned.delete(fingerprint);
  }

  /** Returns the answer itself if a request waits for it or it cannot be stored. */
  async function settle(
    fingerprint: string,
    request: Abandoned,
    work: Promise<KeptAnswer | undefined>,
    onError: (error: unknown) => void,
  ): Promise<KeptAnswer | undefined> {
    try {
      const answer = await work;
      if (request.claimed) return answer;
      if (answer !== undefined) {
        request.until = addSeconds(clock.now(), lostAnswerSeconds);
        try {
          await store(fingerprint, answer);
        } catch (error) {
          onError(error);
          return answer;
        }
        stored.set(fingerprint, request.until);
      }
    } catch (error) {
      onError(error);
    }
    remove(fingerprint, request);
    return undefined;
  }

  function store(fingerprint: string, { status, body }: KeptAnswer): Promise<unknown> {
    const row = { id: random.id(), fingerprint, status, body, answered: clock.now() };
    return database.transaction((session) =>
      session.run(session.sql.insertInto('mintaka_lost_answer').values(row)),
    );
  }

  function takeStored(fingerprint: string): Promise<KeptAnswer | undefined> {
    const since = addSeconds(clock.now(), -lostAnswerSeconds);
    return database.transaction(async (session) => {
      const { sql, dialect } = session;
      const oldest = sql
        .selectFrom('mintaka_lost_answer')
        .select(['id', 'status', 'body'])
        .where('fingerprint', '=', fingerprint)
        .where('answered', '>=', since)
        .orderBy('answered')
        .limit(1);
      const row = await session.first(dialect.bindings.claim(oldest, 'mintaka_lost_answer'));
      if (row === undefined) return undefined;
      await session.run(sql.deleteFrom('mintaka_lost_answer').where('id', '=', row.id));
      return { status: row.status, body: row.body };
    });
  }

  function forgetExpired(now: Timestamp): void {
    for (const [fingerprint, until] of stored) if (until < now) stored.delete(fingerprint);
    for (const [fingerprint, requests] of abandoned) {
      for (const request of requests) {
        if (request.until !== null && request.until < now) remove(fingerprint, request);
      }
    }
  }

  return {
    isEmpty: () => abandoned.size === 0 && stored.size === 0,
    take: async (fingerprint) => {
      for (let request = claim(fingerprint); request !== undefined; request = claim(fingerprint)) {
        const answer = await request.answer;
        if (answer !== undefined) return answer;
      }
      return stored.has(fingerprint) ? takeStored(fingerprint) : undefined;
    },
    keep: (fingerprint, work, onError) => {
      if (abandoned.size + stored.size >= mostAnswers) return;
      const { promise: answer, resolve } = Promise.withResolvers<KeptAnswer | undefined>();
      const request: Abandoned = { claimed: false, answer, until: null };
      abandoned.set(fingerprint, [...(abandoned.get(fingerprint) ?? []), request]);
      resolve(settle(fingerprint, request, work, onError));
    },
    learn: async () => {
      const now = clock.now();
      forgetExpired(now);
      const rows = await database.read(({ sql, all }) =>
        all(
          sql
            .selectFrom('mintaka_lost_answer')
            .select(['fingerprint', 'answered'])
            .where('answered', '>=', addSeconds(now, -lostAnswerSeconds))
            .orderBy('answered', 'desc')
            .limit(mostAnswers),
        ),
      );
      for (const { fingerprint, answered } of rows.reverse()) {
        stored.set(fingerprint, addSeconds(answered, lostAnswerSeconds));
      }
    },
    idle: async (milliseconds) => {
      const answers = [...abandoned.values()].flat().map(({ answer }) => answer);
      if (answers.length === 0) return;
      const { promise: tooLate, resolve } = Promise.withResolvers<void>();
      const timeout = setTimeout(resolve, milliseconds);
      await Promise.race([Promise.all(answers), tooLate]);
      clearTimeout(timeout);
    },
  };
}
