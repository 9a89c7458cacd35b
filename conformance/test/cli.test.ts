import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Dialect } from '@mintaka/testing/databases';
import { compareTranscripts, findFaults } from '../cli/compare.ts';
import { findGaps } from '../cli/coverage.ts';
import { explanations } from '../cli/explained.ts';
import type { Result, Transcript } from '../cli/play.ts';
import { describeFaults, outcomePage, runCommandLines } from '../cli/run.ts';
import { dialects, missing } from './support.ts';

test('every command of the real command line has the same output, requests and exit code on our server, and docs/command-line.md is up to date', async (t) => {
  const here: Dialect[] = [];
  for (const dialect of dialects) {
    const reason = await missing(dialect);
    if (reason === false) here.push(dialect);
    else if (dialect === 'sqlite') return t.skip(reason);
    else t.diagnostic(`Not on ${dialect}: ${reason}`);
  }

  const outcome = await runCommandLines(here);

  assert.equal(describeFaults(outcome), '');
  const page = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
  assert.equal(page, outcomePage(outcome));
});

const ids = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

function transcript(server: string, ...results: Partial<Result>[]): Transcript {
  const empty = { line: 'flow ls', status: 0, stdout: '', stderr: '', requests: [], seconds: 0 };
  return { server, folders: [`/tmp/${server}`], results: results.map((result) => ({ ...empty, ...result })) };
}

/** Only the differences, without unused explanations. */
function differences(left: Transcript, right: Transcript): string[] {
  return findFaults(compareTranscripts(left, right)).slice(
    0,
    -explanations.flatMap(({ lines }) => lines).length,
  );
}

test('ids, times, generated names, paths and widths of tables do not make two outputs different', () => {
  const left = transcript('127.0.0.1:1', {
    stdout: `│ ${ids[0]} │  Created flow run 'blue-ox'. │ 2031-01-02T03:04:05.678901+00:00\n──── /tmp/127.0.0.1:1/x`,
    requests: [`GET /api/flows/${ids[0]} 200`],
  });
  const right = transcript('127.0.0.1:2', {
    stdout: `│ ${ids[1]} │ Created flow run 'light-grey-eel'. │ 2031-01-02 03:04:05+00:00\n── /tmp/127.0.0.1:2/x`,
    requests: [`GET /api/flows/${ids[1]} 200`],
  });

  assert.deepEqual(differences(left, right), []);
});

test('an id of another object, a status, a word and a request make two outputs different', () => {
  const left = transcript(
    'a',
    { stdout: `${ids[0]} ${ids[1]} ${ids[0]}` },
    { status: 1, requests: ['GET /x 404'] },
  );
  const right = transcript('b', { stdout: `${ids[0]} ${ids[1]} ${ids[1]}` }, { stderr: 'oh', requests: [] });

  const parts = compareTranscripts(left, right).map((one) => one.differences.map(({ part }) => part));

  assert.deepEqual(parts, [['stdout'], ['status', 'stderr', 'requests']]);
});

test('an unused command and an unused option are gaps', () => {
  const commands = [
    { name: 'flow ls', options: [['--limit']] },
    { name: 'flow inspect', options: [] },
    { name: 'cloud login', options: [['--key']] },
  ];

  const gaps = findGaps(commands, [{ line: 'flows ls' }]);

  assert.ok(gaps.includes('flow ls is not run with --limit'), gaps.join('\n'));
  assert.ok(gaps.includes('flow inspect is not run'), gaps.join('\n'));
  assert.ok(!gaps.some((gap) => gap.startsWith('cloud login')), gaps.join('\n'));
});
