import { identity } from './columns.ts';

/** Block types, their schemas, and their documents. */
export const blocks = `
CREATE TABLE block_type (
  ${identity},
  name VARCHAR NOT NULL,
  logo_url VARCHAR,
  documentation_url VARCHAR,
  description VARCHAR,
  code_example VARCHAR,
  is_protected BOOLEAN DEFAULT '0' NOT NULL,
  slug VARCHAR NOT NULL,
  CONSTRAINT pk_block_type PRIMARY KEY (id)
);
CREATE INDEX ix_block_type__updated ON block_type (updated);
CREATE INDEX ix_block_type_name_case_insensitive ON block_type (name);
CREATE UNIQUE INDEX uq_block_type__slug ON block_type (slug);

CREATE TABLE block_schema (
  ${identity},
  fields JSON DEFAULT '{}' NOT NULL,
  block_type_id CHAR(36) NOT NULL,
  checksum VARCHAR NOT NULL,
  capabilities JSON DEFAULT '[]' NOT NULL,
  version VARCHAR DEFAULT 'non-versioned' NOT NULL,
  CONSTRAINT pk_block_schema PRIMARY KEY (id),
  CONSTRAINT fk_block_schema__block_type_id__block_type FOREIGN KEY (block_type_id) REFERENCES block_type (id) ON DELETE CASCADE
);
CREATE INDEX ix_block_schema__block_type_id ON block_schema (block_type_id);
CREATE INDEX ix_block_schema__created ON block_schema (created);
CREATE INDEX ix_block_schema__updated ON block_schema (updated);
CREATE UNIQUE INDEX uq_block_schema__checksum_version ON block_schema (checksum, version);

CREATE TABLE block_schema_reference (
  ${identity},
  name VARCHAR NOT NULL,
  parent_block_schema_id CHAR(36) NOT NULL,
  reference_block_schema_id CHAR(36) NOT NULL,
  CONSTRAINT pk_block_schema_reference PRIMARY KEY (id),
  CONSTRAINT fk_block_schema_reference__parent_block_schema_id__block_schema FOREIGN KEY (parent_block_schema_id) REFERENCES block_schema (id) ON DELETE CASCADE,
  CONSTRAINT fk_block_schema_reference__reference_block_schema_id__block_schema FOREIGN KEY (reference_block_schema_id) REFERENCES block_schema (id) ON DELETE CASCADE
);
CREATE INDEX ix_block_schema_reference__updated ON block_schema_reference (updated);

CREATE TABLE block_document (
  ${identity},
  name VARCHAR NOT NULL,
  data JSON DEFAULT '{}' NOT NULL,
  block_schema_id CHAR(36) NOT NULL,
  block_type_id CHAR(36) NOT NULL,
  is_anonymous BOOLEAN DEFAULT '0' NOT NULL,
  CONSTRAINT pk_block_document PRIMARY KEY (id),
  CONSTRAINT fk_block_document__block_type_id__block_type FOREIGN KEY (block_type_id) REFERENCES block_type (id) ON DELETE CASCADE,
  CONSTRAINT fk_block__block_schema_id__block_schema FOREIGN KEY (block_schema_id) REFERENCES block_schema (id) ON DELETE CASCADE
);
CREATE INDEX ix_block_document__is_anonymous ON block_document (is_anonymous);
CREATE INDEX ix_block_document__name ON block_document (name);
CREATE INDEX ix_block_document__updated ON block_document (updated);
CREATE UNIQUE INDEX uq_block__type_id_name ON block_document (block_type_id, name);

CREATE TABLE block_document_reference (
  ${identity},
  name VARCHAR NOT NULL,
  parent_block_document_id CHAR(36) NOT NULL,
  reference_block_document_id CHAR(36) NOT NULL,
  CONSTRAINT pk_block_document_reference PRIMARY KEY (id),
  CONSTRAINT fk_block_document_reference__parent_block_document_id__block_document FOREIGN KEY (parent_block_document_id) REFERENCES block_document (id) ON DELETE CASCADE,
  CONSTRAINT fk_block_document_reference__reference_block_document_id__block_document FOREIGN KEY (reference_block_document_id) REFERENCES block_document (id) ON DELETE CASCADE
);
CREATE INDEX ix_block_document_reference__updated ON block_document_reference (updated);
`;
