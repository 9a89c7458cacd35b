// Starts the server. Only Node 26 reads this file; see mintaka-server.js.
const { enableCompileCache } = require('node:module');
const { setFlagsFromString } = require('node:v8');

// Node keeps the compiled sources in the system's temporary folder. From the second start on it loads no TypeScript
// compiler, which halves the start time and saves 18 MB.
enableCompileCache();
// Modules that are loaded at the start live as long as the process. Without this, V8's space for short-lived objects grows by
// 12 MB while they load, and never shrinks.
setFlagsFromString('--semi-space-growth-factor=1');
import('../src/main.ts').then(() => setFlagsFromString('--semi-space-growth-factor=2'));
