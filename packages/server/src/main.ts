import { enableCompileCache } from 'node:module';

const oldestNode = 26;

const major = Number(process.versions.node.split('.', 1)[0]);
if (major < oldestNode) {
  process.stderr.write(
    `Mintaka needs Node ${oldestNode} or later, and this is Node ${process.versions.node}. ` +
      'Start it with "npm start": "npm ci" has put the right Node into node_modules.\n',
  );
  process.exit(1);
}

// The sources without their types are kept in the system's folder for temporary files, which halves the next start.
enableCompileCache();

// Imported late, because what it imports does not load on an older Node.
const { runServer } = await import('./run.ts');
await runServer(process.env);
