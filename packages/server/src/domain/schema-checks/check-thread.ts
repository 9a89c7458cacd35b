import { parentPort } from 'node:worker_threads';
import { judgeOverrides } from './judge.ts';
import type { Check } from './schema-checks.ts';

parentPort?.on('message', ({ template, overrides }: Check) => {
  parentPort?.postMessage(judgeOverrides(template, overrides));
});
