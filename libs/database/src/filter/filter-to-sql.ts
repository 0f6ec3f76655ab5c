import {
  type AttributeDefinition,
  type AttributeTarget,
  type Comparable,
  type ResolvedFilter,
  ScimError,
  targetName,
} from '@cleanmail/scim';
import type { Dialect, SqlValue } from '../session/session.js';
import type { TenantId } from '../tenant-id.js';
import { compare } from './compare.js';
import type { FilterColumn, FilterColumns, FilterRelation } from './filter-columns.js';
import { type FilterPlace, lookUp } from './look-up.js';
import { jsonPath, jsonPresence, jsonScalar, typedText } from './json-access.js';
import { anyRow } from './relation-rows.js';
import { combine, type SqlCondition } from './sql-condition.js';

type Comparison = Extract<ResolvedFilter, { kind: 'comparison' }>;
type Present = Extract<ResolvedFilter, { kind: 'present' }>;
type ValuePath = Extract<ResolvedFilter, { kind: 'valuePath' }>;
type Leaf = Comparison | Present;

/**
 * Compiles a filter (RFC 7644 section 3.4.2.2) to a WHERE clause with placeholders for every value of the request.
 * @throws ScimError invalidFilter for an attribute that is kept in no form that could be compared.
 */
export function filterToSql(
  tenant: TenantId,
  filter: ResolvedFilter,
  dialect: Dialect,
  columns: FilterColumns,
): SqlCondition {
  return new Compiler({ tenant, dialect, columns }).compile(filter);
}

class Compiler {
  private elements = 0;

  private readonly dialect: Dialect;
  private readonly columns: FilterColumns;

  constructor(private readonly place: FilterPlace) {
    ({ dialect: this.dialect, columns: this.columns } = place);
  }

  compile(filter: ResolvedFilter): SqlCondition {
    return this.walk(
      filter,
      (leaf) => this.leaf(leaf),
      (valuePath) => this.valuePath(valuePath),
    );
  }

  /** A filter in brackets is about one element of a list; on a single complex attribute it is about its parts. */
  private valuePath({ filter, ...target }: ValuePath): SqlCondition {
    const relation = this.relationOf(target);
    if (relation !== undefined) {
      return this.anyRow(relation, filter);
    }
    return target.attribute.multiValued
      ? this.anyElement(target, filter)
      : combine('AND', [this.leaf({ kind: 'present', target }), this.compile(filter)]);
  }

  private walk(
    filter: ResolvedFilter,
    leaf: (leaf: Leaf) => SqlCondition,
    valuePath: (valuePath: ValuePath) => SqlCondition,
  ): SqlCondition {
    switch (filter.kind) {
      case 'and':
      case 'or':
        return combine(
          filter.kind === 'and' ? 'AND' : 'OR',
          filter.operands.map((operand) => this.walk(operand, leaf, valuePath)),
        );
      case 'not': {
        const { sql, parameters } = this.walk(filter.operand, leaf, valuePath);
        return { sql: `NOT ${sql}`, parameters };
      }
      case 'comparison':
      case 'present':
        return leaf(filter);
      case 'valuePath':
        return valuePath(filter);
    }
  }

  private leaf(leaf: Leaf): SqlCondition {
    const name = targetName(leaf.target);
    const column = this.columns.columns.get(name);
    if (column !== undefined) {
      return leaf.kind === 'present' ? present(column.expression) : this.compareColumn(leaf, column);
    }
    if (this.columns.unfilterable.has(name)) {
      throw ScimError.invalidFilter(`The attribute "${name}" cannot be filtered.`);
    }
    const relation = this.relationOf(leaf.target);
    if (relation !== undefined) {
      return this.anyRow(relation, leaf);
    }
    const isAboutElements =
      leaf.target.attribute.multiValued && (leaf.kind === 'comparison' || leaf.target.subAttribute !== undefined);
    return isAboutElements ? this.anyElement(leaf.target, leaf) : this.single(leaf);
  }

  private compareColumn({ operator, value }: Comparison, { expression, kind }: FilterColumn): SqlCondition {
    const operand = kind === 'instant' ? Date.parse(String(value)) : kind === 'boolean' ? Number(value) : value;
    return compare(this.dialect, operator, { expression, value: operand });
  }

  private single(leaf: Leaf): SqlCondition {
    const { schema, attribute, subAttribute } = leaf.target;
    const path = jsonPath(
      ...(schema === undefined ? [] : [schema]),
      attribute.name,
      ...(subAttribute === undefined ? [] : [subAttribute.name]),
    );
    if (leaf.kind === 'present') {
      return present(jsonPresence(this.dialect, this.columns.document, path));
    }
    const simple = subAttribute ?? attribute;
    return this.compareJson(leaf, jsonScalar(this.dialect, this.columns.document, path, simple), simple);
  }

  private compareJson(
    { operator, value }: Comparison,
    expression: string,
    attribute: AttributeDefinition,
  ): SqlCondition {
    return compare(this.dialect, operator, { expression, value: jsonOperand(this.dialect, value, attribute) });
  }

  private relationOf({ schema, attribute }: AttributeTarget): FilterRelation | undefined {
    return schema === undefined ? this.columns.relations?.get(attribute.name) : undefined;
  }

  /** Whether any row of the relation satisfies a filter on its parts. */
  private anyRow(relation: FilterRelation, filter: ResolvedFilter): SqlCondition {
    const condition = this.walk(
      filter,
      (leaf) => this.rowLeaf(leaf, relation),
      (valuePath) => this.anyRow(relation, valuePath.filter),
    );
    return anyRow(relation, filter, condition, this.place);
  }

  private rowLeaf(leaf: Leaf, { columns }: FilterRelation): SqlCondition {
    const { subAttribute } = leaf.target;
    const column = subAttribute === undefined ? undefined : columns.get(subAttribute.name);
    if (subAttribute === undefined && leaf.kind === 'present') {
      return { sql: '1 = 1', parameters: [] };
    }
    if (column === undefined) {
      throw ScimError.invalidFilter(`The attribute "${targetName(leaf.target)}" cannot be filtered.`);
    }
    return leaf.kind === 'present' ? present(column.expression) : this.compareColumn(leaf, column);
  }

  /** Whether any element of a multi-valued attribute satisfies a filter on its parts. */
  private anyElement({ schema, attribute }: AttributeTarget, filter: ResolvedFilter): SqlCondition {
    const alias = `e${(this.elements += 1)}`;
    const path = [...(schema === undefined ? [] : [schema]), attribute.name];
    const exact =
      this.dialect === 'sqlite' ? this.sqliteElements(alias, path, filter) : this.mysqlElements(alias, path, filter);
    const found = lookUp(filter, this.place);
    return found === undefined ? exact : combine('AND', [found, exact]);
  }

  private sqliteElements(alias: string, path: readonly string[], filter: ResolvedFilter): SqlCondition {
    const expression = ({ subAttribute }: AttributeTarget) =>
      subAttribute === undefined ? `${alias}.value` : `json_extract(${alias}.value, ${jsonPath(subAttribute.name)})`;
    const where = this.elementCondition(filter, expression, (text) => text);
    return {
      sql: `EXISTS (SELECT 1 FROM json_each(${this.columns.document}, ${jsonPath(...path)}) ${alias} WHERE ${where.sql})`,
      parameters: where.parameters,
    };
  }

  private mysqlElements(alias: string, path: readonly string[], filter: ResolvedFilter): SqlCondition {
    const names = new Map<string, string>();
    const expression = ({ subAttribute }: AttributeTarget) => {
      const elementPath = subAttribute === undefined ? "'$'" : jsonPath(subAttribute.name);
      const column = names.get(elementPath) ?? `c${names.size}`;
      names.set(elementPath, column);
      return `${alias}.${column}`;
    };
    const where = this.elementCondition(filter, expression, typedText);
    const columns = [...names].map(
      ([elementPath, column]) => `${column} LONGTEXT CHARACTER SET utf8mb4 PATH ${elementPath}`,
    );
    const rows = `${jsonPath(...path).slice(0, -1)}[*]'`;
    // Counted, because MySQL 9 turns EXISTS into a semijoin that reads the elements of one row for all rows.
    return {
      sql: `(0 < (SELECT COUNT(*) FROM JSON_TABLE(${this.columns.document}, ${rows} COLUMNS (${columns.join(', ')})) ${alias} WHERE ${where.sql}))`,
      parameters: where.parameters,
    };
  }

  private elementCondition(
    filter: ResolvedFilter,
    expression: (target: AttributeTarget) => string,
    typed: (text: string, attribute: AttributeDefinition) => string,
  ): SqlCondition {
    return this.walk(
      filter,
      (leaf) => {
        const part = expression(leaf.target);
        const simple = leaf.target.subAttribute ?? leaf.target.attribute;
        return leaf.kind === 'present' ? present(part) : this.compareJson(leaf, typed(part, simple), simple);
      },
      ({ filter: inner }) => this.elementCondition(inner, expression, typed),
    );
  }
}

function present(expression: string): SqlCondition {
  return { sql: `(${expression} IS NOT NULL)`, parameters: [] };
}

/** SQLite takes booleans out of JSON as 0 and 1, MySQL as the words. */
function jsonOperand(dialect: Dialect, value: Comparable, { type }: AttributeDefinition): SqlValue {
  return type === 'boolean' && dialect === 'mysql' ? String(value) : value;
}
