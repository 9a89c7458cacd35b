// Plain JavaScript: the thread loads the sources without types from the process's compile cache, and needs no compiler of its
// own, which would take 25 MB.
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./sqlite-thread-worker.ts');
