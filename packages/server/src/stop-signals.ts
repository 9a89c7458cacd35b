/**
 * Signals within this time after the first are the same request, in milliseconds: Ctrl-C in a terminal reaches the server
 * twice, from the terminal and from npm, which forwards it.
 */
const sameRequestMilliseconds = 500;
/** How often to check whether the parent process is still there, in milliseconds. */
const parentCheckMilliseconds = 200;

/** The requests to end this process: SIGTERM, SIGINT, and the end of the parent if that is watched. */
export type StopSignals = {
  /** Sets the action of the first request. Until then it ends the process immediately, with exit code 0. */
  onStop(stop: () => void): void;
};

/**
 * Listens for the signals that stop a server. Call it first: a process with id 1, as in a container, ignores signals without
 * a listener. A second signal, at least half a second after the first, ends the process immediately with exit code 1.
 * @param watchParent whether the end of the parent process counts as a signal. `npx` starts the server through a shell that
 *   may be killed by a signal without forwarding it.
 */
export function listenForStopSignals({ watchParent }: { watchParent: boolean }): StopSignals {
  let stop = (): void => process.exit(0);
  let firstAt: number | undefined;
  const onSignal = (): void => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      stop();
    } else if (now - firstAt >= sameRequestMilliseconds) process.exit(1);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  if (watchParent) onParentEnd(onSignal);
  return {
    onStop: (work) => {
      stop = work;
    },
  };
}

function onParentEnd(work: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    work();
  }, parentCheckMilliseconds);
  timer.unref();
}
