// The load generator: a separate process, so that its work is not measured with the server's. Prints one outcome as JSON.
// usage: node generator.ts --scenario task-states --port 4200 --clients 10 --seconds 5 [--group the server's process group]
import { parseArgs } from 'node:util';
import { factsOf } from '../subjects/process-facts.ts';
import { HttpConnection } from './connection.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { type Scenario, type ScenarioName, type Step, scenarios } from './scenarios.ts';

const warmUpMilliseconds = 300;
// More requests are prepared than the warm-up's rate requires, because a server gets faster while it warms up.
const reserve = 1.5;

type Client = { connection: HttpConnection; ground: string };
type Tally = { latencies: number[]; errors: number; firstError: string | null };

async function load(
  scenario: Scenario,
  port: number,
  group: number | undefined,
  count: number,
  seconds: number,
): Promise<Outcome> {
  const connections = Array.from({ length: count }, () => new HttpConnection(port));
  try {
    const open = async (connection: HttpConnection) => ({
      connection,
      ground: await scenario.ground(connection),
    });
    const clients = await Promise.all(connections.map(open));
    const expected = await warmUp(scenario, clients);
    const pieces = await prepare(scenario, clients, (expected * seconds * reserve) / scenario.stepsPerPiece);
    return await measure(scenario, clients, pieces, seconds * 1000, group);
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** Loads the server briefly and returns its rate of requests per second. */
async function warmUp(scenario: Scenario, clients: readonly Client[]): Promise<number> {
  let spent = 0;
  let last: Outcome;
  do {
    const pieces = await prepare(scenario, clients, clients.length);
    last = await measure(scenario, clients, pieces, Number.POSITIVE_INFINITY);
    spent += last.seconds * 1000;
    if (last.requests === 0) throw new Error(last.firstError ?? 'no request was answered');
  } while (spent < warmUpMilliseconds);
  return last.requests / last.seconds;
}

/** Every client prepares its share of the work. */
async function prepare(scenario: Scenario, clients: readonly Client[], pieces: number): Promise<Step[][]> {
  const share = Math.ceil(pieces / clients.length);
  const made = await Promise.all(
    clients.map(async ({ connection, ground }) => {
      const own: Step[][] = [];
      while (own.length < share) own.push(await scenario.prepare(connection, ground));
      return own;
    }),
  );
  return made.flat();
}

async function measure(
  scenario: Scenario,
  clients: readonly Client[],
  pieces: Step[][],
  milliseconds: number,
  group?: number,
): Promise<Outcome> {
  const tally: Tally = { latencies: [], errors: 0, firstError: null };
  const spentBefore = processorSeconds(group);
  const start = performance.now();
  const window = { deadline: start + milliseconds, pieces };
  await Promise.all(clients.map(({ connection }) => drive(connection, window, tally)));
  const seconds = (Math.min(window.deadline, performance.now()) - start) / 1000;
  const spentAfter = processorSeconds(group);
  const spent = spentBefore === null || spentAfter === null ? null : spentAfter - spentBefore;
  return outcomeOf({ ...tally, seconds, unitsPerRequest: scenario.unitsPerRequest, processorSeconds: spent });
}

/** A client does one piece of work after the other until the window closes or none is left. */
async function drive(
  connection: HttpConnection,
  window: { deadline: number; pieces: Step[][] },
  tally: Tally,
): Promise<void> {
  let before = performance.now();
  for (let piece = window.pieces.pop(); piece !== undefined; piece = window.pieces.pop()) {
    for (const step of piece) {
      const failure = await attempt(connection, step);
      const after = performance.now();
      if (after > window.deadline) return;
      if (failure === null) tally.latencies.push(after - before);
      else {
        tally.errors += 1;
        tally.firstError ??= failure;
      }
      before = after;
    }
  }
}

function processorSeconds(group: number | undefined): number | null {
  return group === undefined ? null : factsOf(group).processorSeconds;
}

async function attempt(connection: HttpConnection, step: Step): Promise<string | null> {
  try {
    const answer = await connection.request('POST', step.path, step.body, step.key);
    if (answer.status === 201 && answer.body.includes(step.expects)) return null;
    return `${answer.status} ${answer.body.toString('utf8', 0, 300)}`;
  } catch (error) {
    return String(error);
  }
}

function isScenario(name: string | undefined): name is ScenarioName {
  return name !== undefined && Object.hasOwn(scenarios, name);
}

const { values } = parseArgs({
  options: {
    scenario: { type: 'string' },
    port: { type: 'string' },
    group: { type: 'string' },
    clients: { type: 'string' },
    seconds: { type: 'string' },
  },
});
if (!isScenario(values.scenario)) throw new Error(`no scenario "${values.scenario}"`);
const outcome = await load(
  scenarios[values.scenario],
  Number(values.port),
  values.group === undefined ? undefined : Number(values.group),
  Number(values.clients),
  Number(values.seconds),
);
process.stdout.write(`${JSON.stringify(outcome)}\n`);
