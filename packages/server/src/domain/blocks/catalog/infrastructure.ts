import type { CatalogBlock } from './catalog-block.ts';

/** Blocks that run flows, and the blocks that these need. */
export const infrastructureBlocks: readonly CatalogBlock[] = [
  {
    name: 'Docker Registry',
    slug: 'docker-registry',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/2IfXXfMq66mrzJBDFFCHTp/6d8f320d9e4fc4393f045673d61ab612/Moby-logo.png?h=250',
    documentationUrl:
      'https://docs.prefect.io/api-ref/prefect/infrastructure/#prefect.infrastructure.docker.DockerRegistry',
    description: 'Logs in to a Docker registry. A Docker engine must be reachable.',
    example: { from: 'prefect.infrastructure.docker', block: 'DockerRegistry', as: 'registry' },
    capabilities: ['docker-login'],
    version: '2.8.0',
    title: 'DockerRegistry',
    properties: {
      username: { title: 'Username', description: 'The user name.', type: 'string' },
      password: {
        title: 'Password',
        description: 'The password of the user.',
        type: 'string',
        writeOnly: true,
        format: 'password',
      },
      registry_url: {
        title: 'Registry Url',
        description: 'The URL of the registry; the scheme is optional.',
        type: 'string',
      },
      reauth: {
        title: 'Reauth',
        description: 'Whether each use logs in again.',
        default: true,
        type: 'boolean',
      },
    },
    required: ['username', 'password', 'registry_url'],
    secretFields: ['password'],
  },
  {
    name: 'Docker Container',
    slug: 'docker-container',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/2IfXXfMq66mrzJBDFFCHTp/6d8f320d9e4fc4393f045673d61ab612/Moby-logo.png?h=250',
    documentationUrl:
      'https://docs.prefect.io/api-ref/prefect/infrastructure/#prefect.infrastructure.DockerContainer',
    description: 'Runs flows in Docker containers. A Docker engine must be reachable.',
    example: { from: 'prefect.infrastructure.docker', block: 'DockerContainer', as: 'infrastructure' },
    capabilities: ['run-infrastructure'],
    version: '2.8.0',
    title: 'DockerContainer',
    properties: {
      type: {
        title: 'Type',
        description: 'The type of infrastructure.',
        default: 'docker-container',
        enum: ['docker-container'],
        type: 'string',
      },
      env: {
        title: 'Environment',
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
      image: { title: 'Image', description: 'The tag of the image to run.', type: 'string' },
      image_pull_policy: {
        description: 'When the image is pulled.',
        allOf: [{ $ref: '#/definitions/ImagePullPolicy' }],
      },
      image_registry: { $ref: '#/definitions/DockerRegistry' },
      networks: {
        title: 'Networks',
        description: 'The networks of the container.',
        type: 'array',
        items: { type: 'string' },
      },
      network_mode: {
        title: 'Network Mode',
        description: 'The network mode, such as `host`; cannot be combined with networks.',
        type: 'string',
      },
      auto_remove: {
        title: 'Auto Remove',
        description: 'Whether the container is removed once it ends.',
        default: false,
        type: 'boolean',
      },
      volumes: {
        title: 'Volumes',
        description: 'The volumes to mount, each as `local_path:container_path`.',
        type: 'array',
        items: { type: 'string' },
      },
      stream_output: {
        title: 'Stream Output',
        description: 'Whether the agent prints the output of the container.',
        default: true,
        type: 'boolean',
      },
      memswap_limit: {
        title: 'Memswap Limit',
        description:
          'The maximum of memory and swap together, -1 for no limit on swap; requires a memory limit.',
        anyOf: [{ type: 'integer' }, { type: 'string' }],
      },
      mem_limit: {
        title: 'Mem Limit',
        description: 'The maximum memory, in bytes or with a unit such as `512m`.',
        anyOf: [{ type: 'number' }, { type: 'string' }],
      },
      privileged: {
        title: 'Privileged',
        description: 'Whether the container gets extended privileges.',
        default: false,
        type: 'boolean',
      },
    },
    secretFields: ['image_registry.password'],
    definitions: {
      ImagePullPolicy: {
        title: 'ImagePullPolicy',
        enum: ['IF_NOT_PRESENT', 'ALWAYS', 'NEVER'],
        type: 'string',
      },
    },
    blocks: { image_registry: 'docker-registry' },
  },
  {
    name: 'Kubernetes Cluster Config',
    slug: 'kubernetes-cluster-config',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/1zrSeY8DZ1MJZs2BAyyyGk/20445025358491b8b72600b8f996125b/Kubernetes_logo_without_workmark.svg.png?h=250',
    documentationUrl:
      'https://docs.prefect.io/api-ref/prefect/blocks/kubernetes/#prefect.blocks.kubernetes.KubernetesClusterConfig',
    description: 'Stores the configuration of a Kubernetes cluster.',
    example: { from: 'prefect.blocks.kubernetes', block: 'KubernetesClusterConfig', as: 'cluster' },
    capabilities: [],
    version: '2.8.0',
    title: 'KubernetesClusterConfig',
    properties: {
      config: { title: 'Config', description: 'The contents of a kubectl configuration.', type: 'object' },
      context_name: {
        title: 'Context Name',
        description: 'The context of the configuration to use.',
        type: 'string',
      },
    },
    required: ['config', 'context_name'],
    secretFields: [],
  },
  {
    name: 'Kubernetes Job',
    slug: 'kubernetes-job',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/1zrSeY8DZ1MJZs2BAyyyGk/20445025358491b8b72600b8f996125b/Kubernetes_logo_without_workmark.svg.png?h=250',
    documentationUrl:
      'https://docs.prefect.io/api-ref/prefect/infrastructure/#prefect.infrastructure.KubernetesJob',
    description: 'Runs flows as Kubernetes jobs.',
    example: { from: 'prefect.infrastructure.kubernetes', block: 'KubernetesJob', as: 'infrastructure' },
    capabilities: ['run-infrastructure'],
    version: '2.8.0',
    title: 'KubernetesJob',
    properties: {
      type: {
        title: 'Type',
        description: 'The type of infrastructure.',
        default: 'kubernetes-job',
        enum: ['kubernetes-job'],
        type: 'string',
      },
      env: {
        title: 'Environment',
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
      image: { title: 'Image', description: 'The reference of the image to run.', type: 'string' },
      namespace: { title: 'Namespace', description: 'The namespace of the job.', type: 'string' },
      service_account_name: {
        title: 'Service Account Name',
        description: 'The service account of the job.',
        type: 'string',
      },
      image_pull_policy: {
        description: 'When the image is pulled.',
        allOf: [{ $ref: '#/definitions/KubernetesImagePullPolicy' }],
      },
      cluster_config: {
        title: 'Cluster Config',
        description: 'The cluster that runs the job.',
        allOf: [{ $ref: '#/definitions/KubernetesClusterConfig' }],
      },
      job: {
        title: 'Base Job Manifest',
        description: 'The manifest from which the job is created.',
        type: 'object',
      },
      customizations: {
        title: 'Customizations',
        description: 'Changes to the manifest, as JSON patches (RFC 6902).',
        type: 'array',
        format: 'rfc6902',
        items: { type: 'object', additionalProperties: { type: 'string' } },
      },
      job_watch_timeout_seconds: {
        title: 'Job Watch Timeout Seconds',
        description: 'The timeout between two events of the job, in seconds; none if omitted.',
        type: 'integer',
      },
      pod_watch_timeout_seconds: {
        title: 'Pod Watch Timeout Seconds',
        description: 'The timeout for starting the pod, in seconds.',
        default: 60,
        type: 'integer',
      },
      stream_output: {
        title: 'Stream Output',
        description: 'Whether the agent prints the output of the job.',
        default: true,
        type: 'boolean',
      },
      finished_job_ttl: {
        title: 'Finished Job Ttl',
        description: 'The time after which Kubernetes removes an ended job, in seconds; never if omitted.',
        type: 'integer',
      },
    },
    secretFields: [],
    definitions: {
      KubernetesImagePullPolicy: {
        title: 'KubernetesImagePullPolicy',
        enum: ['IfNotPresent', 'Always', 'Never'],
      },
    },
    blocks: { cluster_config: 'kubernetes-cluster-config' },
  },
  {
    name: 'Process',
    slug: 'process',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/39WQhVu4JK40rZWltGqhuC/d15be6189a0cb95949a6b43df00dcb9b/image5.png?h=250',
    documentationUrl: 'https://docs.prefect.io/concepts/infrastructure/#process',
    description:
      'Runs each flow in a separate process, with the environment of the agent and the variables below.',
    example: { from: 'prefect.infrastructure.process', block: 'Process', as: 'infrastructure' },
    isProtected: true,
    capabilities: ['run-infrastructure'],
    version: '2.8.0',
    title: 'Process',
    properties: {
      type: {
        title: 'Type',
        description: 'The type of infrastructure.',
        default: 'process',
        enum: ['process'],
        type: 'string',
      },
      env: {
        title: 'Environment',
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
      stream_output: {
        title: 'Stream Output',
        description: 'Whether the agent prints the output of the process.',
        default: true,
        type: 'boolean',
      },
      working_dir: {
        title: 'Working Dir',
        description: 'The working folder of the process; a temporary folder if omitted.',
        anyOf: [{ type: 'string' }, { type: 'string', format: 'path' }],
      },
    },
    secretFields: [],
  },
];
