import { createWriteStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { createDatabase, type Dialect } from '@mintaka/testing/databases';
import { startOurs } from '@mintaka/testing/ours';
import { installReference } from '@mintaka/testing/reference';
import { runDifferential } from './engine.ts';
import { describeRun, writeReport } from './report.ts';
import { resources } from './resources/index.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    requests: { type: 'string', default: '1000' },
    dialect: { type: 'string', default: 'sqlite' },
    resources: { type: 'string' },
    rows: { type: 'string', default: '500' },
    spoiled: { type: 'string', default: '0.12' },
    report: { type: 'string' },
    trace: { type: 'string' },
    'reference-twice': { type: 'boolean', default: false },
  },
});

const dialect: Dialect = values.dialect === 'postgres' ? 'postgres' : 'sqlite';
const seed = Number(values.seed);
const wanted = values.resources?.split(',');
const chosen = resources.filter(({ name }) => wanted === undefined || wanted.includes(name));

const reference = installReference();
const databases = {
  reference: await createDatabase(dialect, 'reference'),
  ours: await createDatabase(dialect, 'ours'),
};
const trace = values.trace === undefined ? undefined : createWriteStream(values.trace);
const traced = (key: string, value: unknown) => (key === 'json' ? undefined : value);
const startSecond = values['reference-twice'] ? reference.start : startOurs;
const starting = [
  reference.start({ database: databases.reference }),
  startSecond({ database: databases.ours }),
] as const;
try {
  const [left, right] = await Promise.all(starting);
  const result = await runDifferential({
    servers: { reference: left, ours: right },
    databases,
    resources: chosen,
    seed,
    requests: Number(values.requests),
    spoiled: Number(values.spoiled),
    compareRowsEvery: Number(values.rows),
    progress: (index, request, answers) => {
      trace?.write(`${JSON.stringify({ index, at: new Date(), request, answers }, traced)}\n`);
      if ((index + 1) % 100 === 0) process.stderr.write(`${index + 1} requests\n`);
    },
  });
  console.log(describeRun(result, seed));
  if (values.report !== undefined) writeReport(values.report, result, seed);
  const unexplained = result.findings.some(({ explanation }) => explanation === undefined);
  process.exitCode = unexplained || result.tables.length > 0 ? 1 : 0;
} finally {
  const started = await Promise.allSettled(starting);
  await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.stop() : undefined)));
  await Promise.all([databases.reference.drop(), databases.ours.drop()]);
}
