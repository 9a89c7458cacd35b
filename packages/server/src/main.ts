import '../bin/check-node.js';
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

// The sources without their types are kept in the system's folder for temporary files, which halves the next start.
enableCompileCache();
// What is loaded at the start lives on anyway. V8's space for the short-lived would grow by it, and keep 12 MB for good.
setFlagsFromString('--semi-space-growth-factor=1');

// Imported late, so that the lines above come first.
const { runServer } = await import('./run.ts');
await runServer(process.env);

setFlagsFromString('--semi-space-growth-factor=2');
