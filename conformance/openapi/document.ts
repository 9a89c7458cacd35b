/** A schema of a document, as written. */
export type Schema = { readonly [keyword: string]: unknown };

/** A parameter of an operation, or its body. */
export type Input = { required: boolean; schema: Schema };

/** One operation, independent of the document's version. */
export type Operation = {
  /** By place and name, such as `query version`; names of headers in lower case. */
  parameters: ReadonlyMap<string, Input>;
  body: Input | undefined;
  /** Schemas of the answers by status code; undefined if an answer has no body. */
  responses: ReadonlyMap<string, Schema | undefined>;
};

/** The compared parts of an OpenAPI document. */
export type ApiDocument = {
  /** By method and path below the API's root, such as `POST /flows/`. */
  operations: ReadonlyMap<string, Operation>;
  /** The schemas that others refer to, by name. */
  schemas: ReadonlyMap<string, Schema>;
};

/**
 * Reads an OpenAPI document, 3.0 or 3.1.
 * @param root the prefix of its paths, such as `/api`; it is removed, and other paths are ignored.
 */
export function readDocument(document: unknown, root: string): ApiDocument {
  const { paths, components } = record(document);
  const operations = Object.entries(record(paths)).flatMap(([path, methods]) =>
    path.startsWith(`${root}/`)
      ? Object.entries(record(methods)).map(
          ([method, operation]) =>
            [`${method.toUpperCase()} ${path.slice(root.length)}`, readOperation(record(operation))] as const,
        )
      : [],
  );
  const schemas = Object.entries(record(record(components).schemas));
  return {
    operations: new Map(operations),
    schemas: new Map(schemas.map(([name, schema]) => [name, record(schema)])),
  };
}

function readOperation({ parameters, requestBody, responses }: Schema): Operation {
  const body = requestBody === undefined ? undefined : record(requestBody);
  return {
    parameters: new Map(list(parameters).map((parameter) => readParameter(record(parameter)))),
    body: body && { required: body.required === true, schema: contentOf(body) ?? {} },
    responses: new Map(
      Object.entries(record(responses)).map(([status, answer]) => [status, contentOf(record(answer))]),
    ),
  };
}

function readParameter({ in: place, name, required, schema }: Schema): [string, Input] {
  const known = place === 'header' ? String(name).toLowerCase() : String(name);
  return [`${String(place)} ${known}`, { required: required === true, schema: record(schema) }];
}

function contentOf({ content }: Schema): Schema | undefined {
  const json = record(content)['application/json'];
  return json === undefined ? undefined : record(record(json).schema);
}

/** The value as an object; an empty one if it is not an object. */
export function record(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** The value as a list; an empty one if it is not a list. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
