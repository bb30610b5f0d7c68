import type { PlannedCall } from '../../../local/fault-plan.ts';

type Attributes = Readonly<Record<string, { readonly S?: string }>>;

interface ItemAction {
  readonly Key?: Attributes;
  readonly Item?: Attributes;
}

/** Kinds of items without ids: `EMAIL/UNIQUE, USERNAME/UNIQUE`. */
export function entitiesOf({ service, input }: Pick<PlannedCall, 'service' | 'input'>): string {
  if (service !== 'dynamodb') return '';
  const { Key, Item, RequestItems, TransactItems, ExpressionAttributeValues } = input as {
    readonly Key?: Attributes;
    readonly Item?: Attributes;
    readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly Attributes[] }>>;
    readonly TransactItems?: readonly Readonly<Record<string, ItemAction>>[];
    readonly ExpressionAttributeValues?: Attributes;
  };
  if (Key !== undefined || Item !== undefined) return entityOf(Key ?? Item ?? {});
  if (RequestItems !== undefined) return listOf(Object.values(RequestItems).flatMap(({ Keys }) => Keys.map(entityOf)));
  if (TransactItems !== undefined) {
    return listOf(
      TransactItems.flatMap(Object.values<ItemAction>).map((action) => entityOf(action.Key ?? action.Item ?? {})),
    );
  }
  const { ':pk': pk, ':collection': collection, ':low': low, ':start': start } = ExpressionAttributeValues ?? {};
  return entityOf({ pk: pk ?? collection ?? {}, sk: low ?? start ?? {} });
}

function listOf(entities: readonly string[]): string {
  return [...new Set(entities)].sort().join(', ');
}

function entityOf({ pk, sk }: Attributes): string {
  const ofTenant = pk?.S?.replace(/^T#[^#]*#|^P#/, '') ?? '';
  // Sort keys of the search index begin with a time. Those of teams and agents are ids.
  const kinds = [ofTenant, sk?.S ?? ''].map((key) =>
    key
      .split('#')[0]
      ?.replace(/^\d+$/, 'time')
      .replace(/^[0-9A-Z]{26}$/, 'id'),
  );
  return kinds.join('/');
}
