import { readCommandLine, usage } from './command-line.ts';
import { listenForStopSignals } from './stop-signals.ts';

const command = readCommandLine(process.argv.slice(2));
switch (command.kind) {
  case 'run': {
    const signals = listenForStopSignals({ watchParent: process.env.npm_lifecycle_event !== undefined });
    // Imported late: loading the server takes a while, and no signal must be lost in that time.
    const { runServer } = await import('./run.ts');
    await runServer(process.env, command.settings, signals);
    break;
  }
  case 'print':
    process.stdout.write(command.text);
    break;
  case 'refuse':
    process.stderr.write(`mintaka: ${command.problem}\n${usage}\n`);
    process.exitCode = 2;
}
