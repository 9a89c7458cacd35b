import type { Context } from '../../../src/domain/context.ts';

/** The same domain with a smaller budget per transaction of deletions. */
export function withSlicesOf(cost: number, context: Context): Context {
  const { database } = context;
  return {
    ...context,
    database: {
      ...database,
      transaction: (work) =>
        database.transaction((session) => {
          const { dialect } = session;
          const { questions } = dialect;
          const deletion = { ...questions.deletion, costAtOnce: cost };
          return work({ ...session, dialect: { ...dialect, questions: { ...questions, deletion } } });
        }),
    },
  };
}
