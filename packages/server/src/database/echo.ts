import type { Database, ReadSession, WriteSession } from './database.ts';
import { toStatement } from './drivers/session.ts';

/**
 * The same database, reporting the text of every statement before it is sent, without parameters, because they may be secret.
 * @param echoFor returns the receiver; called for each transaction or read, because a transaction may run later, from
 *   elsewhere.
 */
export function withEcho(database: Database, echoFor: () => (sql: string) => void): Database {
  return {
    ...database,
    read: (work) => {
      const echo = echoFor();
      return database.read((session) => work(echoing(session, echo)));
    },
    readLong: (work) => {
      const echo = echoFor();
      return database.readLong((session) => work(echoing(session, echo)));
    },
    transaction: (work) => {
      const echo = echoFor();
      return database.transaction((session) => work(echoingWrites(session, echo)));
    },
  };
}

function echoing(session: ReadSession, echo: (sql: string) => void): ReadSession {
  return {
    ...session,
    all: (query) => {
      echo(toStatement(query).sql);
      return session.all(query);
    },
    first: (query) => {
      echo(toStatement(query).sql);
      return session.first(query);
    },
    ask: (statement) => {
      echo(statement.sql);
      return session.ask(statement);
    },
  };
}

function echoingWrites(session: WriteSession, echo: (sql: string) => void): WriteSession {
  return {
    ...session,
    ...echoing(session, echo),
    run: (query) => {
      echo(toStatement(query).sql);
      return session.run(query);
    },
    send: (statement) => {
      echo(toStatement(statement).sql);
      session.send(statement);
    },
  };
}
