/** A question that several ask at once, and its answer. */
type Gathering<Demand, Answer> = PromiseWithResolvers<Answer> & { demand: Demand };

/**
 * Lets those who ask the same thing at once share an answer. The first is asked for at once; whoever comes while it is under
 * way waits for its end, and then one question is asked for all of them: nobody is told what was true before he asked.
 * @param ask asks for an answer.
 * @param join a demand whose answer serves both.
 * @returns asks with others who have the same `key`. @throws what `ask` throws, to everybody who waits for it.
 */
export function coalesce<Demand, Answer>(
  ask: (demand: Demand) => Promise<Answer>,
  join: (one: Demand, other: Demand) => Demand,
): (key: string, demand: Demand) => Promise<Answer> {
  // A key stands here while a question is under way, with those who wait for its end.
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
