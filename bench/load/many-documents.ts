import { idOf } from './api.ts';
import type { HttpConnection } from './connection.ts';
import type { ListRequest } from './list-requests.ts';

const documents = 1000;

/**
 * Creates a thousand block documents over HTTP, three quarters of which have nested documents, two levels deep, and returns
 * the requests to measure: a page of 200 with all nested documents, and one of them.
 */
export async function makeManyDocuments(connection: HttpConnection): Promise<ListRequest[]> {
  const make = async (path: string, body: object) =>
    idOf(await connection.request('POST', path, JSON.stringify(body)));
  const block_type_id = await make('/api/block_types/', { name: 'bench', slug: 'bench' });
  const fields = { title: 'Bench', type: 'object', properties: {}, block_type_slug: 'bench' };
  const block_schema_id = await make('/api/block_schemas/', { block_type_id, fields });
  const document = (name: string, data: object) =>
    make('/api/block_documents/', { block_type_id, block_schema_id, name, data });
  let tree = '';
  for (let group = 0; group < documents / 4; group += 1) {
    const leaf = await document(`leaf-${group}`, { size: group, unit: 'kg' });
    const twig = await document(`twig-${group}`, { leaf: refer(leaf), size: 1 });
    await document(`bush-${group}`, { left: refer(leaf), right: refer(leaf) });
    tree = await document(`tree-${group}`, { left: refer(twig), right: refer(leaf), name: 'tree' });
  }
  return [
    { label: 'block documents: filter 200', path: '/api/block_documents/filter', body: { limit: 200 } },
    { label: 'block documents: one', method: 'GET', path: `/api/block_documents/${tree}`, body: {} },
  ];
}

function refer(block_document_id: string): object {
  return { $ref: { block_document_id } };
}
