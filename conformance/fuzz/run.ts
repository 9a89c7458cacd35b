import { parseArgs } from 'node:util';
import { fuzz, type Phase } from './fuzz.ts';

const known: readonly Phase[] = ['coverage', 'fuzzing', 'stateful'];

const { values } = parseArgs({
  options: {
    dialect: { type: 'string', default: 'sqlite' },
    phases: { type: 'string', default: known.join(',') },
    seed: { type: 'string', default: '1' },
    examples: { type: 'string', default: '20' },
  },
});

const wanted = values.phases.split(',');
const { passed, output, answers } = await fuzz({
  dialect: values.dialect === 'postgres' ? 'postgres' : 'sqlite',
  phases: known.filter((phase) => wanted.includes(phase)),
  seed: Number(values.seed),
  examples: Number(values.examples),
});
console.log(output);
console.log(answers);
process.exitCode = passed ? 0 : 1;
