import '../bin/check-node.js';
import { enableCompileCache } from 'node:module';

// The sources without their types are kept in the system's folder for temporary files, which halves the next start.
enableCompileCache();

// Imported late, so that the two lines above come first.
const { runServer } = await import('./run.ts');
await runServer(process.env);
