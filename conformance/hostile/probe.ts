// Loaded before a server (`node --import`). Measures the CPU time of the turns of its event loop, and its memory.
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import type { ProbeAnswer, Turn } from './probe-answer.ts';

/** The interval of the measurement. A turn that takes longer delays the next measurement. */
const interval = 2;
/** The number of longest turns to keep. */
const kept = 5;

const send = process.send?.bind(process);
if (isMainThread && send !== undefined) watch(send);

function watch(answer: (message: ProbeAnswer) => void): void {
  // By the request itself: the server may rewrite its path.
  const open = new Map<object, string>();
  const seen = new Set<string>();
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const name = nameOf(request);
    open.set(request, name);
    seen.add(name);
    response.once('close', () => {
      seen.add(name);
      open.delete(request);
    });
  });

  let longest: Turn[] = [];
  // The start has long turns, before any client can wait for an answer.
  let isServing = false;
  let last = process.threadCpuUsage();
  setInterval(() => {
    const now = process.threadCpuUsage();
    const milliseconds = (now.user - last.user + now.system - last.system) / 1000;
    last = now;
    if (!isServing) {
      isServing = seen.size > 0;
      return;
    }
    if (milliseconds > (longest.at(-1)?.milliseconds ?? 0) || longest.length < kept) {
      longest = [...longest, { milliseconds, requests: [...new Set([...open.values(), ...seen])] }]
        .sort((a, b) => b.milliseconds - a.milliseconds)
        .slice(0, kept);
    }
    seen.clear();
  }, interval).unref();

  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  process.on('message', (question) => {
    if (question === 'turns') {
      answer({ turns: longest });
      longest = [];
    }
    if (question === 'memory') {
      collect();
      collect();
      const { heapUsed, external, rss } = process.memoryUsage();
      answer({ memory: { used: heapUsed + external, resident: rss } });
      last = process.threadCpuUsage();
    }
  });
  process.channel?.unref();
}

function nameOf({ method, url, headers }: IncomingMessage): string {
  const number = headers['x-hostile-case'];
  return `${method} ${url?.slice(0, 100)}${number === undefined ? '' : ` (case ${number})`}`;
}
