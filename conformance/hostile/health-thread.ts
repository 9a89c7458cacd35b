// Requests a server's health repeatedly in a thread, so that the sender's own load does not count.
import { parentPort, workerData } from 'node:worker_threads';
import { openSender } from './send.ts';

/** The observations of a thread: milliseconds per answer, and problems. */
export type HealthSeen = { times: number[]; problems: string[] };

/** Milliseconds between an answer and the next question. */
const interval = 5;

if (parentPort !== null && typeof workerData === 'string') {
  const port = parentPort;
  const seen: HealthSeen = { times: [], problems: [] };
  let stopping = false;
  port.once('message', () => {
    stopping = true;
  });
  const sender = openSender(workerData);
  while (!stopping) {
    await ask(seen);
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
  sender.close();
  port.postMessage(seen);

  async function ask({ times, problems }: HealthSeen): Promise<void> {
    const start = performance.now();
    try {
      const wire = { method: 'GET', path: '/api/health', headers: {}, body: undefined };
      const { status } = await sender.send(wire);
      if (status !== 200) problems.push(`/api/health answered ${status}`);
    } catch (error) {
      problems.push(`/api/health did not answer: ${error}`);
    }
    times.push(performance.now() - start);
  }
}
