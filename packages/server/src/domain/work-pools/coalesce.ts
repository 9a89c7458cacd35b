/** A query that several callers share, and its answer. */
type Gathering<Demand, Answer> = PromiseWithResolvers<Answer> & { demand: Demand };

/**
 * Lets concurrent callers with the same key share an answer. The first caller's query runs immediately. Callers that arrive
 * while a query is running wait for it, then share one new query. No caller gets an answer older than its own call.
 * @param ask runs a query.
 * @param join combines two demands into one whose answer serves both.
 * @returns the shared function. @throws what `ask` throws, to every caller that shares the query.
 */
export function coalesce<Demand, Answer>(
  ask: (demand: Demand) => Promise<Answer>,
  join: (one: Demand, other: Demand) => Demand,
): (key: string, demand: Demand) => Promise<Answer> {
  // Contains a key while its query is running, with the callers that wait for the next one.
  const waiting = new Map<string, Gathering<Demand, Answer> | undefined>();

  async function answerAll(key: string, first: Gathering<Demand, Answer>): Promise<void> {
    for (let next: typeof first | undefined = first; next !== undefined; next = waiting.get(key)) {
      waiting.set(key, undefined);
      await ask(next.demand).then(next.resolve, next.reject);
    }
    waiting.delete(key);
  }

  return (key, demand) => {
    const gathering = waiting.get(key);
    if (gathering !== undefined) {
      gathering.demand = join(gathering.demand, demand);
      return gathering.promise;
    }
    const fresh = { ...Promise.withResolvers<Answer>(), demand };
    if (waiting.has(key)) waiting.set(key, fresh);
    else void answerAll(key, fresh);
    return fresh.promise;
  };
}
