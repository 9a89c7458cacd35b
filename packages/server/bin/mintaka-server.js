#!/usr/bin/env node
import './check-node.js';
import { enableCompileCache } from 'node:module';

// The sources without their types are kept in the system's folder for temporary files: from the second start on, no compiler
// is loaded, which halves the time and saves 18 MB.
enableCompileCache();
await import('../src/main.ts');
