import type { CatalogBlock } from './catalog-block.ts';

/** Blocks for Google Cloud. */
export const googleCloudBlocks: readonly CatalogBlock[] = [
  {
    name: 'GCP Credentials',
    slug: 'gcp-credentials',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/4CD4wwbiIKPkZDt4U3TEuW/c112fe85653da054b6d5334ef662bec4/gcp.png?h=250',
    documentationUrl:
      'https://prefecthq.github.io/prefect-gcp/credentials/#prefect_gcp.credentials.GcpCredentials',
    description:
      "Stores credentials for Google Cloud: a service account, as a file or as its contents. Without one, the machine's own login is used.",
    example: { from: 'prefect_gcp', block: 'GcpCredentials', as: 'credentials' },
    capabilities: [],
    version: '0.2.1',
    title: 'GcpCredentials',
    properties: {
      service_account_file: {
        title: 'Service Account File',
        description: "The path of a service account's key file.",
        type: 'string',
        format: 'path',
      },
      service_account_info: {
        title: 'Service Account Info',
        description: "The contents of a service account's key file.",
        type: 'object',
      },
      project: { title: 'Project', description: 'The project to use.', type: 'string' },
    },
    secretFields: ['service_account_info.*'],
  },
  {
    name: 'BigQuery Warehouse',
    slug: 'bigquery-warehouse',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/4CD4wwbiIKPkZDt4U3TEuW/c112fe85653da054b6d5334ef662bec4/gcp.png?h=250',
    documentationUrl:
      'https://prefecthq.github.io/prefect-gcp/bigquery/#prefect_gcp.bigquery.BigQueryWarehouse',
    description: 'Queries a BigQuery data warehouse over one connection.',
    example: { from: 'prefect_gcp.bigquery', block: 'BigQueryWarehouse', as: 'warehouse' },
    capabilities: [],
    version: '0.2.1',
    title: 'BigQueryWarehouse',
    properties: {
      gcp_credentials: { $ref: '#/definitions/GcpCredentials' },
      fetch_size: {
        title: 'Fetch Size',
        description: 'The number of rows to fetch at a time.',
        default: 1,
        type: 'integer',
      },
    },
    required: ['gcp_credentials'],
    secretFields: ['gcp_credentials.service_account_info.*'],
    blocks: { gcp_credentials: 'gcp-credentials' },
  },
  {
    name: 'GCP Cloud Run Job',
    slug: 'cloud-run-job',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/4CD4wwbiIKPkZDt4U3TEuW/c112fe85653da054b6d5334ef662bec4/gcp.png?h=250',
    documentationUrl: 'https://prefecthq.github.io/prefect-gcp/cloud_run/#prefect_gcp.cloud_run.CloudRunJob',
    description: 'Runs flows as jobs of Google Cloud Run. Experimental.',
    example: { from: 'prefect_gcp.cloud_run', block: 'CloudRunJob', as: 'infrastructure' },
    capabilities: ['run-infrastructure'],
    version: '0.2.1',
    title: 'CloudRunJob',
    properties: {
      type: {
        title: 'Type',
        description: 'The type of infrastructure.',
        default: 'cloud-run-job',
        enum: ['cloud-run-job'],
        type: 'string',
      },
      env: {
        title: 'Env',
        description: "Environment variables for the flow's process.",
        type: 'object',
        additionalProperties: { type: 'string' },
      },
      labels: {
        title: 'Labels',
        description: 'Labels of the infrastructure.',
        type: 'object',
        additionalProperties: { type: 'string' },
      },
      name: { title: 'Name', description: 'The name of the infrastructure.', type: 'string' },
      command: {
        title: 'Command',
        description: 'The command that runs the flow.',
        type: 'array',
        items: { type: 'string' },
      },
      image: {
        title: 'Image Name',
        description: 'The image to run, from a registry of Google Cloud.',
        type: 'string',
      },
      region: { title: 'Region', description: 'The region of the job.', type: 'string' },
      credentials: { $ref: '#/definitions/GcpCredentials' },
      cpu: { title: 'CPU', description: 'The number of CPUs of the job.', type: 'integer' },
      memory: { title: 'Memory', description: 'The memory of the job, in the unit below.', type: 'integer' },
      memory_unit: {
        title: 'Memory Units',
        description: 'The unit of the memory.',
        enum: ['G', 'Gi', 'M', 'Mi'],
        type: 'string',
      },
      args: {
        title: 'Args',
        description: 'Arguments for the entrypoint.',
        type: 'array',
        items: { type: 'string' },
      },
      keep_job: {
        title: 'Keep Job After Completion',
        description: 'Whether to keep the job after it has ended.',
        default: false,
        type: 'boolean',
      },
      timeout: { title: 'Job Timeout', description: 'The timeout of the job, in seconds.', type: 'integer' },
    },
    required: ['image', 'region', 'credentials'],
    secretFields: ['credentials.service_account_info.*'],
    blocks: { credentials: 'gcp-credentials' },
  },
];
