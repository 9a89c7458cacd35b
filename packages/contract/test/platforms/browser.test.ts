import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { expectedOutcome, probeCode, probeProject } from './probe.ts';

/** The output of a bundler for a browser, and the files that it contains. It refuses Node's own modules. */
async function bundle(code: string): Promise<{ text: string; files: string[] }> {
  const project = probeProject(code);
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [project.file],
      bundle: true,
      platform: 'browser',
      format: 'iife',
      globalName: 'probe',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    const used = Object.entries(Object.values(metafile.outputs)[0]?.inputs ?? {});
    return {
      text: outputFiles[0]?.text ?? '',
      files: used.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file),
    };
  } finally {
    project.close();
  }
}

test('everything in the contract can be bundled for a browser and runs without platform APIs and Temporal', async () => {
  const { text } = await bundle(probeCode);

  assert.doesNotMatch(text, /\bnode:/);
  // Without the globals of Node and browsers.
  assert.equal(runInNewContext(`delete globalThis.Temporal; ${text}; probe.outcome`, {}), expectedOutcome);
});

test('a bundle that only needs the states contains neither zod nor a schema', async () => {
  const { files } = await bundle(`
    import { isTerminal } from '@mintaka/contract';
    export const outcome = isTerminal('FAILED');
  `);

  assert.deepEqual(
    files.filter((file) => !/probe\.mjs$|contract\/src\/states\.ts$/.test(file)),
    [],
  );
});
