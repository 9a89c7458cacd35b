import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { serverProgram, watchServer } from '@mintaka/testing/server-process';
import type { Memory, ProbeAnswer, Turn } from './probe-answer.ts';

/** A server in a child process, with a probe. */
export type ProbedServer = {
  url: string;
  /** The longest turns since the last call, the longest first. */
  turns(): Promise<Turn[]>;
  memory(): Promise<Memory>;
  /** Log lines that no request may cause: errors, and output that does not come from the log. */
  complaints(): string[];
  /** Stops it and waits. @throws Error if it exited in another way. */
  stop(): Promise<void>;
};

/** Short loop intervals, so that stored data is processed immediately. */
const loops = {
  MINTAKA_SERVICES_SCHEDULER_LOOP_SECONDS: '1',
  MINTAKA_SERVICES_RECENT_SCHEDULER_LOOP_SECONDS: '0.5',
  MINTAKA_SERVICES_LATE_RUNS_LOOP_SECONDS: '0.5',
  MINTAKA_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS: '0.5',
  MINTAKA_SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS: '0.5',
  MINTAKA_SERVICES_ANSWER_CLEANUP_LOOP_SECONDS: '0.5',
  MINTAKA_SERVICES_FLOW_RUN_NOTIFICATIONS_LOOP_SECONDS: '0.5',
};

/** Starts a server on a database, with all its loops. */
export async function startProbed(database: string): Promise<ProbedServer> {
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=8', '--import', new URL('./probe.ts', import.meta.url).href, serverProgram],
    {
      env: {
        PATH: process.env.PATH,
        MINTAKA_API_PORT: '0',
        MINTAKA_DATABASE_CONNECTION_URL: database,
        MINTAKA_PROFILES_PATH: '/dev/null',
        MINTAKA_LOGGING_SERVER_LEVEL: 'WARNING',
        ...loops,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  if (child.stdout === null || child.stderr === null) throw new Error('The server has no output.');
  const lines: string[] = [];
  collectLines(child.stdout, (line) => lines.push(line));
  collectLines(child.stderr, (line) => lines.push(line));
  const watched = watchServer(Object.assign(child, { stdout: child.stdout, stderr: child.stderr }));
  const url = await watched.url;
  const ask = async (question: 'turns' | 'memory'): Promise<ProbeAnswer> => {
    const gone = watched.ended.then(({ code }) => {
      throw new Error(`The server has ended with ${code}: ${lines.slice(-5).join('\n')}`);
    });
    child.send(question);
    const [answer] = await Promise.race([once(child, 'message'), gone]);
    return answer;
  };
  return {
    url,
    turns: async () => {
      const answer = await ask('turns');
      return 'turns' in answer ? answer.turns : [];
    },
    memory: async () => {
      const answer = await ask('memory');
      if (!('memory' in answer)) throw new Error('The probe did not return the memory.');
      return answer.memory;
    },
    complaints: () => lines.filter(isComplaint),
    stop: async () => {
      child.kill('SIGTERM');
      const { code } = await watched.ended;
      process.off('exit', killAtExit);
      if (code !== 0) throw new Error(`The server ended with ${code}: ${lines.slice(-5).join('\n')}`);
    },
  };
}

function collectLines(stream: NodeJS.ReadableStream, add: (line: string) => void): void {
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const pieces = (rest + chunk).split('\n');
    rest = pieces.pop() ?? '';
    for (const piece of pieces) if (piece !== '') add(piece);
  });
}

const errorLevel = 50;

function isComplaint(line: string): boolean {
  try {
    const { level } = JSON.parse(line);
    return typeof level !== 'number' || level >= errorLevel || /unhandled/i.test(line);
  } catch {
    return true;
  }
}
