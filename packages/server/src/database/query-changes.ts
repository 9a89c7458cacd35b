import {
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  type ColumnUpdateNode,
  DeleteQueryNode,
  InsertQueryNode,
  type OperationNode,
  OperatorNode,
  PrimitiveValueListNode,
  ReferenceNode,
  type RootOperationNode,
  TableNode,
  UpdateQueryNode,
  ValueNode,
  ValuesNode,
} from 'kysely';
import type { ChangeKind, NewChange } from './changes.ts';

/**
 * The tables whose rows the API shows under their own name. A change of a dependent row, such as a state, counts as a change
 * of its row.
 */
const kinds: ReadonlySet<string> = new Set<ChangeKind>([
  'agent',
  'block_document',
  'block_schema',
  'block_type',
  'concurrency_limit',
  'deployment',
  'flow',
  'flow_run',
  'flow_run_notification_policy',
  'log',
  'saved_search',
  'task_run',
  'work_pool',
  'work_queue',
  'worker',
]);

/** Whether a table is the kind of changes. */
export function isKind(table: string): table is ChangeKind {
  return kinds.has(table);
}

/** The change that a query makes: its table, and the id if it names one. Undefined if listeners are not concerned. */
export function changeOfQuery(query: RootOperationNode): NewChange | undefined {
  if (InsertQueryNode.is(query)) return changeOfInsert(query);
  if (UpdateQueryNode.is(query)) {
    const action = isSignOfLife(columnsOf(query.updates)) ? 'seen' : 'changed';
    return change(query.table, action, idOfCondition(query.where?.where));
  }
  if (DeleteQueryNode.is(query)) {
    return change(query.from.froms[0], 'deleted', idOfCondition(query.where?.where));
  }
  return undefined;
}

function changeOfInsert({ into, columns, values, onConflict }: InsertQueryNode): NewChange | undefined {
  // An insert that may become an update knows no id: the row that is there has another one.
  if (onConflict?.updates !== undefined) {
    return change(into, isSignOfLife(columnsOf(onConflict.updates)) ? 'seen' : 'changed', null);
  }
  const place = columns?.findIndex(({ column }) => column.name === 'id') ?? -1;
  return change(into, 'created', place < 0 ? null : idOfValues(values, place));
}

/** The columns with the time of a heartbeat or poll. */
const signs: ReadonlySet<string> = new Set([
  'last_polled',
  'last_activity_time',
  'last_heartbeat_time',
  'updated',
]);

function isSignOfLife(columns: readonly string[]): boolean {
  return columns.some((column) => column !== 'updated') && columns.every((column) => signs.has(column));
}

function columnsOf(updates: readonly ColumnUpdateNode[] = []): string[] {
  return updates.flatMap(({ column }) => (ColumnNode.is(column) ? [column.column.name] : []));
}

function change(
  table: OperationNode | undefined,
  action: NewChange['action'],
  id: string | null,
): NewChange | undefined {
  if (table === undefined || !TableNode.is(table)) return undefined;
  const kind = table.table.identifier.name;
  return isKind(kind) ? { kind, action, id, flow_run_id: kind === 'flow_run' ? id : null } : undefined;
}

function idOfValues(values: OperationNode | undefined, place: number): string | null {
  if (values === undefined || !ValuesNode.is(values)) return null;
  const [row, ...others] = values.values;
  if (row === undefined || others.length > 0) return null;
  if (PrimitiveValueListNode.is(row)) return textOrNull(row.values[place]);
  const value = row.values[place];
  return value !== undefined && ValueNode.is(value) ? textOrNull(value.value) : null;
}

/** The id in a condition such as `id = ?`, on its own or combined with others by AND. */
function idOfCondition(node: OperationNode | undefined): string | null {
  if (node === undefined) return null;
  if (AndNode.is(node)) return idOfCondition(node.left) ?? idOfCondition(node.right);
  if (!BinaryOperationNode.is(node)) return null;
  const { leftOperand: left, operator, rightOperand: right } = node;
  const isEqual = OperatorNode.is(operator) && operator.operator === '=';
  if (!isEqual || !isId(left) || !ValueNode.is(right)) return null;
  return textOrNull(right.value);
}

function isId(node: OperationNode): boolean {
  const column = ReferenceNode.is(node) ? node.column : node;
  return ColumnNode.is(column) && column.column.name === 'id';
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
