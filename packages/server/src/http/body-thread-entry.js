// Plain JavaScript: the thread finds the sources without their types in the process' cache, and loads no compiler of its own,
// which would take 25 MB.
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./body-thread.ts');
