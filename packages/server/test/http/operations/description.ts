import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** One operation as the server describes it. */
export type DescribedOperation = {
  /** Method and path, such as `GET /api/flows/{id}`. */
  name: string;
  /** The problem with an answer: its status is not described, or its body does not match. */
  problem(status: number, body: unknown): string | undefined;
};

/** A server's description of its API. */
export type Description = {
  operations: readonly DescribedOperation[];
  /** The operation of a request. @throws Error without one. */
  operationOf(method: string, path: string): DescribedOperation;
};

/** The parts of an OpenAPI document that are read here. */
type OpenApi = {
  paths: Record<string, Record<string, { responses: Record<string, { content?: unknown }> }>>;
};

/** Reads the description that the server publishes at `/openapi.json`. */
export function readDescription(document: OpenApi): Description {
  const schemas = new Ajv2020({ strict: false, validateFormats: false });
  schemas.addSchema(document, 'api');
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({
      method: method.toUpperCase(),
      pattern: patternOf(path),
      parameters: path.split('{').length,
      operation: describe(schemas, method, path, responses),
    })),
  );
  // A literal path goes before one with a parameter.
  routes.sort((a, b) => a.parameters - b.parameters);
  return {
    operations: routes.map(({ operation }) => operation),
    operationOf: (method, path) => {
      const asked = path.replace(/\?.*/, '');
      const route = routes.find((one) => one.method === method && one.pattern.test(asked));
      if (route === undefined) throw new Error(`The server describes no ${method} ${path}`);
      return route.operation;
    },
  };
}

function describe(
  schemas: Ajv2020,
  method: string,
  path: string,
  responses: Record<string, { content?: unknown }>,
): DescribedOperation {
  const place = `api#/paths/${pointer(path)}/${method}/responses`;
  return {
    name: `${method.toUpperCase()} ${path}`,
    problem: (status, body) => {
      const answer = responses[`${status}`];
      if (answer === undefined) return `${status} is not described`;
      if (answer.content === undefined) return body === undefined ? undefined : 'the answer has a body';
      const fits = schemas.getSchema(`${place}/${status}/content/application~1json/schema`);
      return fits === undefined ? 'the answer has no schema' : complaintOf(schemas, fits, body);
    },
  };
}

function complaintOf(schemas: Ajv2020, fits: ValidateFunction, body: unknown): string | undefined {
  return fits(body) ? undefined : schemas.errorsText(fits.errors);
}

function pointer(path: string): string {
  return encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
}
