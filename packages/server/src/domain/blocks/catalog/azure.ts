import type { CatalogBlock } from './catalog-block.ts';

/** Blocks for Microsoft Azure. */
export const azureBlocks: readonly CatalogBlock[] = [
  {
    name: 'Azure Blob Storage Credentials',
    slug: 'azure-blob-storage-credentials',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/6AiQ6HRIft8TspZH7AfyZg/39fd82bdbb186db85560f688746c8cdd/azure.png?h=250',
    documentationUrl:
      'https://prefecthq.github.io/prefect-azure/credentials/#prefect_azure.credentials.AzureCredentials',
    description: 'Stores the connection string of an Azure Blob Storage account.',
    example: { from: 'prefect_azure', block: 'AzureBlobStorageCredentials', as: 'credentials' },
    capabilities: [],
    version: '0.2.2',
    title: 'AzureBlobStorageCredentials',
    properties: {
      connection_string: { title: 'Connection String', type: 'string', writeOnly: true, format: 'password' },
    },
    required: ['connection_string'],
    secretFields: ['connection_string'],
  },
  {
    name: 'Azure Container Instance Credentials',
    slug: 'azure-container-instance-credentials',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/6AiQ6HRIft8TspZH7AfyZg/39fd82bdbb186db85560f688746c8cdd/azure.png?h=250',
    documentationUrl:
      'https://prefecthq.github.io/prefect-azure/credentials/#prefect_azure.credentials.AzureContainerInstanceCredentials',
    description: 'Stores the service principal for Azure Container Instances.',
    example: {
      from: 'prefect_azure.credentials',
      block: 'AzureContainerInstanceCredentials',
      as: 'credentials',
    },
    capabilities: [],
    version: '0.2.2',
    title: 'AzureContainerInstanceCredentials',
    properties: {
      client_id: {
        title: 'Client ID',
        description: 'The id of the service principal.',
        default: '...',
        type: 'string',
      },
      tenant_id: { title: 'Tenant ID', description: 'The id of its tenant.', type: 'string' },
      client_secret: {
        title: 'Client Secret',
        description: 'Its secret.',
        type: 'string',
        writeOnly: true,
        format: 'password',
      },
    },
    required: ['tenant_id', 'client_secret'],
    secretFields: ['client_secret'],
  },
  {
    name: 'Azure Container Instance Job',
    slug: 'azure-container-instance-job',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/6AiQ6HRIft8TspZH7AfyZg/39fd82bdbb186db85560f688746c8cdd/azure.png?h=250',
    documentationUrl:
      'https://prefecthq.github.io/prefect-azure/container_instance/#prefect_azure.container_instance.AzureContainerInstanceJob',
    description: 'Runs flows in Azure Container Instances. Experimental.',
    example: {
      from: 'prefect_azure.container_instance',
      block: 'AzureContainerInstanceJob',
      as: 'infrastructure',
    },
    capabilities: ['run-infrastructure'],
    version: '0.2.2',
    title: 'AzureContainerInstanceJob',
    properties: {
      type: {
        title: 'Type',
        description: 'The type of infrastructure.',
        default: 'container-instance-job',
        enum: ['container-instance-job'],
        type: 'string',
      },
      env: {
        title: 'Environment Variables',
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
      aci_credentials: { $ref: '#/definitions/AzureContainerInstanceCredentials' },
      resource_group_name: {
        title: 'Azure Resource Group Name',
        description: 'The resource group of the containers.',
        type: 'string',
      },
      subscription_id: {
        title: 'Azure Subscription ID',
        description: 'The subscription of the containers.',
        type: 'string',
        writeOnly: true,
        format: 'password',
      },
      image: { title: 'Image', description: 'The image to run.', type: 'string' },
      entrypoint: {
        title: 'Entrypoint',
        description: 'The entrypoint of the container; only for custom images.',
        default: '/opt/prefect/entrypoint.sh',
        type: 'string',
      },
      image_registry: { $ref: '#/definitions/DockerRegistry' },
      cpu: {
        title: 'CPU',
        description: 'The number of CPUs of the container.',
        default: 1.0,
        type: 'number',
      },
      gpu_count: {
        title: 'GPU Count',
        description: 'The number of GPUs of the container.',
        type: 'integer',
      },
      gpu_sku: { title: 'GPU SKU', description: 'The type of the GPUs.', type: 'string' },
      memory: {
        title: 'Memory',
        description: 'The memory of the container in GB.',
        default: 1.0,
        type: 'number',
      },
      subnet_ids: {
        title: 'Subnet IDs',
        description: 'The subnets of the container.',
        type: 'array',
        items: { type: 'string' },
      },
      stream_output: {
        title: 'Stream Output',
        description: 'Whether the agent prints the output of the container.',
        type: 'boolean',
      },
      task_start_timeout_seconds: {
        title: 'Task Start Timeout Seconds',
        description: 'The timeout for starting the container, in seconds.',
        default: 240,
        type: 'integer',
      },
      task_watch_poll_interval: {
        title: 'Task Watch Poll Interval',
        description: 'The interval of checks of the container, in seconds.',
        default: 5.0,
        type: 'number',
      },
    },
    required: ['aci_credentials', 'resource_group_name', 'subscription_id'],
    secretFields: ['aci_credentials.client_secret', 'subscription_id', 'image_registry.password'],
    blocks: { aci_credentials: 'azure-container-instance-credentials', image_registry: 'docker-registry' },
  },
  {
    name: 'Azure Cosmos DB Credentials',
    slug: 'azure-cosmos-db-credentials',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/6AiQ6HRIft8TspZH7AfyZg/39fd82bdbb186db85560f688746c8cdd/azure.png?h=250',
    documentationUrl:
      'https://prefecthq.github.io/prefect-azure/credentials/#prefect_azure.credentials.AzureCosmosDbCredentials',
    description: 'Stores the connection string of an Azure Cosmos DB account.',
    example: { from: 'prefect_azure', block: 'AzureCosmosDbCredentials', as: 'credentials' },
    capabilities: [],
    version: '0.2.2',
    title: 'AzureCosmosDbCredentials',
    properties: {
      connection_string: { title: 'Connection String', type: 'string', writeOnly: true, format: 'password' },
    },
    required: ['connection_string'],
    secretFields: ['connection_string'],
  },
  {
    name: 'AzureML Credentials',
    slug: 'azureml-credentials',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/6AiQ6HRIft8TspZH7AfyZg/39fd82bdbb186db85560f688746c8cdd/azure.png?h=250',
    documentationUrl:
      'https://prefecthq.github.io/prefect-azure/credentials/#prefect_azure.credentials.AzureMlCredentials',
    description: 'Stores credentials for an AzureML workspace.',
    example: { from: 'prefect_azure', block: 'AzureMlCredentials', as: 'credentials' },
    capabilities: [],
    version: '0.2.2',
    title: 'AzureMlCredentials',
    properties: {
      tenant_id: { title: 'Tenant Id', type: 'string' },
      service_principal_id: { title: 'Service Principal Id', type: 'string' },
      service_principal_password: {
        title: 'Service Principal Password',
        type: 'string',
        writeOnly: true,
        format: 'password',
      },
      subscription_id: { title: 'Subscription Id', type: 'string' },
      resource_group: { title: 'Resource Group', type: 'string' },
      workspace_name: { title: 'Workspace Name', type: 'string' },
    },
    required: [
      'tenant_id',
      'service_principal_id',
      'service_principal_password',
      'subscription_id',
      'resource_group',
      'workspace_name',
    ],
    secretFields: ['service_principal_password'],
  },
];
