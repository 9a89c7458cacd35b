import type { CatalogBlock } from './catalog-block.ts';

/** Blocks for Databricks. */
export const databricksBlocks: readonly CatalogBlock[] = [
  {
    name: 'Databricks Credentials',
    slug: 'databricks-credentials',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/5GTHI1PH2dTiantfps6Fnc/1c750fab7f4c14ea1b93a62b9fea6a94/databricks_logo_icon_170295.png?h=250',
    documentationUrl:
      'https://prefecthq.github.io/prefect-databricks/credentials/#prefect_databricks.credentials.DatabricksCredentials',
    description: 'Stores credentials for a Databricks workspace.',
    example: { from: 'prefect_databricks', block: 'DatabricksCredentials', as: 'credentials' },
    capabilities: [],
    version: '0.1.3',
    title: 'DatabricksCredentials',
    properties: {
      databricks_instance: { title: 'Databricks Instance', type: 'string' },
      token: { title: 'Token', type: 'string', writeOnly: true, format: 'password' },
      client_kwargs: { title: 'Client Kwargs', type: 'object' },
    },
    required: ['databricks_instance', 'token'],
    secretFields: ['token'],
  },
];
